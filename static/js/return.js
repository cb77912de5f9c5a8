// The page of one return: mentions in notes, files, one field edited by "e".

import "./files.js";

const NAME = /(?:^|\s)@([\w.-]*)$/;

/* ------------------------------------------------------------------ notes */

function mirror(form) {
  const shown = form.querySelector("[data-mirror]");
  if (shown) shown.textContent = form.elements.text.value;
}

function typedName(box) {
  return NAME.exec(box.value.slice(0, box.selectionStart));
}

function insert(box, username) {
  const found = typedName(box);
  if (!found) return;
  const end = box.selectionStart;
  const start = end - found[1].length;
  box.setRangeText(`${username} `, start, end, "end");
  box.focus();
}

function offer(form, people) {
  const list = form.querySelector("[data-mentions]");
  list.replaceChildren(...people.map(({ username, name }) => {
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "offer";
    button.dataset.username = username;
    button.textContent = name ? `${name} @${username}` : `@${username}`;
    row.append(button);
    return row;
  }));
  list.hidden = people.length === 0;
}

async function suggest(form) {
  const found = typedName(form.elements.text);
  if (!found) { offer(form, []); return; }
  const answer = await fetch(`${form.dataset.people}?q=${encodeURIComponent(found[1])}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || !typedName(form.elements.text)) return;
  offer(form, (await answer.json()).people);
}

function move(event, form) {
  const rows = [...form.querySelectorAll("[data-mentions] .offer")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  if (event.key === "Escape") { offer(form, []); form.elements.text.focus(); return; }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  (rows[event.key === "ArrowDown" ? at + 1 : at - 1] ?? form.elements.text).focus();
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("[data-note]");
  if (!form) return;
  mirror(form);
  if (event.target.name === "text") suggest(form);
});

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-mentions] .offer");
  if (!row) return;
  const form = row.closest("[data-note]");
  insert(form.elements.text, row.dataset.username);
  offer(form, []);
  mirror(form);
});

/* ------------------------------------------------------------ one field */

function typing(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
}

function openField() {
  const field = document.querySelector(".edit-field");
  if (!field) return;
  field.open = true;
  field.querySelector("select, input:not([type=hidden])").focus();
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-note]");
  if (form) { move(event, form); return; }
  const field = event.target.closest?.(".edit-field[open]");
  if (event.key === "Escape" && field) { field.open = false; field.querySelector("summary").focus(); return; }
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const single = document.documentElement.dataset.singleKeys !== "off";
  if (event.key === "e" && plain && single && !typing(event.target)) { event.preventDefault(); openField(); }
});
