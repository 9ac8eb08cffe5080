// A new recording: chosen or dropped, sent to the program on this computer with a bar that moves.

import { $, csrf, doing, show, Trouble } from "/static/base.js";

const box = $("drop"), input = $("file");
let chosen = null;
const size = (n) => (n < 1e9 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e9).toFixed(2)} GB`);

function take(file) {
  chosen = file ?? null;
  $("chosen").textContent = file ? `${file.name}, ${size(file.size)}` : "Any sound file a phone or recorder makes.";
  show("new-trouble", null);
  const day = file && /(20\d\d)[-_. ]?(\d\d)[-_. ]?(\d\d)/.exec(file.name);
  if (day && !$("held_on").value) $("held_on").value = `${day[1]}-${day[2]}-${day[3]}`;
}
input.addEventListener("change", () => take(input.files[0]));
for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => { event.preventDefault(); box.classList.add("over"); });
}
for (const kind of ["dragleave", "drop"]) addEventListener(kind, () => box.classList.remove("over"));
addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); });

function send(path, file) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("x-onrecord", csrf());
    request.upload.addEventListener("progress", (event) => {
      $("arriving").value = event.total ? event.loaded / event.total : 0;
      $("chosen").textContent = `${file.name}: ${size(event.loaded)} of ${size(file.size)} copied`;
    });
    request.addEventListener("load", () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* told below */ }
      if (request.status === 200) done(told);
      else failed(new Trouble(told.what ?? "The recording did not arrive.", told.next ?? "Choose the file again."));
    });
    request.addEventListener("error", () => failed(new Trouble("The recording did not arrive.", "Is On the Record still running? Choose the file again.")));
    request.send(file);
  });
}

$("new").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!chosen) { show("new-trouble", new Trouble("No recording is chosen yet.", "Choose the file above.")); return input.focus(); }
  if (!$("held_on").value) { show("new-trouble", new Trouble("The day of the meeting is missing.", "“By Friday” is counted from it.")); return $("held_on").focus(); }
  doing(async () => {
    $("begin").disabled = true;
    $("arriving").hidden = false;
    try {
      const made = await send(`/api/upload?name=${encodeURIComponent(chosen.name)}&held_on=${$("held_on").value}`, chosen);
      location.href = `/c/${made.case}/`;
    } catch (trouble) {
      show("new-trouble", trouble);
      $("begin").disabled = false;
      $("arriving").hidden = true;
      take(chosen);
    }
  });
});
