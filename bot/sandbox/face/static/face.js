// The face's only script: applies patches that the server sends, and sends what people do. It decides nothing else.

const byId = (id) => document.getElementById(id);
const SILENT = "The demo does not answer. Is it still running?";

// --- words for a moment -------------------------------------------------------------------------------------------
export function say(words) {
  const place = byId("says");
  // What lies behind an open form can be neither seen nor heard.
  ([...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body).append(place);
  const line = document.createElement("p");
  line.textContent = words;
  place.append(line);
  setTimeout(() => line.remove(), 9000);
}

// --- patches --------------------------------------------------------------------------------------------------------
const fragment = (html) => document.createRange().createContextualFragment(html);

// What was typed, what is open, how far it is scrolled and where the caret stands survives a redrawn region.
const is_box = (field) => field.type === "radio" || field.type === "checkbox";
const label_of = (field) => `${field.closest(".line")?.id ?? ""}\n${field.name || field.id}\n${is_box(field) ? field.value : ""}`;
const fields_of = (element) => element.querySelectorAll("input, textarea, select");

function keeping(before, redraw, after = before) {
  const typed = new Map();
  for (const field of fields_of(before)) if (field.dataset.touched && field.type !== "file") typed.set(label_of(field), [field.value, field.checked]);
  const details = [...before.querySelectorAll("details[id]")].map((one) => [one.id, one.open]);
  const edited = [...before.querySelectorAll("form.edit:not([hidden])")].map((one) => one.closest(".line").id);
  const scrolled = [...before.querySelectorAll("[data-scroll]")].map((one) => [one.dataset.scroll, one.scrollTop]);
  const active = before.contains(document.activeElement) ? document.activeElement : null;
  const mark = active && { id: active.id, name: active.name, key: active.dataset.key, href: active.getAttribute("href"), menu: active.matches("summary") && active.parentElement.id, start: active.selectionStart, end: active.selectionEnd };
  redraw();
  for (const [id, open] of details) {
    if (open) furnish(byId(id));
    const one = byId(id);
    if (one && one.open !== open) one.open = open;
  }
  for (const field of fields_of(after)) {
    const kept = typed.get(label_of(field));
    if (!kept) continue;
    if (is_box(field)) field.checked = kept[1]; else field.value = kept[0];
    field.dataset.touched = "1";
  }
  for (const id of edited) show_edit(byId(id), true);
  for (const [name, top] of scrolled) { const one = after.querySelector(`[data-scroll="${CSS.escape(name)}"]`); if (one) one.scrollTop = top; }
  if (mark) refocus(after, mark);
}

function refocus(element, mark) {
  const one = (attribute, value) => value && element.querySelector(`[${attribute}="${CSS.escape(value)}"]`);
  const found = (mark.id && byId(mark.id)) || one("data-key", mark.key) || one("name", mark.name) || one("href", mark.href) || (mark.menu && byId(mark.menu)?.querySelector("summary"));
  if (!found) return;
  found.focus({ preventScroll: true });
  if (mark.start != null && found.setSelectionRange) try { found.setSelectionRange(mark.start, mark.end); } catch { /* not a field with a caret */ }
}

const patches = {
  fill(id, html) { const one = byId(id); if (one) keeping(one, () => one.replaceChildren(fragment(html))); },
  swap(id, html) { const one = byId(id); if (one) keeping(one.parentElement, () => one.replaceWith(fragment(html))); },
  add(id, html) { byId(id)?.append(fragment(html)); },
  drop(id) {
    const one = byId(id);
    if (!one) return;
    if (one.contains(byId("says"))) document.body.append(byId("says"));
    one.dataset.gone = "1";
    // Closed first, a form gives the focus back to where it came from.
    if (one.matches("dialog[open]")) one.close();
    one.remove();
  },
  put(feedId, html) {
    const feed = byId(feedId);
    const fresh = fragment(html).firstElementChild;
    if (!feed || !fresh) return;
    const there = byId(fresh.id);
    // What is older than the page has loaded comes with its own page.
    if (there) keeping(there, () => there.replaceWith(fresh), fresh);
    else if (!feed.lastElementChild || feed.lastElementChild.dataset.ts < fresh.dataset.ts) { feed.append(fresh); news(feed); }
  },
  form(id, html) {
    if (byId(id)) return patches.fill(id, html);
    const dialog = document.createElement("dialog");
    dialog.id = id;
    dialog.setAttribute("aria-labelledby", `${id.replace("view-", "")}-title`);
    dialog.append(fragment(html));
    byId("dialogs").append(dialog);
    dialog.showModal();
    // A browser closes a form that was asked to close again and again; it is the server that takes forms away.
    dialog.addEventListener("close", () => { if (dialog.isConnected && !dialog.dataset.gone) dialog.showModal(); });
    (dialog.querySelector("[autofocus]") ?? dialog.querySelector(".inside :is(input, textarea, select, button):not([type=hidden])"))?.focus();
  },
  go(address) { if (address) location.assign(address); else location.reload(); },
  say(_, words) { say(words); },
  end() { source?.close(); },
};

export function apply(list) {
  const active = document.activeElement;
  const pane = active?.closest("#thread");
  for (const { do: kind, id, html } of list) patches[kind](id, html);
  settle();
  if (active !== document.body && !active.isConnected && document.activeElement === document.body) ((pane?.isConnected && byId("reply")) || byId("composer"))?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("patched"));
}

// --- staying at the end of a conversation -----------------------------------------------------------------------------
const MOST_LINES = 260, LINES_LEFT = 200;

function stick(scroller) {
  let at_end = true;
  const follow = () => { if (at_end) scroller.scrollTop = scroller.scrollHeight; };
  scroller.addEventListener("scroll", () => {
    at_end = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
    if (at_end) scroller.querySelector(".jump")?.remove();
  });
  const watch = new ResizeObserver(follow);
  watch.observe(scroller);
  for (const child of scroller.children) watch.observe(child);
  scroller.to_end = () => { at_end = true; follow(); };
  scroller.is_at_end = () => at_end;
  follow();
}

function news(feed) {
  const scroller = feed.parentElement;
  if (scroller.is_at_end?.()) return trim(feed);
  if (scroller.querySelector(".jump")) return;
  const jump = document.createElement("button");
  Object.assign(jump, { type: "button", className: "jump primary", textContent: "New messages ↓" });
  jump.addEventListener("click", () => { scroller.to_end(); (byId("composer") ?? scroller).focus(); });
  scroller.append(jump);
}

// A window that stays open for days keeps as much as it can draw quickly; the rest is one scroll away.
function trim(feed) {
  if (feed.id !== "feed" || feed.children.length <= MOST_LINES) return;
  while (feed.children.length > LINES_LEFT) feed.firstElementChild.remove();
  if (byId("older")) return;
  const row = document.createElement("div");
  row.id = "older";
  row.dataset.older = `${location.pathname}/older`;
  row.innerHTML = '<button type="button">Show older messages</button>';
  feed.before(row);
  older_seen.observe(row);
}

// --- live -----------------------------------------------------------------------------------------------------------
let source = null;
function listen() {
  const address = document.body.dataset.live;
  source?.close();
  // A browser keeps few connections to one address: windows that nobody sees give theirs back.
  if (!address || document.hidden) return;
  source = new EventSource(address);
  let lost = false;
  source.onmessage = (event) => apply(JSON.parse(event.data));
  source.onerror = () => { if (!lost) say(SILENT); lost = true; };
  // A page that was away may have missed something: begin again from what is true now.
  source.onopen = () => { if (lost) location.reload(); };
}
document.addEventListener("visibilitychange", () => { if (document.hidden) source?.close(); else listen(); });

// What the server answers to a question in the background; its words are shown when it has no answer.
async function question(address) {
  const found = await fetch(address, { headers: { Accept: "application/json" } }).then((answer) => answer.json()).catch(() => ({ say: SILENT }));
  if (found.say) say(found.say);
  return found.say ? null : found;
}

// --- sending --------------------------------------------------------------------------------------------------------
export async function send(address, body) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, headers: { "X-Demo": "1" } });
  } catch {
    say(SILENT);
    return null;
  }
  const found = await answer.json().catch(() => ({ say: "The demo did not understand that." }));
  if (found.say) say(found.say);
  if (found.patches) apply(found.patches);
  return found;
}

// A form with data-post is sent without leaving the page. One at work is not sent again.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-post]")) return;
  event.preventDefault();
  if (form.matches(".composer")) return post(form);
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const found = await send(form.action, new FormData(form, event.submitter));
  delete form.dataset.busy;
  if (!found || found.say) return;
  if (form.hasAttribute("data-clear")) form.reset();
  close_menu(form.closest("details.menu"));
  if (form.matches(".edit")) show_edit(form.closest(".line"), false);
});

// Messages go out one after the other, in the order in which they were written; the field is free at once.
let outgoing = Promise.resolve();
function post(form) {
  const field = form.querySelector("textarea"), files = form.querySelector("input[type=file]");
  const text = field.value, chosen = files.files;
  if (!text.trim() && !chosen.length) return;
  const body = new FormData(form);
  form.reset();
  picked(form);
  draft(field);
  form.closest("main, aside")?.querySelector("[data-stick]")?.to_end?.();
  outgoing = outgoing.then(() => send(form.action, body)).then((found) => {
    if (found && !found.say) return;
    field.value = field.value ? `${text}\n${field.value}` : text;
    if (!files.files.length) files.files = chosen;
    picked(form);
    draft(field);
  });
}

document.addEventListener("input", (event) => { event.target.dataset.touched = "1"; });

// --- menus and what only shows ------------------------------------------------------------------------------------------
function close_menu(menu) {
  if (!menu?.open) return;
  const inside = menu.contains(document.activeElement);
  menu.open = false;
  if (inside) menu.querySelector("summary").focus({ preventScroll: true });
}

// What can be done with a message is the same for all of them: its menus are filled when they are opened.
function furnish(menu) {
  const entries = menu?.querySelector(":scope > .entries"), kept = byId(menu?.dataset.of ?? "");
  if (!kept || !entries || entries.childElementCount) return;
  const line = menu.closest(".line");
  const part = kept.content.cloneNode(true);
  if (!line.querySelector("form.edit")) for (const one of part.querySelectorAll("[data-own]")) one.remove();
  for (const one of part.querySelectorAll("[data-thread]")) if (line.closest("#thread")) one.remove(); else one.href = line.dataset.home;
  for (const one of part.querySelectorAll("[data-act]")) one.setAttribute(one.matches("form") ? "action" : "data-go", `${line.dataset.surface}/${one.dataset.act}`);
  for (const name of ["id", "for", "data-key"]) for (const one of part.querySelectorAll(`[${name}]`)) one.setAttribute(name, `${line.id}-${one.getAttribute(name)}`);
  entries.append(part);
}

// A menu lies over everything, inside the window, wherever its button is.
function place(menu) {
  const entries = menu.querySelector(":scope > .entries");
  if (!entries) return;
  const at = menu.querySelector("summary").getBoundingClientRect();
  Object.assign(entries.style, { position: "fixed", inset: "auto", maxHeight: "none", overflowY: "auto" });
  const { width, height } = entries.getBoundingClientRect();
  const below = innerHeight - at.bottom - 12, above = at.top - 12;
  const down = height <= below || below >= above;
  entries.style.maxHeight = `${Math.max(down ? below : above, 80)}px`;
  if (down) entries.style.top = `${at.bottom + 4}px`; else entries.style.bottom = `${innerHeight - at.top + 4}px`;
  const wanted = at.left + width <= innerWidth - 8 ? at.left : at.right - width;
  entries.style.left = `${Math.max(8, Math.min(wanted, innerWidth - width - 8))}px`;
}
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (menu.matches?.("details.within")) { const around = menu.closest("details.menu[open]"); if (around) place(around); }
  if (!menu.matches?.("details.menu") || !menu.open) return;
  for (const other of document.querySelectorAll("details.menu[open]")) if (other !== menu && !other.contains(menu)) other.open = false;
  furnish(menu);
  place(menu);
}, true);
const place_all = (event) => { for (const menu of document.querySelectorAll("details.menu[open]")) if (!(event.target instanceof Node && menu.contains(event.target))) place(menu); };
document.addEventListener("scroll", place_all, true);
addEventListener("resize", place_all);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-switch]")) {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const side = event.target.closest("[data-show-side]");
  if (side) side.setAttribute("aria-expanded", String(document.body.classList.toggle("show-side")));
});

// Escape puts away what lies on top, one thing at a time.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || completing) return;
  const menu = document.activeElement?.closest("details.menu[open]") ?? document.querySelector("details.menu[open]");
  const edit = event.target.closest?.("form.edit");
  if (menu) close_menu(menu);
  else if (edit) cancel_edit(edit.closest(".line"));
  else if (event.target.closest?.("dialog")) return;
  else if (document.body.classList.contains("show-side")) document.querySelector("[data-show-side]").click();
  else if (byId("thread") && !byId("thread").hidden) byId("thread").querySelector("a[data-pane]")?.click();
  else return;
  event.preventDefault();
});

// --- buttons that send -----------------------------------------------------------------------------------------------
export function ask(words, yes, no = "Cancel", danger = true) {
  return new Promise((answered) => {
    const dialog = document.createElement("dialog");
    const form = document.createElement("form");
    form.method = "dialog";
    form.className = "ask";
    const line = document.createElement("p");
    line.id = "ask-words";
    line.textContent = words;
    const row = document.createElement("div");
    for (const [label, value, kind] of [[no, "", ""], [yes, "yes", danger ? "danger" : "primary"]]) {
      const button = document.createElement("button");
      Object.assign(button, { textContent: label, value, className: kind });
      row.append(button);
    }
    form.append(line, row);
    dialog.append(form);
    dialog.setAttribute("aria-labelledby", "ask-words");
    document.body.append(dialog);
    dialog.addEventListener("close", () => { answered(dialog.returnValue === "yes"); dialog.remove(); });
    dialog.showModal();
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-go]");
  if (!button || button.dataset.busy) return;
  close_menu(button.closest("details.menu"));
  if (button.dataset.ask && !(await ask(button.dataset.ask, "Yes"))) return;
  const body = new FormData();
  for (const name of ["name", "emoji", "key", "value"]) if (button.dataset[name]) body.append(name, button.dataset[name]);
  button.dataset.busy = "1";
  await send(button.dataset.go, body);
  delete button.dataset.busy;
});

// --- changing one's own message ----------------------------------------------------------------------------------------
function show_edit(line, shown) {
  const form = line?.querySelector("form.edit");
  if (!form) return null;
  form.hidden = !shown;
  line.querySelector(".words").hidden = shown;
  return form;
}
function begin_edit(line) {
  const form = show_edit(line, true);
  if (!form) return;
  form.reset();
  const field = form.querySelector("textarea");
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}
function cancel_edit(line) {
  show_edit(line, false)?.reset();
  (line.closest("#thread") ? byId("reply") : byId("composer"))?.focus();
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-edit]");
  if (!button) return;
  const line = button.closest(".line");
  close_menu(button.closest("details.menu"));
  if (line.querySelector("form.edit").hidden) begin_edit(line); else cancel_edit(line);
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("form.edit textarea") || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// --- forms of the bot -------------------------------------------------------------------------------------------------
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-view]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const dialog = form.closest("dialog");
  await send(`${form.dataset.surface}/submit`, new FormData(form));
  delete form.dataset.busy;
  // The complaints come with the next patch: whoever cannot see them is led to the first.
  const lead = () => { dialog.querySelector("[aria-invalid=true]")?.focus(); document.removeEventListener("patched", lead); };
  document.addEventListener("patched", lead);
  setTimeout(() => document.removeEventListener("patched", lead), 1500);
});
const put_away = (form) => form && send(`${form.dataset.surface}/close`, new FormData());
document.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) put_away(event.target.closest("form[data-view]")); });
document.addEventListener("cancel", (event) => {
  const form = event.target.querySelector?.("form[data-view]");
  if (form) { event.preventDefault(); put_away(form); }
}, true);

// --- writing ------------------------------------------------------------------------------------------------------------
const known = JSON.parse(byId("names")?.textContent ?? "{}");
const listed = () => byId("completions");
let completing = null;

function word_before(field) {
  const before = field.value.slice(0, field.selectionStart);
  const found = /(?:^|\s)([@#][^\s@#]*|:[^\s:]{2,})$/u.exec(before) ?? /^(\/[\w-]*)$/.exec(before);
  return found && { start: before.length - found[1].length, word: found[1] };
}

function complete(field) {
  const found = word_before(field);
  const word = found?.word.toLowerCase() ?? "";
  const fits = (known[word[0]] ?? []).filter(({ name, words }) => name.toLowerCase().startsWith(word) || (word.length > 1 && words.toLowerCase().split(" ").some((one) => one.startsWith(word.slice(1))))).slice(0, 8);
  if (!fits.length) return close_list();
  const list = listed();
  list.replaceChildren(...fits.map(({ name, hint, words }, at) => {
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.id = `completion-${at}`;
    const strong = document.createElement("b");
    strong.textContent = name;
    const rest = document.createElement("span");
    rest.className = "muted small";
    rest.textContent = ` ${hint} ${words}`;
    option.append(strong, rest);
    option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(at); });
    return option;
  }));
  const box = field.getBoundingClientRect();
  list.hidden = false;
  list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - list.offsetWidth - 8))}px`;
  list.style.bottom = `${innerHeight - box.top + 6}px`;
  completing = { field, found, fits, at: 0 };
  mark();
}

function mark() {
  [...listed().children].forEach((option, at) => option.setAttribute("aria-selected", String(at === completing.at)));
  completing.field.setAttribute("aria-activedescendant", `completion-${completing.at}`);
  if (completing.field.hasAttribute("aria-expanded")) completing.field.setAttribute("aria-expanded", "true");
  listed().children[completing.at].scrollIntoView({ block: "nearest" });
}

function close_list() {
  completing?.field.removeAttribute("aria-activedescendant");
  if (completing?.field.hasAttribute("aria-expanded")) completing.field.setAttribute("aria-expanded", "false");
  completing = null;
  if (listed()) listed().hidden = true;
}

function choose(at) {
  const { field, found, fits } = completing;
  const rest = field.value.slice(field.selectionStart);
  field.value = `${field.value.slice(0, found.start)}${fits[at].name} ${rest.trimStart()}`;
  const caret = found.start + fits[at].name.length + 1;
  field.setSelectionRange(caret, caret);
  close_list();
  draft(field);
}

// What is written and not yet sent waits in its place, for as long as this window lives.
const draft_key = (field) => `draft ${field.form.getAttribute("action")} ${field.form.elements.thread?.value ?? ""}`;
function draft(field) { if (field.value) sessionStorage.setItem(draft_key(field), field.value); else sessionStorage.removeItem(draft_key(field)); }
function restore_drafts(element) { for (const field of element.querySelectorAll("[data-composer]")) field.value = sessionStorage.getItem(draft_key(field)) ?? field.value; }

document.addEventListener("input", (event) => { if (event.target.matches("[data-composer]")) { complete(event.target); draft(event.target); } });
document.addEventListener("focusout", (event) => { if (event.target.matches("[data-composer]")) close_list(); });
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-composer]") || event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (completing && event.key in steps) {
    completing.at = (completing.at + steps[event.key] + completing.fits.length) % completing.fits.length;
    mark();
  } else if (completing && (event.key === "Tab" || (event.key === "Enter" && completing.fits[completing.at].name !== completing.found.word))) {
    choose(completing.at);
  } else if (completing && event.key === "Escape") {
    close_list();
    event.stopPropagation();
  } else if (event.key === "Enter" && !event.shiftKey) {
    close_list();
    if (!event.repeat) field.form.requestSubmit();
  } else if (event.key === "ArrowUp" && !field.value) {
    const feed = field.closest("main, aside")?.querySelector("#feed, #thread-feed");
    begin_edit([...(feed?.querySelectorAll(".line") ?? [])].reverse().find((line) => line.querySelector("form.edit")));
  } else {
    return;
  }
  event.preventDefault();
}, true);

function picked(form) {
  const files = form.querySelector("input[type=file]").files;
  form.querySelector("[data-picked]").textContent = [...files].map((file) => file.name).join(", ");
  const remove = form.querySelector("[data-unpick]");
  if (remove) remove.hidden = !files.length;
}
document.addEventListener("change", (event) => { if (event.target.matches(".composer input[type=file]")) picked(event.target.form); });
document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-unpick]")?.form;
  if (!form) return;
  form.querySelector("input[type=file]").value = "";
  picked(form);
  form.querySelector("textarea").focus();
});
for (const [kind, of] of [["paste", (event) => event.clipboardData], ["drop", (event) => event.dataTransfer]]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("main, aside")?.querySelector(".composer");
    if (!form || !of(event)?.files.length) return;
    event.preventDefault();
    form.querySelector("input[type=file]").files = of(event).files;
    picked(form);
  });
}
document.addEventListener("dragover", (event) => { if (event.target.closest?.("main, aside")?.querySelector(".composer")) event.preventDefault(); });

// --- the thread beside, and older messages --------------------------------------------------------------------------------
const here = () => location.pathname + location.search;
let shown_at = here();

async function open_pane(address, remember = true) {
  const page = await fetch(address).then((answer) => answer.text()).catch(() => "");
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const pane = fresh.getElementById("thread");
  if (!pane || !byId("thread")) return location.assign(address);
  byId("thread").replaceWith(pane);
  document.body.dataset.live = fresh.body.dataset.live;
  if (remember) history.pushState({}, "", address);
  shown_at = here();
  sessionStorage.setItem("back", shown_at);
  restore_drafts(pane);
  pane.querySelectorAll("[data-stick]").forEach(stick);
  look(pane);
  listen();
  (byId("reply") ?? byId("composer"))?.focus({ preventScroll: true });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-pane]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  open_pane(link.href);
});
// Only another place is another page: a jump inside it changes the address too.
addEventListener("popstate", () => { if (byId("thread") && here() !== shown_at) open_pane(location.href, false); });

function look(element) {
  for (const feed of element.querySelectorAll("[data-look]")) {
    const line = byId(feed.dataset.look);
    line?.classList.add("looked-at");
    line?.scrollIntoView({ block: "center" });
  }
}

async function bring_older(row) {
  const feed = byId("feed");
  const scroller = feed.parentElement;
  row.dataset.busy = "1";
  const answer = await question(`${row.dataset.older}?before=${feed.firstElementChild.dataset.ts}`);
  delete row.dataset.busy;
  if (!answer) return;
  const height = scroller.scrollHeight;
  const asked = row.contains(document.activeElement);
  feed.prepend(fragment(answer.html));
  if (!answer.more) row.remove();
  scroller.scrollTop += scroller.scrollHeight - height;
  if (asked && !answer.more) scroller.focus({ preventScroll: true });
}
document.addEventListener("click", (event) => { const row = event.target.closest("#older"); if (row && !row.dataset.busy) bring_older(row); });
const older_seen = new IntersectionObserver(([seen]) => { const row = byId("older"); if (seen.isIntersecting && row && !row.dataset.busy && row.parentElement.scrollTop > 0) bring_older(row); });
if (byId("older")) older_seen.observe(byId("older"));

function settle() { document.dispatchEvent(new CustomEvent("settle")); }

if (localStorage.getItem("theme")) document.documentElement.dataset.theme = localStorage.getItem("theme");
if (document.body.dataset.place) sessionStorage.setItem("back", shown_at);
for (const link of document.querySelectorAll("a[data-back]")) if (sessionStorage.getItem("back")) link.href = sessionStorage.getItem("back");
restore_drafts(document);
document.querySelectorAll("[data-stick]").forEach(stick);
look(document);
// Whoever simply begins to type means the conversation that is open.
document.addEventListener("keydown", (event) => {
  if (document.activeElement !== document.body || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  (byId("reply") ?? byId("composer"))?.focus({ preventScroll: true });
});
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
listen();

// --- controls, inspector and Jira -------------------------------------------------------------------------------------------
// A button that was pressed keeps the focus, though its region was drawn anew while it waited for the answer.
let pressed = "";
document.addEventListener("submit", (event) => { pressed = event.target.matches(":is(.stage, .jira) form[data-post]") ? event.submitter?.id ?? "" : ""; }, true);
document.addEventListener("pointerdown", () => { pressed = ""; });
document.addEventListener("keydown", (event) => { if (event.key === "Tab") pressed = ""; });
document.addEventListener("patched", () => requestAnimationFrame(() => {
  if (pressed && document.activeElement === document.body) byId(pressed)?.focus({ preventScroll: true });
}));

// The bodies of a call come when somebody opens it.
document.addEventListener("toggle", async (event) => {
  const { fetch: address } = event.target.dataset ?? {};
  const place = event.target.querySelector?.("[data-bodies]");
  if (!address || !place || !event.target.open || place.dataset.bodies) return;
  place.dataset.bodies = "asked";
  const html = await fetch(address).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
  if (html !== null) return place.replaceChildren(fragment(html));
  place.dataset.bodies = "";
  say("The bodies of this call did not come. Close and open it again.");
}, true);

// --- elements: what the bot hears at once -------------------------------------------------------------------------------
const surface_of = (element) => element.closest("[data-surface]")?.dataset.surface;

function chosen_in(element) {
  const key = element.dataset.send;
  if (element.type === "checkbox" || element.type === "radio") {
    const all = surface_root(element).querySelectorAll(`[data-send="${CSS.escape(key)}"]`);
    return [...all].filter((one) => one.checked).map((one) => one.value);
  }
  return [element.dataset.value ?? element.value ?? ""];
}
const surface_root = (element) => element.closest("[data-surface]");

// Whether the person stays with it; what they had changed is taken back when they do not.
async function agreed(element) {
  if (!element.dataset.confirm) return true;
  const { title, text, yes, no, danger } = JSON.parse(element.dataset.confirm);
  if (await ask([title, text].filter(Boolean).join("\n"), yes, no, danger)) return true;
  const fields = element.matches("[type=checkbox], [type=radio]") ? surface_root(element).querySelectorAll(`[data-send="${CSS.escape(element.dataset.send)}"]`) : [element];
  for (const field of fields) {
    if (field.matches("select")) for (const option of field.options) option.selected = option.defaultSelected;
    else if (field.matches("[type=checkbox], [type=radio]")) field.checked = field.defaultChecked;
    else if (field.matches("input:not([type=hidden])")) field.value = field.defaultValue;
  }
  settle();
  return false;
}

async function tell(element) {
  if (!(await agreed(element))) return;
  const body = new FormData();
  body.append("key", element.dataset.send);
  for (const value of chosen_in(element)) body.append("value", value);
  close_menu(element.closest("details.overflow"));
  // A second press while the first is on its way is the same press.
  if (element.matches("button") && element.dataset.busy) return;
  element.dataset.busy = "1";
  await send(`${surface_of(element)}/act`, body);
  delete element.dataset.busy;
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest(":is(button, a)[data-send]");
  if (!pressed || !surface_of(pressed)) return;
  tell(pressed);
  if (pressed.getAttribute("href") === "#") event.preventDefault();
});
document.addEventListener("change", (event) => {
  const field = event.target;
  const most = Number(field.closest("[data-most]")?.dataset.most);
  if (most && field.checked && field.closest("[data-most]").querySelectorAll("input:checked").length > most) {
    field.checked = false;
    say(`Choose ${most} at most.`);
    return;
  }
  if (field.closest(".many")) count_chosen(field.closest(".many"));
  if (field.matches("select[data-send], input[data-send]:is([type=checkbox], [type=radio], [type=date], [type=time], [type=datetime-local], [type=hidden])") && surface_of(field)) tell(field);
});
const waiting = new WeakMap();
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("[data-send][data-on~=on_character_entered]")) return;
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(() => tell(field), 300));
});
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.matches?.("input[data-send][data-on]")) return;
  event.preventDefault();
  if (field.dataset.on.includes("on_enter_pressed")) tell(field);
});

function count_chosen(list) {
  const shown = list.querySelector("[data-chosen]");
  const names = [...list.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
  shown.textContent = names.length ? names.join(", ") : shown.dataset.chosen;
}
const count_all = () => document.querySelectorAll(".many").forEach(count_chosen);
document.addEventListener("settle", count_all);
count_all();

// An external select: the bot is asked while somebody types.
function offer(box, options) {
  const [field, list] = [box.querySelector("[role=combobox]"), box.querySelector("[role=listbox]")];
  list.replaceChildren(...options.map(({ value, text }, at) => {
    const option = document.createElement("span");
    option.setAttribute("role", "option");
    option.id = `${list.id}-${at}`;
    option.textContent = text;
    option.dataset.value = value;
    option.addEventListener("mousedown", (event) => { event.preventDefault(); take(box, option); });
    return option;
  }));
  box.dataset.at = "0";
  list.hidden = !options.length;
  field.setAttribute("aria-expanded", String(Boolean(options.length)));
  light(box);
}
function light(box) {
  const options = [...box.querySelectorAll("[role=option]")];
  options.forEach((one, at) => one.setAttribute("aria-selected", String(at === Number(box.dataset.at))));
  const lit = options[Number(box.dataset.at)];
  box.querySelector("[role=combobox]").setAttribute("aria-activedescendant", lit?.id ?? "");
  lit?.scrollIntoView({ block: "nearest" });
}
function take(box, option) {
  const field = box.querySelector("[role=combobox]");
  if (box.hasAttribute("data-several")) {
    const there = [...box.querySelectorAll(".chips input")].find((one) => one.value === option.dataset.value);
    const chip = there?.parentElement ?? box.querySelector("template").content.firstElementChild.cloneNode(true);
    const tick = chip.querySelector("input");
    if (!there) { tick.value = option.dataset.value; tick.dataset.key += option.dataset.value; chip.append(option.textContent); box.querySelector(".chips").append(chip); }
    tick.checked = true;
    tick.dataset.touched = "1";
    field.value = "";
    tick.dispatchEvent(new Event("change", { bubbles: true }));
    if (!there && !tick.checked) chip.remove();
  } else {
    const kept = box.querySelector("input[type=hidden]");
    kept.value = option.dataset.value;
    kept.dataset.touched = "1";
    field.value = option.textContent;
    field.dataset.touched = "1";
    kept.dispatchEvent(new Event("change", { bubbles: true }));
  }
  offer(box, []);
}
document.addEventListener("input", (event) => {
  const box = event.target.matches("[role=combobox]") && event.target.closest("[data-suggest]");
  if (!box) return;
  if (!box.hasAttribute("data-several")) box.querySelector("input[type=hidden]").value = "";
  suggest(box, event.target);
});
// Where the bot offers something before a letter is typed, it is asked at once.
document.addEventListener("focusin", (event) => {
  const box = event.target.matches?.("[role=combobox]") && event.target.closest("[data-suggest]");
  if (box && !event.target.value && box.dataset.least === "0") suggest(box, event.target);
});
async function suggest(box, field) {
  const typed = field.value;
  if (typed.length < Number(box.dataset.least)) return offer(box, []);
  const address = `${surface_of(box)}/options?${new URLSearchParams({ key: box.dataset.suggest, typed })}`;
  const found = await question(address);
  if (found && field.value === typed && field === document.activeElement) offer(box, found.options);
}
document.addEventListener("keydown", (event) => {
  const box = event.target.matches?.("[role=combobox]") && event.target.closest("[data-suggest]");
  if (!box) return;
  const options = [...box.querySelectorAll("[role=option]")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) { box.dataset.at = (Number(box.dataset.at) + step + options.length) % options.length; light(box); }
  else if (event.key === "Enter" && options.length) take(box, options[Number(box.dataset.at)]);
  else if (event.key === "Escape" && options.length) offer(box, []);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("focusout", (event) => { const box = event.target.matches?.("[role=combobox]") && event.target.closest("[data-suggest]"); if (box) offer(box, []); });
