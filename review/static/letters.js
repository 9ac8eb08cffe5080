// The letters: read with the proof of each sentence, edited in place, addressed, downloaded, copied, sent once.

import { $, CASE, Trouble, alarm, ask, clock, doing, el, news, onNews, readyTerms, say, show, withTerms } from "/static/base.js";

let letters = [], people = [], findings = new Map(), current = null, adding = null;
const audio = $("audio");
let stopAt = null;

async function load() {
  const [told, view] = await Promise.all([ask(`/api/c/${CASE}/letters`), ask(`/api/c/${CASE}/findings`)]);
  letters = told.letters;
  people = told.people;
  findings = new Map(view.findings.map((f) => [f.id, f]));
  const wanted = decodeURIComponent(location.hash.slice(1));
  current = [current, wanted].find((id) => letters.some((x) => x.id === id)) ?? letters[0]?.id ?? null;
  draw();
}
const letter = () => letters.find((x) => x.id === current);
const OUTCOME = { sent: "✓ Sent", unknown: "Perhaps sent", failed: "Not sent", sending: "Being sent" };

function draw() {
  $("list").replaceChildren(...letters.map((x) => el("li", {},
    el("button", { "aria-current": x.id === current ? "true" : null, onclick: () => open(x.id) },
      el("span", {}, x.subject), x.sent ? el("span", { class: "small" }, OUTCOME[x.sent.outcome]) : x.edited ? el("span", { class: "small" }, "In your words") : null))));
  const x = letter();
  $("letter").hidden = !x;
  if (!x) return;
  $("subject").textContent = x.subject;
  chips("to", x);
  chips("cc", x);
  $("body").replaceChildren(...x.blocks.map(block));
  $("lacks").hidden = !x.missing.length;
  $("lacks").replaceChildren("Still to fill in: ", ...x.missing.flatMap((m, i) => [i ? "; " : "", m]), ".");
  $("rough").hidden = !x.rough;
  $("stale").hidden = !x.stale;
  $("differs").textContent = x.differs;
  outcome(x);
  for (const form of ["docx", "pdf", "eml"]) $(`as-${form}`).href = `/api/c/${CASE}/letters/${encodeURIComponent(x.id)}/file.${form}`;
  $("editor").hidden = true;
  $("body").hidden = $("acts").hidden = false;
}
function outcome(x) {
  const box = $("outcome"), s = x.sent;
  box.hidden = !s;
  $("send").hidden = s?.outcome === "sent";
  $("edit").hidden = s?.outcome === "sent";
  if (!s) return;
  box.className = s.outcome === "sent" ? "good" : "note";
  const to = [...s.to, ...s.cc].join(", ");
  box.replaceChildren({
    sent: `Sent ${s.when} to ${to}. A copy is kept in the case.`,
    failed: `It did not go out (${s.when}). The letter is still ready. ${s.reply}`,
    sending: "It is being sent right now.",
    unknown: `Nobody knows whether it went out: the connection broke off (${s.when}). Look into the Sent folder of your mailbox, or ask ${s.to.join(", ")}. It is not sent again unless you say so.`,
  }[s.outcome]);
}
function open(id) {
  current = id;
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  closeProof();
  draw();
  $("letter").scrollIntoView({ block: "nearest" });
}

function block(b) {
  const kind = { heading: "heading", quote: "quoted", closing: "closing", item: b.level ? "item inner" : "item" }[b.kind] ?? null;
  const nodes = b.sentences.flatMap((s, i) => [i ? " " : "", sentence(s)]);
  return el("p", { class: kind, "data-mark": b.kind === "item" ? (b.number ? `${b.number}.` : "•") : null }, ...nodes);
}
function sentence(s) {
  if (!s.ids.length && !s.law.length) return s.text;
  return el("span", { class: "sentence", role: "button", tabindex: "0", "aria-expanded": "false", "aria-controls": "proof",
    onclick: (e) => proof(s, e.currentTarget), onkeydown: (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); proof(s, e.currentTarget); } } }, s.text);
}

// --- proof ---
function proof(s, pressed) {
  closeProof();
  pressed.setAttribute("aria-expanded", "true");
  const parts = s.ids.map((id) => findings.get(id)).filter(Boolean).flatMap((f) => [
    el("h3", {}, `${f.word}${f.owner ? ` by ${f.owner}` : ""}`),
    ...f.said.map((q) => el("blockquote", { class: "quote" }, `“${q.text}”`, el("span", { class: "small" }, ` ${q.who ?? "Somebody"}${q.a === null ? "" : `, ${clock(q.a)}`}`))),
    el("div", { class: "row" },
      f.a === null ? null : el("button", { class: "hear", onclick: () => hear(f) }, `▶ Listen at ${f.clock}`),
      el("a", { href: `/c/${CASE}/review#${encodeURIComponent(f.id)}` }, "In the review"))]);
  if (s.law.length) parts.push(el("h3", {}, "The law"), ...s.law.map((x) => el("p", {}, ...withTerms(x))));
  $("proof-body").replaceChildren(...parts);
  $("proof").hidden = false;
  $("proof").focus({ preventScroll: true });
}
function closeProof() {
  for (const on of document.querySelectorAll('.sentence[aria-expanded="true"]')) on.setAttribute("aria-expanded", "false");
  $("proof").hidden = true;
}
function back() {
  const from = document.querySelector('.sentence[aria-expanded="true"]');
  closeProof();
  from?.focus();
}
$("proof-close").addEventListener("click", back);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("proof").hidden && !document.querySelector("dialog[open]")) back(); });
function hear(f) {
  if (!audio.getAttribute("src")) audio.src = `/api/c/${CASE}/sound`;
  stopAt = f.b + 0.6;
  audio.currentTime = Math.max(0, f.a - 0.6);
  doing(async () => { try { await audio.play(); } catch (e) { if (!["AbortError", "NotSupportedError"].includes(e.name)) throw e; } });
  if (!f.heard) ask(`/api/c/${CASE}/decide`, { act: "heard", id: f.id }).then(() => { f.heard = true; news(); }).catch(() => {});
}
audio.addEventListener("timeupdate", () => { if (stopAt !== null && audio.currentTime >= stopAt) audio.pause(); });
audio.addEventListener("error", () => {
  if (audio.src.endsWith("as=wav")) return alarm(new Trouble("The recording cannot be played.", "Is it still in the case folder?"));
  audio.src = `/api/c/${CASE}/sound?as=wav`;
});

// --- editing ---
$("edit").addEventListener("click", () => {
  $("own").value = letter().text;
  $("editor").hidden = false;
  $("body").hidden = $("acts").hidden = true;
  $("own").focus();
});
$("edit-cancel").addEventListener("click", () => { draw(); $("edit").focus(); });
$("edit-draft").addEventListener("click", () => doing(() => keepWords("")));
$("to-draft").addEventListener("click", () => doing(() => keepWords("")));
$("bring-in").addEventListener("click", () => doing(async () => {
  await ask(`/api/c/${CASE}/letters/${encodeURIComponent(current)}/bring-in`, {});
  await load();
  news();
  say("Brought into your words. Where both changed, yours stand.");
}));
$("editor").addEventListener("submit", (event) => {
  event.preventDefault();
  doing(() => keepWords($("own").value));
});
async function keepWords(text) {
  await ask(`/api/c/${CASE}/letters/${encodeURIComponent(current)}/edit`, { text });
  await load();
  news();
  say(text ? "Your words are kept." : "Back to the draft.");
  $("edit").focus();
}

// --- who gets it ---
function chips(which, x) {
  $(which).replaceChildren(...x[which].map((p, i) => el("li", { class: p.email ? null : "lacks" },
    `${p.name && p.name !== p.email ? `${p.name}${p.email ? ` · ${p.email}` : " · no address yet"}` : p.email}`,
    x.sent?.outcome === "sent" ? null : el("button", { "aria-label": `Take ${p.name || p.email} off`, onclick: () => doing(() => address({ ...x, [which]: x[which].filter((_, j) => j !== i) })) }, "✕"))));
  $(`add-${which}`).hidden = x.sent?.outcome === "sent";
}
async function address(x) {
  const clean = (list) => list.filter((p) => p.email).map((p) => ({ email: p.email, name: p.name, role: p.role ?? "" }));
  await ask(`/api/c/${CASE}/letters/${encodeURIComponent(x.id)}/address`, { to: clean(x.to), cc: clean(x.cc) });
  await load();
  news();
}
for (const which of ["to", "cc"]) {
  $(`add-${which}`).addEventListener("click", () => {
    adding = which;
    const x = letter(), used = new Set([...x.to, ...x.cc].map((p) => p.email));
    $("known").replaceChildren(...people.filter((p) => !used.has(p.email)).map((p) =>
      el("label", {}, el("input", { type: "radio", name: "known", value: p.email, onchange: () => { $("person-name").value = p.name; $("person-role").value = p.role; $("person-email").value = p.email; } }),
        el("span", {}, `${p.name}${p.role ? `, ${p.role}` : ""} · ${p.email}`))));
    const lacks = x[which].find((p) => !p.email);
    $("person-name").value = lacks?.name ?? "";
    $("person-email").value = "";
    $("person-role").value = lacks?.role ?? "";
    show("person-trouble", null);
    $("person").showModal();
    $("person-email").focus();
  });
}
$("person-form").addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    const x = letter(), new_ = { name: $("person-name").value.trim(), email: $("person-email").value.trim(), role: $("person-role").value.trim() };
    try {
      const rest = x[adding].filter((p) => p.email || p.name !== new_.name);
      await address({ ...x, [adding]: [...rest, new_] });
      $("person").close();
    } catch (trouble) {
      show("person-trouble", trouble);
    }
  });
});

// --- copying and sending ---
$("copy").addEventListener("click", () => doing(async () => {
  const x = letter(), text = `${x.subject}\n\n${(await shown(x)).text}`;
  try {
    await navigator.clipboard.writeText(text);
    say("Copied. Paste it into your mail.");
  } catch {
    throw new Trouble("The browser did not let this page copy.", "Press Edit and copy the words there.");
  }
}));
const shown = (x) => ask(`/api/c/${CASE}/letters/${encodeURIComponent(x.id)}/shown`);
let looked = null;
$("send").addEventListener("click", () => doing(async () => {
  const x = letter();
  looked = await shown(x);
  const names = (list) => list.map((p) => (p.name && p.name !== p.email ? `${p.name} <${p.email || "no address"}>` : p.email)).join(", ") || "nobody";
  $("shown-from").textContent = looked.from || "not set up";
  $("shown-to").textContent = names(looked.to);
  $("shown-cc").textContent = names(looked.cc);
  $("shown-subject").textContent = looked.subject;
  $("shown-text").textContent = looked.text;
  $("no-mailbox").hidden = Boolean(looked.from);
  const doubt = x.sent?.outcome === "unknown";
  $("again-line").hidden = !doubt;
  $("again").checked = false;
  $("send-now").disabled = !looked.from || !looked.to.some((p) => p.email);
  show("send-trouble", looked.to.some((p) => p.email) ? null : new Trouble("Nobody gets this letter yet.", "Close this and add somebody with a mail address."));
  $("sending").showModal();
}));
$("send-form").addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    $("send-now").disabled = true;
    $("send-now").textContent = "Sending…";
    try {
      await ask(`/api/c/${CASE}/letters/${encodeURIComponent(current)}/send`, {
        text: looked.text, to: looked.to.map((p) => p.email), cc: looked.cc.map((p) => p.email), again: $("again").checked });
      $("sending").close();
    } catch (trouble) {
      show("send-trouble", trouble);
    } finally {
      $("send-now").disabled = false;
      $("send-now").textContent = "Send now";
      await load();
      news();
      if (!$("sending").open) {
        $("outcome").scrollIntoView({ block: "center" });
        $("copy").focus({ preventScroll: true });
      }
    }
  });
});

$("facts").addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    await ask(`/api/c/${CASE}/facts`, Object.fromEntries(new FormData($("facts"))));
    await load();
    say("Put into the letters.");
  });
});
onNews(() => { if ($("editor").hidden && !document.querySelector("dialog[open]")) load().catch(() => {}); });
addEventListener("hashchange", () => { const id = decodeURIComponent(location.hash.slice(1)); if (letters.some((x) => x.id === id)) open(id); });
doing(async () => { await readyTerms(); await load(); document.body.dataset.ready = "yes"; });
