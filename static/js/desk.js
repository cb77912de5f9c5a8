// Comforts only: every page works without this file.

import "./copying.js";
import "./merging.js";
import "./presence.js";
import "./sending.js";
import "./swaps.js";

const root = document.documentElement;

function currentTheme() {
  return root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function toggleTheme() {
  root.dataset.theme = currentTheme() === "dark" ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* lasts for this page only */ }
}

function visible(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

function focusSearch() {
  const box = [...document.querySelectorAll("[data-search]")].find(visible);
  if (box) { box.focus(); box.select(); return; }
  document.getElementById("palette")?.showPopover?.();
}

function typing(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("keydown", (event) => {
  const find = event.key === "/" && !typing(event.target);
  const findAnywhere = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (find || findAnywhere) {
    event.preventDefault();
    focusSearch();
  } else if (event.key === "Escape") {
    const menu = document.activeElement?.closest("details[data-menu][open]");
    closeMenus(null);
    menu?.querySelector("summary")?.focus();
  }
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  closeMenus(target);
  if (target?.closest("[data-toggle-theme]")) toggleTheme();
  if (target?.closest("[data-print]")) print();
  const closes = target?.closest("[data-closes]");
  if (closes) document.getElementById(closes.dataset.closes)?.close();

  const step = target?.closest("[data-step]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    const next = Number(input.value || 0) + Number(step.dataset.step);
    const highest = Number(input.dataset.most ?? Infinity);
    input.value = Math.min(Math.max(next, 0), highest);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// Ticking a line fills in what is left of it.
document.addEventListener("change", (event) => {
  const tick = event.target.closest?.("input[type=checkbox][data-fills]");
  const quantity = tick && document.getElementById(tick.dataset.fills);
  if (quantity) quantity.value = tick.checked ? quantity.value || quantity.dataset.most : "";
});
