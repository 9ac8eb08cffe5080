// The reminder of a promise, one press away.

import { CASE, ask, doing } from "/static/base.js";

for (const button of document.querySelectorAll("[data-remind]")) {
  button.addEventListener("click", () => doing(async () => {
    const made = await ask(`/api/c/${CASE}/remind/${encodeURIComponent(button.dataset.remind)}`, {});
    location.href = `/c/${CASE}/letters#${made.letter}`;
  }));
}
