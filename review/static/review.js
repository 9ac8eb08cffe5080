// The review: findings, words and sound held together; every key; the dialogs.

import { $, CASE, alarm, anyDialog, ask, clock, doing, el, news, onNews, readyTerms, say, settings, show } from "/static/base.js";
import * as player from "/static/player.js";
import * as text from "/static/text.js";
import { cardFor, draw, listOf, put, shown, state } from "/static/cards.js";

let voiced = 0, busy = false, adding = null;
const LEAD = 0.6;

// --- loading, and staying in step ---
async function loadWords() {
  const meeting = await ask(`/api/c/${CASE}/meeting`);
  text.fill(meeting);
  player.sound.duration = meeting.duration || 0;
  if ($("total")) $("total").textContent = meeting.duration ? `/ ${clock(meeting.duration)}` : "";
  const chooser = $("line-voice");
  chooser.replaceChildren(...meeting.voices.map((v) => el("option", { value: v.label }, v.shown)),
    el("option", { value: "new" }, "Somebody else"), el("option", { value: "" }, "I cannot tell"));
  const people = new Set([...$("people").options].map((o) => o.value));
  for (const v of meeting.voices) if (v.name && !people.has(v.name)) $("people").append(el("option", { value: v.name }));
}
async function loadFindings() {
  put(await ask(`/api/c/${CASE}/findings`));
  marks();
}
const marks = () => player.setMarks(state.findings, text.words.turns, state.byId.get(state.current));

async function refresh() {
  const pulse = await ask(`/api/c/${CASE}/pulse?heard=1000000`);
  if (pulse.last === state.last && pulse.voiced === voiced) return;
  if (pulse.voiced !== voiced) { voiced = pulse.voiced; await loadWords(); }
  await loadFindings();
}
onNews(() => { if (!busy) refresh().catch(() => {}); });
setInterval(() => { if (!busy && document.visibilityState === "visible") refresh().catch(() => {}); }, 1500);

// --- deciding: shown only after it is on the disk ---
async function decide(body, words) {
  busy = true;
  try {
    const told = await ask(`/api/c/${CASE}/decide`, body);
    put(told.case);
    marks();
    if (words) say(words);
    news();
    return told.did;
  } catch (trouble) {
    alarm(trouble);
    return undefined;
  } finally {
    busy = false;
  }
}

export function select(id, { focus = true, scroll = true } = {}) {
  const finding = state.byId.get(id);
  if (!finding) return;
  if (listOf(finding) === 1) $("doubtful").open = true;
  if (listOf(finding) === 2) $("past").open = true;
  if (state.current !== id) {
    state.current = id;
    draw();
  }
  marks();
  text.showProof(finding, scroll);
  const card = cardFor(id);
  if (focus) card?.querySelector("h3 button").focus({ preventScroll: true });
  if (scroll) card?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = shown(), at = all.findIndex((f) => f.id === state.current);
  const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
  if (next) select(next.id);
}
function onward(from) {
  const all = shown(), at = all.findIndex((f) => f.id === from);
  const next = all.slice(at + 1).find((f) => f.verdict === "open") ?? all.find((f) => f.verdict === "open");
  if (next) select(next.id);
  else say("Every one is decided. Go on to the letters.");
}

function listen(id) {
  const f = state.byId.get(id);
  if (!f || f.a === null) return say("This transcript has no times, so there is nothing to play.");
  player.hear(Math.max(0, f.a - LEAD), f.b + LEAD);
  if (!f.heard) decide({ act: "heard", id });
}
async function keep(id, go) {
  const f = state.byId.get(id);
  if (!f) return;
  if (!f.heard && f.a !== null && f.said.some((s) => s.d)) {
    listen(id);
    return say("These words are unsure. Listen, then press Keep again.");
  }
  const where = placeAfter(id);
  if ((await decide({ act: "keep", ids: [id] }, "Kept.")) && go) where();
}
async function drop(id, go) {
  const where = placeAfter(id);
  if ((await decide({ act: "drop", ids: [id] }, "Left out of the letters.")) && go) where();
}
/** Where to go on after a decision: worked out before it, for a filter may take the card away. */
function placeAfter(id) {
  const all = shown(), at = all.findIndex((f) => f.id === id);
  const next = all.slice(at + 1).find((f) => f.verdict === "open") ?? all.find((f) => f.verdict === "open" && f.id !== id);
  return () => (next ? select(next.id) : onward(id));
}
async function undo() {
  const did = await decide({ act: "undo" });
  if (!did) return;
  say(did.undone ? "Taken back." : "There is nothing to take back.");
  if (did.undone) { const pulse = await ask(`/api/c/${CASE}/pulse?heard=1000000`); if (pulse.voiced !== voiced) { voiced = pulse.voiced; await loadWords(); } }
  if (did.id && state.byId.has(did.id)) select(did.id);
}

const ACTS = {
  select: (id) => select(id, { scroll: true }),
  hear: (id) => { select(id, { focus: false }); listen(id); },
  keep: (id) => keep(id, false),
  drop: (id) => drop(id, false),
  goto: (id, pressed) => select(pressed.dataset.to),
  mend: (id) => edit(id),
  join: (id) => join(id),
  split: async (id) => { const did = await decide({ act: "split", id }, "Taken apart."); if (did) select(did.id); },
  reset: (id) => decide({ act: "reset", id }, "As it was found."),
  day: (id, pressed) => decide({ act: "mend", id, due_on: pressed.dataset.day }, "Day settled, and kept."),
};
for (const list of ["list", "doubtful-list", "past-list"]) {
  $(list).addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-do]"), card = event.target.closest(".card");
    if (!card) return;
    if (pressed) doing(() => ACTS[pressed.dataset.do](card.dataset.id, pressed));
    else if (!event.target.closest("details, .term") && !String(getSelection())) ACTS.hear(card.dataset.id);
  });
}
$("undo").addEventListener("click", () => doing(undo));

// --- changing one, adding one ---
const form = $("edit-form");
const kindOf = () => form.querySelector('[name="kind"]:checked')?.value;
form.addEventListener("change", () => {
  $("about-field").hidden = kindOf() !== "denial";
  const day = form.querySelector('[name="day"]:checked')?.value;
  $("other-day-field").hidden = day !== "other";
});
function days(due) {
  const had = due?.on, choices = [];
  const readings = new Map((due?.candidates ?? []).map((c) => [c.on, c.words]));
  for (const [on, words] of readings) choices.push([on, words]);
  choices.push(["other", "Another day"], ["", due?.phrase ? `No day fixed (“${due.phrase}”)` : "No day"]);
  $("day-choices").replaceChildren(...choices.map(([value, words]) =>
    el("label", {}, el("input", { type: "radio", name: "day", value, checked: value === (had ?? (readings.size ? null : "")) }), el("span", {}, words))));
  $("edit-day").value = had ?? "";
  $("other-day-field").hidden = true;
}
function openForm(title, save, f) {
  $("edit-title").textContent = title;
  $("edit-save").textContent = save;
  $("edit-quote").textContent = `“${f.quote}”`;
  form.querySelector(`[name="kind"][value="${f.kind}"]`).checked = true;
  $("edit-owner").value = f.owner ?? "";
  $("edit-action").value = f.action;
  $("edit-condition").value = f.condition ?? "";
  $("edit-about").value = f.about ?? "fape";
  $("about-field").hidden = f.kind !== "denial";
  $("edit-condition").closest(".field").hidden = Boolean(adding);
  days(f.due);
  show("edit-trouble", null);
  $("edit").showModal();
  $("edit-action").focus();
}
function edit(id) {
  const f = state.byId.get(id);
  if (!f) return;
  adding = null;
  select(id, { focus: false });
  openForm("Change this finding", "Keep as changed", f);
}
function add() {
  const m = text.marked() ?? text.wholeLine(text.words.at);
  if (!text.words.turns.length) return;
  adding = m;
  const turn = text.words.turns[m.first_turn];
  openForm("Add a finding", "Add it", { quote: text.markedWords(m), kind: "commitment", owner: turn.v === null ? "" : text.nameOf(turn), action: "", due: null, condition: "", about: null });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    const day = form.querySelector('[name="day"]:checked')?.value;
    const dueOn = day === "other" ? $("edit-day").value || "" : day;
    const had = state.byId.get(state.current);
    let did;
    if (adding) {
      did = await decide({ act: "add", ...adding, kind: kindOf(), action: $("edit-action").value, owner: $("edit-owner").value, due_on: dueOn || "" }, "Added.");
    } else {
      const change = { act: "mend", id: had.id, kind: kindOf(), action: $("edit-action").value };
      if ($("edit-owner").value !== (had.owner ?? "")) change.owner = $("edit-owner").value;
      if ($("edit-condition").value !== (had.condition ?? "")) change.condition = $("edit-condition").value;
      if (dueOn !== undefined && dueOn !== (had.due?.on ?? (had.due?.candidates.length ? undefined : ""))) change.due_on = dueOn;
      if (change.kind === "denial") change.about = $("edit-about").value;
      did = await decide(change, "Kept as changed.");
    }
    if (!did) return;
    $("edit").close();
    getSelection().removeAllRanges();
    if (adding) select(did.id); else if (had) select(had.id);
    adding = null;
  });
});

function join(id) {
  const others = state.findings.filter((f) => f.id !== id && f.verdict !== "dropped");
  const here = state.findings.findIndex((f) => f.id === id);
  const near = others.map((f) => [Math.abs(state.findings.indexOf(f) - here), f]).sort((a, b) => a[0] - b[0]).slice(0, 12).map((x) => x[1]);
  $("join-list").replaceChildren(...near.sort((a, b) => state.findings.indexOf(a) - state.findings.indexOf(b)).map((f) =>
    el("label", {}, el("input", { type: "checkbox", value: f.id }), el("span", {}, `${f.word}${f.clock ? `, ${f.clock}` : ""}: ${f.action}`))));
  $("join").showModal();
}
$("join-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const ids = [...$("join-list").querySelectorAll(":checked")].map((x) => x.value);
  if (!ids.length) return $("join").close();
  doing(async () => {
    const did = await decide({ act: "merge", ids: [state.current, ...ids] }, "Put together.");
    $("join").close();
    if (did) select(did.id);
  });
});

// --- one line of the words ---
function correct() {
  const turn = text.words.turns[text.words.at];
  if (!turn) return;
  $("line-text").value = turn.t;
  $("line-voice").value = turn.v === null ? "" : text.words.voices[turn.v].label;
  $("line-heard").textContent = turn.h === undefined ? "" : `Heard as: “${turn.h}”`;
  $("line-more").checked = false;
  show("line-trouble", null);
  $("line").showModal();
}
$("line-form").addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    const i = text.words.at, turn = text.words.turns[i], voice = $("line-voice").value;
    const had = turn.v === null ? "" : text.words.voices[turn.v].label;
    if ($("line-text").value.trim() !== turn.t) await decide({ act: "correct_line", turn: i, text: $("line-text").value });
    if (voice !== had) {
      const lines = [i];
      while ($("line-more").checked && text.words.turns[lines.at(-1) + 1]?.v === turn.v) lines.push(lines.at(-1) + 1);
      await decide({ act: "move_lines", turns: lines, voice: voice || null });
    }
    $("line").close();
    await loadWords();
    text.current(i);
    say("Put right.");
  });
});

// --- marking words ---
const floating = $("add-marked");
document.addEventListener("selectionchange", () => {
  const m = text.marked();
  floating.hidden = !m;
  if (!m) return;
  const box = getSelection().getRangeAt(0).getBoundingClientRect();
  floating.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 190))}px`;
  floating.style.top = `${Math.min(box.bottom + 8, innerHeight - 60)}px`;
});
floating.addEventListener("mousedown", (event) => event.preventDefault());
floating.addEventListener("click", add);

// --- tools ---
$("find").addEventListener("input", () => { state.wanted = $("find").value.trim().toLowerCase(); draw(); });
$("filter").addEventListener("change", () => { state.filter = $("filter").value; draw(); });
$("find-text").addEventListener("input", () => text.search($("find-text").value));
$("find-text").addEventListener("keydown", (event) => {
  if (event.key === "Enter") { text.search($("find-text").value, event.shiftKey ? -1 : 1); event.preventDefault(); }
});
const side = (showText) => {
  document.querySelector("main").classList.toggle("showing-text", showText);
  $("show-text").setAttribute("aria-pressed", String(showText));
  $("show-findings").setAttribute("aria-pressed", String(!showText));
  if (showText) text.words.rows[text.words.at]?.scrollIntoView({ block: "center" });
};
$("show-text").addEventListener("click", () => side(true));
$("show-findings").addEventListener("click", () => side(false));

// --- keys ---
const KEYS = {
  j: () => step(1), k: () => step(-1),
  y: () => keep(state.current, true), x: () => drop(state.current, true), e: () => edit(state.current), u: undo,
  m: () => join(state.current), s: () => ACTS.split(state.current),
  a: add, c: correct, l: () => player.setLoop(!player.sound.loop),
  " ": player.toggle, ArrowLeft: () => player.skip(-5), ArrowRight: () => player.skip(5),
  "[": () => player.faster(-1), "]": () => player.faster(1),
  d: () => { $("doubtful").open = !$("doubtful").open; },
  t: () => {
    const inText = document.activeElement?.closest(".said");
    side(!inText);
    if (inText) cardFor(state.current)?.querySelector("h3 button").focus(); else text.current(text.words.at);
  },
  "/": () => (document.activeElement?.closest(".said") ? $("find-text") : $("find")).focus(),
  Enter: () => listen(state.current),
};
document.addEventListener("keydown", (event) => {
  if (!settings.keys || anyDialog() || event.ctrlKey || event.metaKey || event.altKey) return;
  const on = event.target;
  if (on.closest("input, textarea, select")) {
    if (event.key === "Escape") { on.blur(); }
    return;
  }
  if ((event.key === "Enter" || event.key === " ") && on.closest("button, a, summary, .term")) {
    if (!on.closest(".card h3")) return;  // a finding is chosen already: Enter and Space are for its sound
  }
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  doing(() => act());
});

// --- beginning ---
doing(async () => {
  const [, pulse] = await Promise.all([readyTerms(), ask(`/api/c/${CASE}/pulse?heard=1000000`)]);
  voiced = pulse.voiced;
  await Promise.all([loadWords(), loadFindings()]);
  player.start(player.sound.duration);
  const asked = decodeURIComponent(location.hash.slice(1));
  if (state.byId.has(asked)) state.current = asked;
  if (state.current) select(state.current, { focus: false, scroll: false });
  document.body.dataset.ready = "yes";
  performance.mark("ready");
  await player.loadPeaks();
});
