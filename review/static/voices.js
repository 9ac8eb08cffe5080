// Who is who: three samples of each voice, a name typed once, two joined, "more than one person".

import { $, CASE, alarm, ask, clock, doing, el, hue, news, onNews, say } from "/static/base.js";

const audio = $("audio");
let meeting = null, stopAt = null, playing = null, last = 0;
const roles = new Map([...$("people").options].map((o) => [o.value, o.textContent]));

async function load() {
  meeting = await ask(`/api/c/${CASE}/meeting`);
  last = (await ask(`/api/c/${CASE}/pulse?heard=1000000`)).last;
  draw();
}
function draw() {
  const held = document.activeElement?.id;
  $("rough").hidden = !meeting.rough;
  $("undo").disabled = !last;
  $("voices").replaceChildren(...meeting.voices.map(voice));
  if (held) $(held)?.focus();
}
function voice(v, n) {
  const card = el("li", { class: "voice" });
  card.style.setProperty("--voice", hue(n));
  const time = v.seconds >= 60 ? `${Math.round(v.seconds / 60)} min` : `${v.seconds} s`;
  card.append(
    el("div", { class: "voice-head" }, el("h2", {}, v.shown), el("p", { class: "small" }, `${v.lines === 1 ? "1 line" : `${v.lines} lines`}, ${time}`)),
    el("div", { class: "samples" }, ...v.samples.map((s, i) => sample(v, s, i))),
    el("div", { class: "voice-fields" },
      field(`name-${n}`, "Name", { value: v.name, list: "people", placeholder: "Who is this?" }, (value) => decide({ act: "name_voice", voice: v.label, name: value }, value ? `Named ${value}.` : "Name taken away.")),
      field(`role-${n}`, "Role", { value: roles.get(v.name) ?? "", list: "roles", placeholder: v.name ? "For example: case manager" : "Name first", disabled: !v.name }, async (value) => {
        roles.set(v.name, value);
        await ask(`/api/c/${CASE}/facts`, { roles: { [v.name]: value } });
        say("Noted.");
      }),
      el("div", { class: "field" }, el("label", { for: `join-${n}` }, "Same person as"), joiner(v, n))),
    el("label", { class: "check" }, el("input", { type: "checkbox", id: `several-${n}`, checked: v.several, onchange: (e) => doing(() => decide({ act: "several_people", voice: v.label, several: e.target.checked }, e.target.checked ? "Nobody is named by these lines." : "One person.")) }),
      "More than one person is heard here"));
  return card;
}
function sample(v, s, i) {
  return el("div", { class: "sample" },
    el("button", { "aria-label": `Play sample ${i + 1} of ${v.shown}`, disabled: s.a === null, onclick: (e) => play(s, e.currentTarget) }, "▶"),
    el("p", {}, s.text));
}
function field(id, words, attributes, changed) {
  return el("div", { class: "field" }, el("label", { for: id }, words),
    el("input", { id, autocomplete: "off", onchange: (e) => doing(() => changed(e.target.value.trim())), ...attributes }));
}
function joiner(v, n) {
  const others = meeting.voices.filter((o) => o.label !== v.label);
  return el("select", { id: `join-${n}`, disabled: !others.length, onchange: (e) => {
    if (e.target.value) doing(() => decide({ act: "merge_voices", voice: v.label, into: e.target.value }, "Joined. Undo takes them apart again."));
  } }, el("option", { value: "" }, "nobody else"), ...others.map((o) => el("option", { value: o.label }, o.shown)));
}
async function decide(body, words) {
  try {
    await ask(`/api/c/${CASE}/decide`, body);
  } catch (trouble) {
    alarm(trouble);
    return load();
  }
  if (words) say(words);
  news();
  return load();
}

function play(s, button) {
  if (playing === button && !audio.paused) return audio.pause();
  playing?.classList.remove("playing");
  playing = button;
  button.classList.add("playing");
  stopAt = Math.min(s.b ?? s.a + 12, s.a + 12);
  audio.currentTime = s.a;
  return doing(async () => { try { await audio.play(); } catch (e) { if (e.name !== "AbortError") throw e; } });
}
audio.addEventListener("timeupdate", () => { if (stopAt !== null && audio.currentTime >= stopAt) audio.pause(); });
audio.addEventListener("pause", () => playing?.classList.remove("playing"));
let fellBack = false;
audio.addEventListener("error", () => {
  if (fellBack) return alarm(new Error("The recording cannot be played. Is it still in the case folder?"));
  fellBack = true;
  audio.src = `/api/c/${CASE}/sound?as=wav`;
});
audio.src = `/api/c/${CASE}/sound`;

$("undo").addEventListener("click", () => doing(() => decide({ act: "undo" }, "Taken back.")));
$("onward").addEventListener("click", () => doing(async () => {
  $("onward").disabled = true;
  $("finding").textContent = "Looking for promises and refusals…";
  await ask(`/api/c/${CASE}/find`, {});
  const timer = setInterval(async () => {
    const { job } = await ask(`/api/c/${CASE}/pulse?heard=1000000`);
    if (job.running) return;
    clearInterval(timer);
    if (job.stage === "done") location.href = `/c/${CASE}/review`;
    else { $("finding").textContent = job.trouble ? job.trouble.join(" ") : ""; $("onward").disabled = false; }
  }, 300);
}));
onNews(() => load().catch(() => {}));
doing(load).then(() => (document.body.dataset.ready = "yes"));
