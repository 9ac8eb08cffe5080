// The findings as cards: one a finding, drawn anew only when it changed.

import { $, el, clock, withTerms, ask, CASE } from "/static/base.js";

export const state = { findings: [], byId: new Map(), current: null, filter: "", wanted: "", last: 0 };
const drawn = new Map();
const lists = () => [$("list"), $("doubtful-list"), $("past-list")];
const DONE = { kept: "✓ Kept", mended: "✓ Kept, changed", added: "✓ Added by you", dropped: "Left out" };

export function put(view) {
  state.findings = view.findings;
  state.byId = new Map(view.findings.map((f) => [f.id, f]));
  state.last = view.last;
  $("counted").textContent = `${view.counted[0].toUpperCase()}${view.counted.slice(1)}`;
  const sure = view.findings.filter((f) => !f.doubtful && !f.later);
  $("done").value = sure.length ? sure.filter((f) => f.verdict !== "open").length / sure.length : 0;
  $("done").textContent = view.counted;
  const undo = $("undo");
  undo.disabled = !view.undo;
  undo.title = view.undo ? `Undo ${view.undo}` : "Nothing to undo";
  undo.setAttribute("aria-label", undo.title);
  $("rough").hidden = !view.rough;
  if (!state.byId.has(state.current)) state.current = first()?.id ?? null;
  draw();
}

const first = () => shown().find((f) => f.verdict === "open") ?? shown()[0];
export const listOf = (f) => (f.verdict !== "open" ? 0 : f.later ? 2 : f.doubtful ? 1 : 0);
function fits(f) {
  const kind = state.filter;
  if (kind === "open" && f.verdict !== "open") return false;
  if (kind === "decided" && f.verdict === "open") return false;
  if (kind === "unheard" && f.heard) return false;
  if (kind && !["open", "decided", "unheard"].includes(kind) && f.kind !== kind) return false;
  if (!state.wanted) return true;
  return `${f.action} ${f.owner ?? ""} ${f.quote} ${f.topic} ${f.word} ${f.due?.words ?? ""}`.toLowerCase().includes(state.wanted);
}
/** The findings that can be walked through now, in order: folded ones only where they are open. */
export function shown() {
  const open = [true, $("doubtful").open, $("past").open];
  return [0, 1, 2].flatMap((n) => (open[n] ? state.findings.filter((f) => listOf(f) === n && fits(f)) : []));
}

export function draw() {
  const held = document.activeElement?.closest?.(".card"), control = document.activeElement?.dataset?.f;
  const heldId = held?.dataset.id, places = lists(), counts = [0, 0, 0], visible = [0, 0, 0], order = [[], [], []];
  for (const f of state.findings) {
    const n = listOf(f), mine = f.id === state.current, mark = `${mine}${JSON.stringify(f)}`;
    let entry = drawn.get(f.id);
    if (!entry || entry.mark !== mark) {
      const open = entry?.card.querySelector(".letter")?.open;
      const card = cardOf(f, mine);
      if (entry) entry.card.replaceWith(card);
      entry = { card, mark };
      drawn.set(f.id, entry);
      if (open && mine) card.querySelector(".letter")?.setAttribute("open", "");
    }
    const fit = fits(f);
    entry.card.hidden = !fit;
    order[n].push(entry.card);
    counts[n]++;
    visible[n] += fit ? 1 : 0;
  }
  for (const [id, entry] of drawn) if (!state.byId.has(id)) { entry.card.remove(); drawn.delete(id); }
  order.forEach((cards, n) => {
    cards.forEach((card, i) => { if (places[n].children[i] !== card) places[n].insertBefore(card, places[n].children[i] ?? null); });
  });
  $("none").hidden = visible[0] > 0;
  $("doubtful").hidden = !counts[1];
  $("doubtful-count").textContent = counts[1] === 1 ? "1 doubtful one" : `${counts[1]} doubtful ones`;
  $("past").hidden = !counts[2];
  $("past-count").textContent = `${counts[2]} taken back, replaced or done at the meeting`;
  if (heldId && drawn.has(heldId) && !document.activeElement?.closest?.(".card")) {
    const card = drawn.get(heldId).card;
    (card.querySelector(`[data-f="${control}"]`) ?? card.querySelector("h3 button")).focus({ preventScroll: true });
  }
}

export const cardFor = (id) => drawn.get(id)?.card;

function cardOf(f, mine) {
  const done = DONE[f.verdict];
  const head = el("div", { class: "card-head" },
    el("span", { class: "kind" }, f.word), f.clock ? el("time", {}, f.clock) : null,
    f.heard && !done ? el("span", {}, "listened to") : null,
    done ? el("span", { class: `state ${f.verdict}` }, done) : null);
  const title = el("h3", {}, el("button", { "data-f": "title", "data-do": "select", "aria-expanded": String(mine) },
    f.owner ? el("span", { class: "who" }, `${f.owner}: `) : null, f.action));
  const facts = el("div", { class: "facts" });
  if (f.due?.on || (f.due && !f.due.candidates.length)) facts.append(el("p", {}, el("b", {}, "By when: "), f.due.words));
  if (f.condition) facts.append(el("p", {}, el("b", {}, "Only if: "), f.condition));
  if (f.later) facts.append(el("p", {}, el("b", {}, "Later: "), f.later));
  const card = el("li", { class: `card ${f.kind} ${f.verdict}`, "data-id": f.id, "aria-current": mine ? "true" : null },
    head, title, facts.childElementCount ? facts : null);
  if (mine) more(card, f);
  else card.append(el("p", { class: "words" }, `“${f.quote}”`), ...acts(f, false));
  return card;
}

const short = (x) => `${x.word.toLowerCase()}: ${x.action.length > 60 ? `${x.action.slice(0, 58)}…` : x.action}`;
const button = (act, words, more = {}) => el("button", { "data-do": act, "data-f": act, ...more }, words);
function acts(f, mine) {
  const kept = ["kept", "mended", "added"].includes(f.verdict);
  const row = el("div", { class: "acts" },
    f.a === null ? null : button("hear", "▶ Listen", { class: "hear", "aria-label": `Listen to ${f.word.toLowerCase()}: ${f.action}` }),
    button("keep", kept ? "✓ Kept" : "Keep", { class: "keep", "aria-pressed": String(kept) }),
    mine ? button("mend", "Change…") : null,
    button("drop", "Leave out", { class: "drop", "aria-pressed": String(f.verdict === "dropped") }));
  if (!mine) return [row];
  const rest = el("div", { class: "acts rest" });
  rest.append(button("join", "Put together…", { class: "quiet" }));
  if (f.said.length > 1) rest.append(button("split", "Take apart", { class: "quiet" }));
  if (f.verdict !== "open") rest.append(button("reset", "Start over", { class: "quiet" }));
  return [row, rest];
}

function more(card, f) {
  for (const said of f.said) {
    card.append(el("p", { class: "words" }, said.who ? el("span", { class: "small" }, `${said.who}: `) : null, "“", ...withTerms(said.text), "”"));
    if (said.d) card.append(el("p", { class: "ask" }, `These words are unsure (${said.d}). Listen before you keep them.`));
  }
  if (f.due && !f.due.on && f.due.candidates.length) {
    card.append(el("div", { class: "ask" },
      el("p", {}, f.due.candidates.length === 1 ? `They said “${f.due.phrase}”. This day?` : `They said “${f.due.phrase}”. Which day was meant?`),
      el("div", { class: "row" },
        ...f.due.candidates.map((c) => el("button", { "data-do": "day", "data-f": c.on, "data-day": c.on }, c.words)),
        el("button", { "data-do": "mend", "data-f": "other", class: "quiet" }, "Another day…"))));
  }
  card.append(...acts(f, true));
  card.append(el("p", { class: "small" }, f.why), ...f.links.map((x) => state.byId.get(x)).filter(Boolean).map((x) => el("p", { class: "small" }, "Goes with ", el("button", { class: "link", "data-do": "goto", "data-f": `goto-${x.id}`, "data-to": x.id }, short(x)))));
  if (f.notice || f.kind === "denial") {
    const inside = el("div", { class: "paper", tabindex: "0", role: "region", "aria-label": "The letter" }, "…");
    const fold = el("details", { class: "letter" }, el("summary", { "data-f": "letter" }, "The letter this makes"), inside);
    fold.addEventListener("toggle", () => { if (fold.open) letter(f.id, inside); });
    card.append(fold);
  }
}

async function letter(id, inside) {
  try {
    const { letter: made } = await ask(`/api/c/${CASE}/preview/${encodeURIComponent(id)}`);
    if (!made) return inside.replaceChildren("No letter comes of this one.");
    inside.replaceChildren(el("p", { class: "subject" }, made.subject), ...made.blocks.map(block));
  } catch (trouble) {
    inside.replaceChildren(`${trouble.message} ${trouble.next ?? ""}`);
  }
}
export function block(b) {
  const kind = { heading: "heading", quote: "quoted", item: b.level ? "item inner" : "item" }[b.kind] ?? "";
  return el("p", { class: kind, "data-mark": b.kind === "item" ? (b.number ? `${b.number}.` : "•") : null }, ...withTerms(b.text));
}
