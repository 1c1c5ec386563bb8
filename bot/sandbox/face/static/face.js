// The face's only script: applies patches that the server sends, and sends what people do. It decides nothing else.

const byId = (id) => document.getElementById(id);

// --- words for a moment -------------------------------------------------------------------------------------------
export function say(words) {
  const line = document.createElement("p");
  line.textContent = words;
  byId("says").append(line);
  setTimeout(() => line.remove(), 9000);
}

// --- patches --------------------------------------------------------------------------------------------------------
const fragment = (html) => document.createRange().createContextualFragment(html);

// What was typed and where the caret stands survives a redrawn region.
function keeping(element, redraw) {
  const typed = new Map();
  for (const field of element.querySelectorAll("input, textarea, select")) {
    if (field.name && field.type !== "file" && field.dataset.touched) typed.set(`${field.name}\n${field.type === "radio" || field.type === "checkbox" ? field.value : ""}`, [field.value, field.checked]);
  }
  const open = [...element.querySelectorAll("details[open][id]")].map((one) => one.id);
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  const mark = active && { id: active.id, name: active.name, key: active.dataset.key, start: active.selectionStart, end: active.selectionEnd };
  redraw();
  for (const field of element.querySelectorAll("input, textarea, select")) {
    const kept = typed.get(`${field.name}\n${field.type === "radio" || field.type === "checkbox" ? field.value : ""}`);
    if (!kept) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = kept[1]; else field.value = kept[0];
    field.dataset.touched = "1";
  }
  for (const id of open) byId(id)?.setAttribute("open", "");
  if (mark) refocus(element, mark);
}

function refocus(element, mark) {
  const quote = (words) => CSS.escape(words);
  const found = (mark.id && byId(mark.id)) || (mark.key && element.querySelector(`[data-key="${quote(mark.key)}"]`)) || (mark.name && element.querySelector(`[name="${quote(mark.name)}"]`));
  if (!found) return;
  found.focus({ preventScroll: true });
  if (mark.start != null && found.setSelectionRange) try { found.setSelectionRange(mark.start, mark.end); } catch { /* not a field with a caret */ }
}

const patches = {
  fill(id, html) { const one = byId(id); if (one) keeping(one, () => one.replaceChildren(fragment(html))); },
  swap(id, html) { const one = byId(id); if (one) keeping(one.parentElement, () => one.replaceWith(fragment(html))); },
  add(id, html) { byId(id)?.append(fragment(html)); },
  drop(id) { byId(id)?.remove(); },
  go(address) { location.assign(address); },
  say(_, words) { say(words); },
};

export function apply(list) {
  const feeds = [...document.querySelectorAll("[data-stick]")].filter((one) => one.scrollHeight - one.scrollTop - one.clientHeight < 80);
  for (const { do: kind, id, html } of list) patches[kind](id, html);
  settle();
  for (const feed of feeds) feed.scrollTop = feed.scrollHeight;
  document.dispatchEvent(new CustomEvent("patched"));
}

// --- live -----------------------------------------------------------------------------------------------------------
function listen() {
  const address = document.body.dataset.live;
  if (!address) return;
  const source = new EventSource(address);
  let lost = false;
  source.onmessage = (event) => apply(JSON.parse(event.data));
  source.onerror = () => { if (!lost) say("The demo does not answer. Is it still running?"); lost = true; };
  // A page that was away may have missed something: begin again from what is true now.
  source.onopen = () => { if (lost) location.reload(); };
  addEventListener("pagehide", () => source.close());
}

// --- sending --------------------------------------------------------------------------------------------------------
export async function send(address, body) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, headers: { "X-Demo": "1" } });
  } catch {
    say("The demo does not answer. Is it still running?");
    return null;
  }
  const found = await answer.json().catch(() => ({ say: "The demo did not understand that." }));
  if (found.say) say(found.say);
  if (found.patches) apply(found.patches);
  return found;
}

// A form with data-post is sent without leaving the page; data-clear empties it afterwards.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-post]")) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const busy = event.submitter;
  if (busy) busy.disabled = true;
  const found = await send(form.action, body);
  if (busy) busy.disabled = false;
  if (found && !found.say && form.hasAttribute("data-clear")) { form.reset(); form.dispatchEvent(new CustomEvent("cleared", { bubbles: true })); }
});

document.addEventListener("input", (event) => { event.target.dataset.touched = "1"; });

// --- what only shows ------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-switch]")) {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]") ?? document.querySelector("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); event.preventDefault(); }
});

function settle() { document.dispatchEvent(new CustomEvent("settle")); }

if (localStorage.getItem("theme")) document.documentElement.dataset.theme = localStorage.getItem("theme");
if (document.body.dataset.place) sessionStorage.setItem("back", location.pathname + location.search);
for (const link of document.querySelectorAll("a[data-back]")) if (sessionStorage.getItem("back")) link.href = sessionStorage.getItem("back");
for (const feed of document.querySelectorAll("[data-stick]")) feed.scrollTop = feed.scrollHeight;
listen();
