// Comforts only: every page works without this file.

import "./copying.js";
import "./keys.js";
import "./merging.js";
import "./presence.js";
import "./sending.js";
import "./swaps.js";

const root = document.documentElement;

// The switch in the menu: at once here, and kept for the person by the form it belongs to.
async function setTheme(form, button) {
  if (button.value) root.dataset.theme = button.value;
  else delete root.dataset.theme;
  for (const other of form.querySelectorAll("button")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  const body = new FormData(form, button);
  await fetch(form.action, { method: "POST", body, headers: { "X-Sent-By": "script" } }).catch(() => {});
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-theme-switch]") || !event.submitter) return;
  event.preventDefault();
  setTheme(event.target, event.submitter);
}, true);

// What narrows a page does so at once; without scripts there is a button beside it.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submits]")) event.target.form.requestSubmit();
});

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details[data-menu][open]");
  closeMenus(null);
  menu?.querySelector("summary")?.focus();
});

// By keys nothing is left half in view or under what was opened before.
document.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof Element) || !target.matches(":focus-visible")) return;
  closeMenus(target);
  for (const open of document.querySelectorAll(":popover-open")) {
    if (!open.contains(target)) open.hidePopover();
  }
  target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  closeMenus(target);
  if (target?.closest("[data-print]")) print();
  const closes = target?.closest("[data-closes]");
  if (closes) document.getElementById(closes.dataset.closes)?.close();

  const step = target?.closest("[data-step]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    const next = figure(input.value || 0) + figure(step.dataset.step);
    const highest = figure(input.dataset.most ?? Infinity);
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

// A long bar of sections starts at the one that is open.
centre(document.querySelector(".subnav"));

function centre(bar) {
  const open = bar?.querySelector("[aria-current]");
  if (!open) return;
  const [whole, part] = [bar.getBoundingClientRect(), open.getBoundingClientRect()];
  bar.scrollLeft += part.left + part.width / 2 - (whole.left + whole.width / 2);
}

// A figure as it was typed: some languages part decimals by a comma.
function figure(text) {
  return Number(String(text).replace(",", "."));
}

// Where tabs or sections lie across a narrow page, the current one is in view.
for (const current of document.querySelectorAll(":is(.tabs, .subnav) [aria-current]")) {
  const strip = current.closest(".tabs, .subnav");
  const [whole, own] = [strip.getBoundingClientRect(), current.getBoundingClientRect()];
  if (own.right > whole.right || own.left < whole.left) {
    strip.scrollLeft += own.left + own.width / 2 - whole.left - whole.width / 2;
  }
}
