// The words of the meeting: 2,000 lines and more. A line's words become elements only when it comes near the window.

import { $, el, clock, hue, withTerms } from "/static/base.js";
import { hear, onTick } from "/static/player.js";

const box = $("text");
export const words = { turns: [], voices: [], rows: [], at: 0 };
let lit = null, litTurn = -1, following = true, hits = [], hit = -1, proofs = new Map();

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) wrap(Number(entry.target.dataset.i));
}, { root: document.querySelector(".said"), rootMargin: "400px" });

export function fill(meeting) {
  words.turns = meeting.turns;
  words.voices = meeting.voices;
  words.rows = [];
  near.disconnect();
  const made = document.createDocumentFragment();
  let before;
  const lost = [...meeting.unheard];
  meeting.turns.forEach((turn, i) => {
    while (lost.length && turn.a !== null && lost[0].a <= turn.a) made.append(unheard(lost.shift()));
    const row = rowOf(turn, i, turn.v === before && turn.v !== null);
    before = turn.v;
    words.rows.push(row);
    made.append(row);
  });
  for (const stretch of lost) made.append(unheard(stretch));
  box.replaceChildren(made);
  for (const row of words.rows) near.observe(row);
  lit = null;
  litTurn = -1;
  if (words.rows.length) current(Math.min(words.at, words.rows.length - 1), false);
}

const unheard = (u) => el("p", { class: "unheard", role: "listitem" }, `Not heard from ${clock(u.a)} to ${clock(u.b)}: ${u.why}.`);
export const nameOf = (turn) => (turn.m ? "Several people" : turn.v === null ? "Somebody" : words.voices[turn.v]?.shown ?? "Somebody");

function rowOf(turn, i, same) {
  const who = nameOf(turn);
  const row = el("div", { class: same ? "turn same" : "turn", role: "listitem", tabindex: "-1", "data-i": i },
    el("button", { class: "time", tabindex: "-1", "aria-label": `Play from ${clock(turn.a) || "here"}, ${who}` }, clock(turn.a) || "·"),
    el("div", {}, el("span", { class: "name" }, who), el("p", {}, turn.t)));
  row.firstChild.style.setProperty("--voice", turn.v === null ? "var(--line)" : hue(turn.v));
  if (turn.d) row.lastChild.append(el("p", { class: "doubt" }, `Unsure: ${turn.d}`));
  if (turn.h !== undefined) row.lastChild.append(el("p", { class: "fixed" }, "Corrected by you"));
  return row;
}

function wrap(i) {
  const turn = words.turns[i], row = words.rows[i], line = row?.querySelector("p");
  if (!line || row.dataset.ready) return;
  row.dataset.ready = "yes";
  near.unobserve(row);
  if (!turn.w.length) return;
  const nodes = [];
  let at = 0;
  for (let k = 0; k < turn.w.length; k += 4) {
    const from = turn.w[k], to = from + turn.w[k + 1];
    if (from > at) nodes.push(turn.t.slice(at, from));
    nodes.push(el("span", { class: "w", "data-k": k / 4 }, turn.t.slice(from, to)));
    at = to;
  }
  if (at < turn.t.length) nodes.push(turn.t.slice(at));
  line.replaceChildren(...nodes);
  prove(i);
}

function prove(i) {
  const spans = proofs.get(i), turn = words.turns[i];
  for (const w of words.rows[i]?.querySelectorAll(".w") ?? []) {
    const from = turn.w[w.dataset.k * 4], to = from + turn.w[w.dataset.k * 4 + 1];
    w.classList.toggle("proof", Boolean(spans?.some(([a, b]) => from < b && to > a)));
  }
}

/** Underline the words that carry a finding, and bring them into view. */
export function showProof(finding, scroll = true) {
  const before = proofs;
  proofs = new Map();
  for (const said of finding?.said ?? []) {
    const text = words.turns[said.turn]?.t ?? "", from = text.indexOf(said.text);
    const span = from < 0 ? [0, text.length] : [from, from + said.text.length];
    proofs.set(said.turn, [...(proofs.get(said.turn) ?? []), span]);
  }
  for (const i of new Set([...before.keys(), ...proofs.keys()])) {
    if (proofs.has(i)) wrap(i);
    if (words.rows[i]?.dataset.ready) prove(i);
  }
  const first = finding?.said[0]?.turn;
  if (first !== undefined && words.rows[first]) {
    current(first, false);
    if (scroll) words.rows[first].scrollIntoView({ block: "center" });
  }
}

/** Make a line the one that keys act on. */
export function current(i, focus = true) {
  const row = words.rows[i];
  if (!row) return;
  const old = words.rows[words.at];
  if (old) { old.tabIndex = -1; old.classList.remove("here"); }
  words.at = i;
  row.tabIndex = 0;
  row.classList.add("here");
  if (focus) {
    wrap(i);
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
}

export const playLine = (i) => { following = true; return hear(words.turns[i]?.a); };

box.addEventListener("click", (event) => {
  const row = event.target.closest(".turn");
  if (!row || String(getSelection()).trim()) return;
  const i = Number(row.dataset.i), word = event.target.closest(".w");
  current(i, false);
  following = true;
  if (word) hear(words.turns[i].w[word.dataset.k * 4 + 2] / 1000);
  else if (event.target.closest(".time")) playLine(i);
});

box.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 }[event.key];
  if (by) {
    current(Math.max(0, Math.min(words.rows.length - 1, words.at + by)));
    event.preventDefault();
  } else if (event.key === "Enter" && event.target.classList.contains("turn")) {
    playLine(words.at);
    event.preventDefault();
    event.stopPropagation();
  }
});
document.querySelector(".said").addEventListener("wheel", () => (following = false), { passive: true });
document.querySelector(".said").addEventListener("touchmove", () => (following = false), { passive: true });
$("play").addEventListener("click", () => (following = true));

/** The turn that is spoken at a second: the last one that began, or -1. */
export function turnAt(seconds) {
  let low = 0, high = words.turns.length - 1, found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1, start = words.turns[middle].a;
    if (start !== null && start <= seconds) { found = middle; low = middle + 1; } else high = middle - 1;
  }
  return found;
}

onTick((at, playing) => {
  const i = turnAt(at + 0.02), turn = words.turns[i];
  if (i !== litTurn) {
    litTurn = i;
    if (i >= 0) {
      wrap(i);
      if (playing && following) words.rows[i].scrollIntoView({ block: "nearest" });
    }
  }
  let now = null;
  if (turn) {
    const ms = at * 1000 + 20, w = turn.w;
    for (let k = 0; k < w.length; k += 4) {
      if (ms < w[k + 2]) break;
      if (ms <= w[k + 2] + Math.max(w[k + 3], 120)) now = words.rows[i].querySelectorAll(".w")[k / 4];
    }
  }
  if (now !== lit) {
    lit?.classList.remove("now");
    now?.classList.add("now");
    lit = now;
  }
});

// --- search ---
export function search(wanted, step = 0) {
  for (const i of hits) words.rows[i]?.classList.remove("hit");
  const text = wanted.trim().toLowerCase();
  if (step && hits.length) hit = (hit + step + hits.length) % hits.length;
  else {
    hits = text ? words.turns.flatMap((t, i) => (t.t.toLowerCase().includes(text) ? [i] : [])) : [];
    hit = hits.length ? 0 : -1;
  }
  for (const i of hits.slice(0, 500)) words.rows[i].classList.add("hit");
  $("hits").textContent = text ? (hits.length ? `${hit + 1} of ${hits.length} lines` : "not found") : "";
  if (hit >= 0) {
    current(hits[hit], false);
    words.rows[hits[hit]].scrollIntoView({ block: "center" });
  }
}

// --- marking ---
function placeOf(node, offset) {
  const line = (node.nodeType === 1 ? node : node.parentElement)?.closest(".turn p");
  const row = line?.closest(".turn");
  if (!row || line !== row.querySelector("p")) return null;
  const range = document.createRange();
  range.selectNodeContents(line);
  range.setEnd(node, offset);
  return { turn: Number(row.dataset.i), char: range.toString().length };
}
/** What is marked with the mouse, or null: {first_turn, first_char, last_turn, last_char}. */
export function marked() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!box.contains(range.commonAncestorContainer)) return null;
  const from = placeOf(range.startContainer, range.startOffset), to = placeOf(range.endContainer, range.endOffset);
  if (!from && !to) return null;
  const first = from ?? { turn: to.turn, char: 0 };
  let last = to ?? { turn: first.turn, char: words.turns[first.turn].t.length };
  if (last.char === 0 && last.turn > first.turn) last = { turn: last.turn - 1, char: words.turns[last.turn - 1].t.length };
  return { first_turn: first.turn, first_char: first.char, last_turn: last.turn, last_char: last.char };
}
export const wholeLine = (i) => ({ first_turn: i, first_char: 0, last_turn: i, last_char: words.turns[i].t.length });
export function markedWords(m) {
  let out = [];
  for (let i = m.first_turn; i <= m.last_turn; i++) {
    out.push(words.turns[i].t.slice(i === m.first_turn ? m.first_char : 0, i === m.last_turn ? m.last_char : undefined));
  }
  return out.join(" … ");
}
