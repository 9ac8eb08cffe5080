// Hearing: how far it is, and the words as they come.

import { $, CASE, ask, clock, doing, el, show } from "/static/base.js";

let shown = 0, timer = null;
const STAGES = { hearing: "Listening", "drawing the sound": "Drawing the sound", finding: "Looking for promises and refusals", stopped: "Stopped", failed: "It did not work", done: "Done" };

function spoken(seconds) {
  if (seconds < 55) return `${Math.max(5, Math.round(seconds / 5) * 5)} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

async function look() {
  const { job } = await ask(`/api/c/${CASE}/pulse?heard=${shown}`);
  if (job.stage === "") return job;
  $("progress").hidden = !(job.running || job.stage === "failed" || job.stage === "stopped");
  $("hear").hidden = job.running;
  const stage = STAGES[job.stage] ?? job.stage;
  if ($("stage").textContent !== stage) $("stage").textContent = stage;
  if (job.share === null) $("bar").removeAttribute("value"); else $("bar").value = job.share;
  $("bar").hidden = $("halt").hidden = !job.running;
  $("left").textContent = [job.share === null ? "" : `${Math.round(job.share * 100)} of 100`, job.left_s ? `about ${spoken(job.left_s)} left` : "", job.note].filter(Boolean).join(" · ");
  if (job.turns.length) {
    const box = $("appearing"), low = box.scrollTop + box.clientHeight > box.scrollHeight - 60;
    box.hidden = false;
    box.append(...job.turns.map((t) => el("p", {}, el("time", {}, clock(t.a)), el("span", {}, t.t))));
    shown += job.turns.length;
    if (low) box.scrollTop = box.scrollHeight;
  }
  if (job.trouble) show("hear-trouble", { message: job.trouble[0], next: job.trouble[1] });
  return job;
}
function watch() {
  clearInterval(timer);
  timer = setInterval(() => look().then((job) => {
    if (job.running) return;
    clearInterval(timer);
    if (job.stage === "done") location.href = `/c/${CASE}/voices`;
  }).catch(() => {}), 500);
}

$("hear").addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    show("hear-trouble", null);
    try {
      await ask(`/api/c/${CASE}/facts`, {
        held_on: $("held_on").value || null, child: $("child").value,
        speakers: $("speakers").value ? Number($("speakers").value) : null,
        plan: document.querySelector('[name="plan"]:checked')?.value || null,
      });
      await ask(`/api/c/${CASE}/hear`, { way: document.querySelector('[name="way"]:checked')?.value ?? "" });
      shown = 0;
      $("appearing").replaceChildren();
      $("hear").hidden = true;
      $("onward").hidden = true;
      $("progress").hidden = false;
      watch();
    } catch (trouble) {
      show("hear-trouble", trouble);
    }
  });
});
$("halt").addEventListener("click", () => doing(() => ask(`/api/c/${CASE}/stop`, {})));
$("again").addEventListener("click", () => { $("hear").hidden = false; $("held_on").focus(); });
look().then((job) => { if (job.running) watch(); }).catch(() => {});
