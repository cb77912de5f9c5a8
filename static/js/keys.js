// Shortcuts. Single keys work only where nobody types, and not at all for those who switched them
// off; the sheet lists what works on this page.

import { openPalette } from "./palette.js";

const AGAIN = 1_200;
const ROWS = "main .table tbody tr:has(a[href])";
let jumping = 0;

function visible(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

// A box that was closed keeps the focus until the next frame is drawn: nobody types there.
function isTyping(target) {
  return target instanceof Element && visible(target) && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

function isBusyElsewhere() {
  return document.querySelector("dialog[open], :popover-open") !== null;
}

function first(selector) {
  return [...document.querySelectorAll(selector)].find(visible);
}

function press(selector) {
  const found = first(selector);
  found?.click();
  return Boolean(found);
}

function search() {
  const field = first("[data-search]");
  if (field) { field.focus(); field.select(); } else openPalette();
  return true;
}

function linkOf(row) {
  return row.querySelector(".lead a[href], .name a[href], a[href]");
}

function here() {
  return document.activeElement?.closest(ROWS);
}

function move(by) {
  const rows = [...document.querySelectorAll(ROWS)].filter(visible);
  if (!rows.length) return false;
  const now = rows.indexOf(here());
  const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + by, 0), rows.length - 1);
  linkOf(rows[next]).focus();
  rows[next].scrollIntoView({ block: "nearest" });
  return true;
}

function tick() {
  const row = here();
  const box = row?.querySelector("input[type=checkbox]:not(:disabled)");
  if (!box) return false;
  box.click();
  linkOf(row).focus();
  return true;
}

function openRow() {
  const row = here();
  if (row) linkOf(row).click();
  return Boolean(row);
}

function sheet() {
  const box = document.getElementById("shortcuts");
  if (!box) return false;
  for (const row of box.querySelectorAll("[data-needs]")) {
    row.hidden = document.querySelector(row.dataset.needs) === null;
  }
  const own = box.querySelector("[data-own]");
  own.replaceChildren(...ownRows(box.querySelector("template").content.firstElementChild));
  box.showModal();
  return true;
}

// Pages with keys of their own name them on what they press: data-shortcut, data-shortcut-label.
function ownRows(pattern) {
  return [...document.querySelectorAll("[data-shortcut-label]")].map((place) => {
    const row = pattern.cloneNode(true);
    row.querySelector("dt kbd").textContent = place.dataset.shortcut.toUpperCase();
    row.querySelector("dd").textContent = place.dataset.shortcutLabel;
    return row;
  });
}

function jump(key) {
  jumping = 0;
  return press(`[data-jump="${CSS.escape(key)}"]`) || pressHidden(key);
}

function pressHidden(key) {
  const link = document.querySelector(`a[data-jump="${CSS.escape(key)}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

const KEYS = {
  "/": search,
  "?": sheet,
  j: () => move(1),
  k: () => move(-1),
  o: openRow,
  x: tick,
  e: () => press("[data-key=e], main a[href$='/edit/']"),
  n: () => press("[data-key=n], .page-head a.primary[href*='/new/']"),
  g: () => { jumping = Date.now(); return true; },
};

function single(event) {
  if (document.body.dataset.singleKeys === undefined) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (isTyping(event.target) || isBusyElsewhere()) return false;
  const key = event.key.toLowerCase();
  if (Date.now() - jumping < AGAIN) return jump(key);
  if (press(`[data-shortcut="${CSS.escape(key)}"]`)) return true;
  return KEYS[key]?.() ?? false;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    openPalette();
  } else if (single(event)) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-opens-shortcuts]")) sheet();
});
