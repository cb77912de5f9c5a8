// Ctrl-K: records by any number, the actions of the open record, places, and where one was last.
// Without scripts the same box is a search form with a list of places.

import { say } from "./telling.js";

const RECENT = `recent-${document.body.dataset.user}`;
const MOST_RECENT = 6;
const PAUSE = 140;
const RECORD = /^\/[a-z/-]+\/[0-9a-f]{8}-[0-9a-f-]{27}\/$/;

const box = document.getElementById("palette");
const input = box?.querySelector("[role=combobox]");
const list = box?.querySelector("[role=listbox]");
let waiting = 0;
let asked = null;

function recents() {
  try { return JSON.parse(sessionStorage.getItem(RECENT)) ?? []; } catch { return []; }
}

function remember() {
  const words = document.querySelector(".page-head .title")?.cloneNode(true);
  if (!words || !RECORD.test(location.pathname)) return;
  for (const spot of words.querySelectorAll(".presence, .st, .pill")) spot.remove();
  const title = words.textContent.replace(/\s+/g, " ").trim();
  const others = recents().filter((row) => row.url !== location.pathname);
  const rows = [{ url: location.pathname, title }, ...others].slice(0, MOST_RECENT);
  try { sessionStorage.setItem(RECENT, JSON.stringify(rows)); } catch { /* none are kept */ }
}

function fits(text, query) {
  return text.toLowerCase().includes(query.toLowerCase());
}

function option({ title, icon, act, hint }) {
  const row = box.querySelector("template[data-option]").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-title]").textContent = title;
  const use = row.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*$/, `#${icon}`));
  if (hint) row.querySelector("[data-hint]").textContent = hint;
  else row.querySelector("[data-hint]").remove();
  row.choose = act;
  return row;
}

function group(label, rows) {
  if (!rows.length) return [];
  const part = box.querySelector("template[data-group]").content.firstElementChild.cloneNode(true);
  const head = part.querySelector("h2");
  head.textContent = label;
  part.setAttribute("aria-label", label);
  part.append(...rows.map(option));
  return [part];
}

function actions(query) {
  const found = document.querySelectorAll("#actions :is(a, button, summary), .page-head .actions > .btn");
  const rows = new Map();
  for (const button of found) {
    const title = button.textContent.trim();
    if (!title || button.ariaDisabled === "true" || button.closest(".ask-reason")) continue;
    if (button.matches("summary") && button.parentElement.querySelector("summary ~ .menu:not(form)")) continue;
    if (fits(title, query) && !rows.has(title)) rows.set(title, { title, icon: "enter", act: () => press(button) });
  }
  return [...rows.values()];
}

function press(button) {
  const menu = button.closest("details[data-menu]");
  if (menu) menu.open = true;
  button.click();
  if (button.matches("summary")) {
    button.parentElement.open = true;
    button.parentElement.querySelector("textarea, select, input:not([type=hidden]), button")?.focus();
  }
}

function places(query) {
  return [...box.querySelectorAll("[data-place]")]
    .map((link) => ({
      title: link.textContent.trim(),
      icon: link.dataset.place,
      hint: link.dataset.keys,
      act: () => link.click(),
    }))
    .filter((row) => fits(row.title, query));
}

function visited(query) {
  return recents()
    .filter((row) => row.url !== location.pathname && fits(row.title, query))
    .map(({ url, title }) => ({ title, icon: "clock", act: () => location.assign(url) }));
}

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function mark(row) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === row));
  input.setAttribute("aria-activedescendant", row?.id ?? "");
  row?.scrollIntoView({ block: "nearest" });
}

function draw(found = []) {
  const query = input.value.trim();
  list.replaceChildren(
    ...found,
    ...group(box.dataset.actions, actions(query)),
    ...group(box.dataset.recent, visited(query)),
    ...group(box.dataset.places, places(query)),
  );
  options().forEach((row, place) => { row.id = `palette-${place}`; });
  mark(options()[0]);
}

function records(text) {
  const shown = new DOMParser().parseFromString(text, "text/html");
  const groups = [...shown.body.children].map((part) => document.importNode(part, true));
  for (const row of groups.flatMap((part) => [...part.querySelectorAll("[role=option]")])) {
    row.choose = () => location.assign(row.dataset.url);
  }
  return groups;
}

async function look(query) {
  asked?.abort();
  asked = new AbortController();
  try {
    const address = `${box.dataset.url}?q=${encodeURIComponent(query)}`;
    const answer = await fetch(address, { signal: asked.signal, headers: { "X-Sent-By": "script" } });
    if (!answer.ok) return;
    const found = records(await answer.text());
    draw(found);
    say(options().length ? `${options().length} ${box.dataset.found}` : box.dataset.nothing);
  } catch { /* a newer question, or no connection: places and actions stay */ }
}

function typed() {
  clearTimeout(waiting);
  const query = input.value.trim();
  draw();
  if (query.length > 1) waiting = setTimeout(() => look(query), PAUSE);
}

function step(by) {
  const rows = options();
  const now = rows.findIndex((row) => row.ariaSelected === "true");
  mark(rows[(now + by + rows.length) % rows.length]);
}

function choose(row) {
  if (!row?.choose) { input.form.submit(); return; }
  box.hidePopover();
  row.choose();
}

export function openPalette() {
  if (!box) return;
  if (!box.matches(":popover-open")) box.showPopover();
  input?.focus();
  input?.select();
}

if (box && input) {
  remember();
  box.addEventListener("toggle", (event) => {
    if (event.newState === "open") { input.value = ""; draw(); input.focus(); }
  });
  input.addEventListener("input", typed);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter") choose(options().find((row) => row.ariaSelected === "true"));
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => choose(event.target.closest("[role=option]")));
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) box.hidePopover();
  });
}
