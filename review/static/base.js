// What every page has: talking to the program, dialogs, messages, the glossary, settings, stopping.

export const $ = (id) => document.getElementById(id);
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
export const CASE = meta("case");
export const settings = { keys: meta("keys") === "on", speed: Number(meta("speed")) || 1 };

/** Make an element: el("p", {class: "x"}, "text", child). Text is always text, never HTML. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return made;
}

export class Trouble extends Error {
  constructor(what, next) {
    super(what);
    this.next = next;
  }
}

const GONE = ["On the Record is not running any more.", "Start it again: type onrecord in a terminal. Everything you decided is kept."];

/** Ask the program for something; throws Trouble with what happened and the next step. */
export async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(path, body === undefined ? {} : {
      method: "POST",
      headers: { "x-onrecord": meta("csrf"), "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Trouble(...GONE);
  }
  const kind = answer.headers.get("content-type") || "";
  if (!answer.ok) {
    const told = kind.includes("json") ? await answer.json() : { what: await answer.text(), next: "" };
    throw new Trouble(told.what, told.next);
  }
  if (kind.includes("octet-stream")) return new Uint8Array(await answer.arrayBuffer());
  return answer.json();
}

export const csrf = () => meta("csrf");

let toastTimer;
/** Say something in passing. */
export function say(text) {
  $("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("toast").textContent = ""), 4000);
}

/** Say what went wrong, in a place that stays until pressed away. */
export function alarm(trouble) {
  const box = $("alarm");
  box.replaceChildren(
    el("strong", {}, trouble.message || String(trouble)), " ", trouble.next || "", " ",
    el("button", { class: "link", onclick: () => box.replaceChildren() }, "Close"));
  if (!(trouble instanceof Trouble)) console.error(trouble);
}

/** Run something a press started; what goes wrong is told. */
export async function doing(work) {
  try {
    return await work();
  } catch (trouble) {
    alarm(trouble);
    return undefined;
  }
}

export function show(id, trouble) {
  const box = $(id);
  box.hidden = !trouble;
  box.textContent = trouble ? `${trouble.message} ${trouble.next || ""}` : "";
}

export const clock = (seconds) => {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.floor(seconds), m = Math.floor(whole / 60) % 60, h = Math.floor(whole / 3600);
  const s = String(whole % 60).padStart(2, "0");
  return h ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
};

// Eight calm hues that stay apart for colour-blind eyes; names are always written too.
export const HUES = ["#0f7a7d", "#b8642b", "#5b62b5", "#8a7a1f", "#a8487c", "#3f8a4c", "#7a5a48", "#4b7fb8"];
export const hue = (n) => (n === null || n === undefined ? "transparent" : HUES[n % HUES.length]);

// --- dialogs ---
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    if (event.clientY < box.top || event.clientY > box.bottom || event.clientX < box.left || event.clientX > box.right) dialog.close();
  });
}
export const anyDialog = () => document.querySelector("dialog[open]");
$("more").addEventListener("click", () => $("menu").showModal());
$("show-keys").addEventListener("click", () => { $("menu").close(); $("keys").showModal(); });

// --- settings ---
for (const radio of document.querySelectorAll('input[name="theme"]')) {
  radio.addEventListener("change", () => {
    document.documentElement.dataset.theme = radio.value;
    dispatchEvent(new Event("theme"));
    doing(() => ask("/api/settings", { theme: radio.value }));
  });
}
$("keys-on").addEventListener("change", (event) => {
  settings.keys = event.target.checked;
  doing(() => ask("/api/settings", { keys: settings.keys }));
});

// --- stopping ---
$("stop").addEventListener("click", () => doing(async () => {
  let told = await ask("/api/stop", {});
  if (told.busy) {
    if (!confirm(`Work is going on (${told.busy.join("; ")}). Stop it too? What was heard is kept.`)) return;
    told = await ask("/api/stop?sure=yes", {});
  }
  channel?.postMessage("stopped");
  stopped();
}));
function stopped() {
  document.querySelector("main").replaceChildren(el("div", { class: "sheet narrow" },
    el("h1", {}, "On the Record has stopped."),
    el("p", { class: "lead" }, "Everything you decided is kept. You can close this window."),
    el("p", {}, "To go on, start it again: type ", el("code", {}, "onrecord"), " in a terminal.")));
  document.querySelector(".steps")?.remove();
  document.body.className = "";
  $("menu").close();
  $("more").remove();
}

// --- tabs in step ---
export const channel = "BroadcastChannel" in self ? new BroadcastChannel("onrecord") : null;
const listeners = [];
export const onNews = (told) => listeners.push(told);
channel?.addEventListener("message", (event) => {
  if (event.data === "stopped") stopped();
  else if (event.data?.case === CASE) listeners.forEach((told) => told());
});
export const news = () => channel?.postMessage({ case: CASE });

// --- glossary ---
let words;
export async function glossary() {
  words ??= ask("/api/glossary");
  return words;
}
$("show-words").addEventListener("click", () => doing(async () => {
  $("menu").close();
  const all = [...(await glossary())].sort((a, b) => a.term.localeCompare(b.term));
  const fill = () => {
    const wanted = $("words-find").value.toLowerCase();
    $("words-list").replaceChildren(...all
      .filter((w) => `${w.term} ${w.meaning}`.toLowerCase().includes(wanted))
      .flatMap((w) => [el("dt", {}, w.term), el("dd", {}, w.meaning)]));
  };
  $("words-find").oninput = fill;
  fill();
  $("words").showModal();
}));

let finder;
/** Return nodes for a text in which each school word can be hovered, tapped or reached by Tab for its meaning. */
export function withTerms(text) {
  if (!finder) return [text];
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(finder.pattern)) {
    const meaning = finder.meanings.get(match[0].toLowerCase());
    nodes.push(text.slice(at, match.index), el("span", { class: "term", tabindex: "0", role: "button", "data-tip": meaning, "aria-label": `${match[0]}: ${meaning}` }, match[0]));
    at = match.index + match[0].length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((n) => n !== "");
}
export async function readyTerms() {
  const all = (await glossary()).filter((w) => /[A-Z]{2}|\d|[a-z] [a-z]|-/.test(w.term) || w.term.length > 7);
  const escape = (t) => t.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  finder = {
    pattern: new RegExp(`\\b(?:${all.map((w) => escape(w.term)).join("|")})\\b`, "gi"),
    meanings: new Map(all.map((w) => [w.term.toLowerCase(), w.meaning])),
  };
}
const tip = $("tip");
function showTip(target) {
  tip.textContent = target.dataset.tip;
  tip.hidden = false;
  const box = target.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${box.bottom + 6 + tip.offsetHeight > innerHeight ? box.top - tip.offsetHeight - 6 : box.bottom + 6}px`;
}
for (const kind of ["pointerover", "focusin", "click"]) {
  document.addEventListener(kind, (event) => {
    const target = event.target.closest?.("[data-tip]");
    if (target) showTip(target);
    else if (kind !== "focusin") tip.hidden = true;
  });
}
document.addEventListener("focusout", () => (tip.hidden = true));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") tip.hidden = true;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "?" && settings.keys && !typing && !anyDialog()) $("keys").showModal();
});
