// Lists: selecting rows, ordering columns, the strip that takes back. Every list works without.

const SHOWN_FOR = 10_000;
let anchor = null;

function formOf(target) {
  return target instanceof Element ? target.closest("form[data-list]") : null;
}

function picks(form) {
  return [...form.querySelectorAll("input[name=pick]")];
}

function everything(form) {
  return form.querySelector("input[name=all]");
}

function tell(form) {
  const boxes = picks(form);
  const picked = boxes.filter((box) => box.checked).length;
  const page = form.querySelector("[data-pick-page]");
  const said = form.querySelector("[data-said]");
  if (page) {
    page.checked = picked === boxes.length;
    page.indeterminate = picked > 0 && picked < boxes.length;
  }
  if (said) said.textContent = everything(form)?.checked ? said.dataset.all : said.dataset.said.replace("{n}", picked);
}

function pickRange(form, box) {
  const boxes = picks(form);
  const [from, to] = [boxes.indexOf(anchor), boxes.indexOf(box)].sort((a, b) => a - b);
  if (from < 0) return;
  for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
}

function pickAll(form, checked) {
  for (const box of picks(form)) box.checked = checked;
  if (!checked && everything(form)) everything(form).checked = false;
}

document.addEventListener("click", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  const box = event.target.closest("input[name=pick]");
  if (box) {
    if (event.shiftKey && anchor) pickRange(form, box);
    anchor = box;
  }
  if (event.target.closest("[data-pick-none]")) pickAll(form, false);
  if (event.target.closest("input[type=checkbox], [data-pick-none]")) tell(form);
});

document.addEventListener("change", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  if (event.target.matches("[data-pick-page]")) pickAll(form, event.target.checked);
  if (event.target.name === "all" && event.target.checked) pickAll(form, true);
  if (event.target.name === "pick" && !event.target.checked && everything(form)) everything(form).checked = false;
  tell(form);
});

// Columns move in place; they are kept when the form is sent.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("form[data-columns] li button");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("li");
  const other = button.name === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (button.name === "up") other.before(row); else other.after(row);
  const still = getComputedStyle(button).visibility === "hidden" ? row.querySelector("input[type=checkbox]") : button;
  still.focus();
});

// The strip goes after a while, but never while somebody is at it.
function watchStrip() {
  const strip = document.querySelector("[data-undo-strip]:not([data-watched])");
  if (!strip) return;
  strip.dataset.watched = "";
  const away = () => {
    if (strip.matches(":hover, :focus-within")) setTimeout(away, SHOWN_FOR / 5);
    else strip.dataset.gone = "";
  };
  setTimeout(away, SHOWN_FOR);
}

// A download leaves the page as it is, so its form may be sent again.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.repeatable === undefined) return;
  setTimeout(() => {
    delete event.target.dataset.sent;
    event.submitter?.removeAttribute("aria-busy");
  });
});

document.addEventListener("htmx:afterSettle", watchStrip);
watchStrip();
