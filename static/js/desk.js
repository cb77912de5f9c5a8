// Comforts only: every page works without this file.

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

  const step = target?.closest("[data-step]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    const next = Number(input.value || 0) + Number(step.dataset.step);
    const highest = Number(input.dataset.most ?? Infinity);
    input.value = Math.min(Math.max(next, 0), highest);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// Ticking a line fills in what is left of it; a second submit of the same form is ignored.
document.addEventListener("change", (event) => {
  const tick = event.target.closest?.("input[type=checkbox][data-fills]");
  const quantity = tick && document.getElementById(tick.dataset.fills);
  if (quantity) quantity.value = tick.checked ? quantity.value || quantity.dataset.most : "";
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post") return;
  if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
