// The sound: play from any second, light up words, loop, speed, the waveform with what was found on it.

import { $, CASE, clock, hue, settings, ask, show, doing } from "/static/base.js";

const audio = $("audio");
export const sound = { duration: 0, stopAt: null, loopFrom: null, span: null };
let peaks = null, marks = [], spans = [], selected = null, fellBack = false;
const ticks = [];

/** Call `told(seconds)` at every frame while it plays, and after every seek. */
export const onTick = (told) => ticks.push(told);

export function start(duration) {
  sound.duration = duration || 0;
  audio.src = `/api/c/${CASE}/sound`;
  setSpeed(settings.speed, false);
}

audio.addEventListener("error", () => {
  if (!audio.getAttribute("src")) return;
  if (!fellBack) {  // this browser does not play the file as it is: take the WAV made of it
    fellBack = true;
    const at = audio.currentTime, on = !audio.paused;
    audio.src = `/api/c/${CASE}/sound?as=wav`;
    audio.currentTime = at;
    if (on) audio.play().catch(() => {});
    return;
  }
  doing(async () => {
    try {
      const answer = await fetch(`/api/c/${CASE}/sound`, { headers: { range: "bytes=0-1" } });
      const told = answer.ok ? { what: "The browser cannot play this recording.", next: "The words and findings work all the same." } : await answer.json();
      show("sound-trouble", { message: told.what, next: told.next });
    } catch {
      show("sound-trouble", { message: "On the Record is not running any more.", next: "Start it again: onrecord" });
    }
  });
});
audio.addEventListener("playing", () => { if ($("sound-trouble")) show("sound-trouble", null); });

/** Play from `from` to `to` (seconds); without `to`, on and on. */
export async function hear(from, to = null) {
  if (from === null || from === undefined) return;
  sound.stopAt = to;
  sound.span = to === null ? null : [from, to];
  audio.currentTime = Math.max(0, from);
  sound.asked = performance.now();
  try {
    await audio.play();
  } catch (error) {
    if (error.name !== "AbortError" && error.name !== "NotSupportedError") throw error;
  }
}
export const toggle = () => {
  if (!audio.paused) return audio.pause();
  if (sound.stopAt !== null && audio.currentTime >= sound.stopAt - 0.05) sound.stopAt = null;
  return audio.play().catch(() => {});
};
export const skip = (by) => {
  sound.stopAt = null;
  audio.currentTime = Math.min(Math.max(0, audio.currentTime + by), sound.duration || Infinity);
};
export function setSpeed(speed, keep = true) {
  const right = Math.min(2, Math.max(0.5, speed));
  audio.playbackRate = audio.defaultPlaybackRate = right;
  audio.preservesPitch = true;
  const chooser = $("speed");
  if (chooser) chooser.value = String(right);
  if (keep) doing(() => ask("/api/settings", { speed: right }));
}
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
export const faster = (step) => {
  const at = SPEEDS.findIndex((s) => s >= audio.playbackRate - 0.01);
  setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + step))]);
};
export function setLoop(on) {
  sound.loop = on;
  $("loop")?.setAttribute("aria-pressed", String(on));
}

function frame() {
  const at = audio.currentTime;
  if (sound.stopAt !== null && at >= sound.stopAt && !audio.paused) {
    if (sound.loop && sound.span) audio.currentTime = sound.span[0];
    else audio.pause();
  }
  tick();
  if (!audio.paused) requestAnimationFrame(frame);
}
function tick() {
  const at = audio.currentTime;
  if ($("now")) $("now").textContent = clock(at);
  for (const told of ticks) told(at, !audio.paused);
  draw();
}
audio.addEventListener("play", () => { setPlaying(true); requestAnimationFrame(frame); });
audio.addEventListener("pause", () => setPlaying(false));
audio.addEventListener("ended", () => setPlaying(false));
audio.addEventListener("seeked", () => { sound.seekMs = performance.now() - (sound.asked ?? performance.now()); tick(); });
audio.addEventListener("loadedmetadata", () => {
  if (!sound.duration && Number.isFinite(audio.duration)) sound.duration = audio.duration;
  tick();
});
function setPlaying(on) {
  const button = $("play");
  if (!button) return;
  button.classList.toggle("playing", on);
  button.setAttribute("aria-label", on ? "Pause" : "Play");
}

// --- the waveform ---
const canvas = $("canvas");
let picture = null;

/** Give the waveform what stands on it: findings as marks, turns as a band of voices. */
export function setMarks(findings, turns, current) {
  marks = findings.filter((f) => f.a !== null);
  spans = turns;
  selected = current;
  picture = null;
  draw();
}
export async function loadPeaks() {
  try {
    peaks = await ask(`/api/c/${CASE}/peaks`);
  } catch (trouble) {
    show("sound-trouble", trouble);
  }
  picture = null;
  draw();
}
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function paint(width, height, ratio) {
  const made = document.createElement("canvas");
  made.width = width * ratio;
  made.height = height * ratio;
  const pen = made.getContext("2d");
  pen.scale(ratio, ratio);
  const long = sound.duration || 1, x = (s) => (s / long) * width;
  const band = 5, top = 12, middle = top + (height - band - top) / 2, room = (height - band - top) / 2;
  if (selected && selected.a !== null) {
    pen.fillStyle = colour("--accent-wash");
    pen.fillRect(x(selected.a) - 1, top - 2, Math.max(3, x(selected.b) - x(selected.a) + 2), height - top);
  }
  pen.fillStyle = colour("--edge");
  if (peaks) {
    const bars = Math.floor(width / 3);
    for (let i = 0; i < bars; i++) {
      const from = Math.floor((i / bars) * peaks.length), to = Math.max(from + 1, Math.floor(((i + 1) / bars) * peaks.length));
      let most = 0;
      for (let j = from; j < to; j++) if (peaks[j] > most) most = peaks[j];
      const half = Math.max(0.6, (most / 255) * room);
      pen.fillRect(i * 3, middle - half, 2, half * 2);
    }
  }
  for (const turn of spans) {
    if (turn.a === null || turn.v === null) continue;
    pen.fillStyle = hue(turn.v);
    pen.fillRect(x(turn.a), height - band, Math.max(1, x(turn.b) - x(turn.a)), band);
  }
  for (const mark of marks) {
    if (mark.doubtful && mark.verdict === "open") continue;
    pen.fillStyle = mark.kind === "denial" ? colour("--no") : colour("--accent");
    pen.globalAlpha = mark.verdict === "dropped" ? 0.3 : 1;
    const at = x(mark.a), size = mark === selected ? 5 : 3.4;
    pen.beginPath();
    if (mark.kind === "denial") { pen.moveTo(at, 6 + size); pen.lineTo(at - size, 6 - size); pen.lineTo(at + size, 6 - size); }
    else pen.arc(at, 6, size, 0, 7);
    pen.fill();
    pen.globalAlpha = 1;
  }
  return made;
}
function draw() {
  if (!canvas) return;
  const width = canvas.clientWidth, height = canvas.clientHeight, ratio = devicePixelRatio || 1;
  if (!width) return;
  if (!picture || canvas.width !== Math.round(width * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    picture = paint(width, height, ratio);
  }
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0);
  const at = (audio.currentTime / (sound.duration || 1)) * canvas.width;
  pen.fillStyle = colour("--ink");
  pen.fillRect(Math.round(at) - ratio, 0, 2 * ratio, canvas.height);
  const wave = $("wave");
  if (Math.floor(audio.currentTime) !== Number(wave.getAttribute("aria-valuenow"))) {
    wave.setAttribute("aria-valuenow", Math.floor(audio.currentTime));
    wave.setAttribute("aria-valuemax", Math.floor(sound.duration));
    wave.setAttribute("aria-valuetext", `${clock(audio.currentTime)} of ${clock(sound.duration)}`);
  }
}
addEventListener("resize", () => { picture = null; draw(); });
addEventListener("theme", () => { picture = null; draw(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { picture = null; draw(); });

if ($("wave")) {
  const wave = $("wave");
  const seek = (event) => {
    const box = wave.getBoundingClientRect();
    sound.stopAt = null;
    audio.currentTime = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * sound.duration;
  };
  wave.addEventListener("pointerdown", (event) => { wave.setPointerCapture(event.pointerId); seek(event); });
  wave.addEventListener("pointermove", (event) => { if (wave.hasPointerCapture(event.pointerId)) seek(event); });
  wave.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -5, ArrowRight: 5, ArrowDown: -5, ArrowUp: 5, PageDown: -60, PageUp: 60 }[event.key];
    if (by) skip(by);
    else if (event.key === "Home") skip(-Infinity);
    else if (event.key === "End") skip(sound.duration);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  $("play").addEventListener("click", toggle);
  $("back").addEventListener("click", () => skip(-5));
  $("forth").addEventListener("click", () => skip(5));
  $("loop").addEventListener("click", () => setLoop(!sound.loop));
  $("speed").addEventListener("change", (event) => setSpeed(Number(event.target.value)));
}
