// Cards moved by dragging or by keys. A column takes a card where the page says that a verb leads
// there; whether it really does is decided by the server, which is told the version that was seen.

import { ask, draggable, entryOf, refresh, rightToLeft, say, send } from "./planner.js";

const board = () => document.getElementById("plan");
const columns = () => [...document.querySelectorAll("#plan [data-column]")];
const columnOf = (card) => card.closest("[data-column]");

function phrase(id, values) {
  const text = document.getElementById(id).innerHTML.trim();
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function aloud(text) {
  document.getElementById("aloud").textContent = text;
}

// What dropping the card there means: { verb, asks } or why it cannot be.
function meaning(card, column) {
  const name = card.dataset.name;
  const way = JSON.parse(card.dataset.moves)[column.dataset.column];
  if (!way) {
    const from = columnOf(card).dataset.name;
    return { legal: false, text: phrase("may-not", { name, from, column: column.dataset.name }) };
  }
  if (way.why) return { legal: false, text: way.why };
  const text = phrase("may-drop", { verb: way.label, name });
  return { ...way, legal: true, text: way.asks ? `${text} ${phrase("asks-why", {})}` : text };
}

function showPlaces(card) {
  board().setAttribute("data-dragging", "");
  for (const column of columns()) {
    if (column === columnOf(card)) continue;
    const { legal, text } = meaning(card, column);
    const place = document.createElement("li");
    place.className = "drop";
    if (!legal) place.dataset.tone = "bad";
    place.textContent = text;
    column.querySelector("ol").prepend(place);
    column.toggleAttribute("data-closed", !legal);
  }
}

function hidePlaces() {
  board().removeAttribute("data-dragging");
  for (const place of document.querySelectorAll("#plan .drop")) place.remove();
  for (const column of columns()) {
    column.removeAttribute("data-closed");
    column.classList.remove("aim");
  }
}

function mark(column) {
  for (const other of columns()) other.classList.toggle("aim", other === column);
}

async function drop(card, column) {
  if (column === columnOf(card)) return;
  const way = meaning(card, column);
  const { uuid, version, move: url } = card.dataset;
  if (!way.legal) { sentBack(uuid, way.text); return; }
  if (way.asks) { await ask(`${url}?to=${column.dataset.column}`); return; }
  card.setAttribute("aria-busy", "true");
  const answer = await send(url, { verb: way.verb, version });
  card.removeAttribute("aria-busy");
  await refresh();
  if (answer.refused) sentBack(uuid, answer.refused);
  else { say(answer.said); entryOf(uuid)?.querySelector("a")?.focus(); }
}

function sentBack(uuid, text) {
  entryOf(uuid)?.classList.add("sent-back");
  say(text, { tone: "bad" });
}

draggable({
  items: "#plan [data-move]",
  places: "#plan [data-column]",
  start: showPlaces,
  over: mark,
  end: hidePlaces,
  drop,
});

// ---------------------------------------------------------------------- keys

let held = null;

function lift(card) {
  held = { card, column: columnOf(card) };
  card.setAttribute("data-held", "keys");
  showPlaces(card);
  mark(held.column);
  aloud(phrase("aloud-lifted", { name: card.dataset.name, column: held.column.dataset.name }));
}

function aim(by) {
  const all = columns();
  const next = all[all.indexOf(held.column) + by];
  if (!next) return;
  held.column = next;
  mark(next);
  next.scrollIntoView({ inline: "nearest", block: "nearest" });
  const own = next === columnOf(held.card);
  aloud(phrase("aloud-over", { column: next.dataset.name, meaning: own ? "" : meaning(held.card, next).text }));
}

function letGo({ dropping }) {
  const { card, column } = held;
  held = null;
  card.removeAttribute("data-held");
  hidePlaces();
  if (dropping && column !== columnOf(card)) drop(card, column);
  else aloud(phrase("aloud-left", { name: card.dataset.name, column: columnOf(card).dataset.name }));
}

function across(key) {
  const onward = rightToLeft() ? -1 : 1;
  return { ArrowRight: onward, ArrowLeft: -onward }[key] ?? 0;
}

function focusCard(column, row) {
  const cards = [...column.querySelectorAll("[data-uuid]")];
  cards[Math.min(row, cards.length - 1)]?.querySelector("a").focus();
}

// Arrow keys lead from card to card while none is lifted.
function walk(card, key) {
  const column = columnOf(card);
  const cards = [...column.querySelectorAll("[data-uuid]")];
  const row = cards.indexOf(card);
  const down = { ArrowDown: 1, ArrowUp: -1 }[key] ?? 0;
  if (down) focusCard(column, Math.max(row + down, 0));
  const all = columns().filter((other) => other === column || other.querySelector("[data-uuid]"));
  const next = all[all.indexOf(column) + across(key)];
  if (across(key) && next) focusCard(next, row);
}

function whileHeld(event) {
  if (event.key === " " || event.key === "Enter") letGo({ dropping: true });
  else if (event.key === "Escape" || event.key === "Tab") letGo({ dropping: false });
  else if (across(event.key)) aim(across(event.key));
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (held) { whileHeld(event); return; }
  const card = event.target.matches?.("#plan .ref") ? event.target.closest("[data-uuid]") : null;
  if (!card) return;
  if (event.key === " " && card.dataset.move) lift(card);
  else if (event.key.startsWith("Arrow")) walk(card, event.key);
  else return;
  event.preventDefault();
});
