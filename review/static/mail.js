// The mailbox: address, help for its provider, saving, a test that sends nothing.

import { $, ask, doing, show } from "/static/base.js";

const typed = { host: Boolean($("host").value) };
$("host").addEventListener("input", () => (typed.host = true));

async function help() {
  const address = $("address").value.trim();
  if (!address.includes("@")) return;
  const told = await ask(`/api/mail/help?address=${encodeURIComponent(address)}`);
  $("help").hidden = !told.provider;
  if (told.provider) $("help").textContent = `${told.provider.name}: ${told.provider.help}`;
  if (!typed.host && told.host) {
    $("host").value = told.host;
    $("port").value = told.port || "";
    $("security").value = told.security || "tls";
  }
}
$("address").addEventListener("change", () => doing(help));
if ($("address").value) doing(help);

async function save() {
  show("mail-trouble", null);
  $("mail-good").hidden = true;
  await ask("/api/mail/save", {
    address: $("address").value, name: $("name").value, host: $("host").value, port: Number($("port").value) || 0,
    security: $("security").value, login: $("login").value, password: $("password").value || null,
  });
  $("password").value = "";
}
async function telling(work) {
  try {
    $("mail-good").textContent = await work();
    $("mail-good").hidden = false;
  } catch (trouble) {
    show("mail-trouble", trouble);
  }
}
$("box").addEventListener("submit", (event) => {
  event.preventDefault();
  telling(async () => { await save(); return "Saved."; });
});
$("test").addEventListener("click", () => {
  if (!$("box").reportValidity()) return;
  telling(async () => { await save(); return (await ask("/api/mail/test", {})).told; });
});
