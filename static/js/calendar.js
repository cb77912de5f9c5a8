// Days by arrow keys, and records dragged to another day. Days are names like 2026-11-19 and never
// become moments, so no time zone moves them.

import { draggable, entryOf, refresh, rightToLeft, say, send } from "./planner.js";

const days = () => [...document.querySelectorAll("#plan [data-day]")];
const dateOf = (day) => day.querySelector(".date");

// One of the days is in the order of the Tab key; the arrow keys lead to the others.
function rove(chosen) {
  const all = days();
  const current = chosen ?? all.find((day) => day.matches("[aria-current]")) ?? all.find((day) => !day.matches(".out"));
  for (const day of all) dateOf(day).tabIndex = day === current ? 0 : -1;
}

function step(key) {
  const across = document.querySelector("#plan .month") ? 7 : 1;
  const onward = rightToLeft() ? -1 : 1;
  return { ArrowRight: onward, ArrowLeft: -onward, ArrowDown: across, ArrowUp: -across }[key];
}

document.addEventListener("keydown", (event) => {
  const day = event.target.closest?.("#plan [data-day]");
  const by = step(event.key);
  if (!day || !by || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = days();
  const next = all[all.indexOf(day) + by];
  event.preventDefault();
  if (!next) return;
  rove(next);
  dateOf(next).focus();
});

function listOf(day) {
  return day.querySelector("ul") ?? day.appendChild(document.createElement("ul"));
}

// Only the day and the version go: whatever else somebody changed meanwhile stays as it is.
async function move(entry, day) {
  const { uuid, version, move: url } = entry.dataset;
  const before = entry.closest("[data-day]").dataset.day;
  const place = { parent: entry.parentElement, next: entry.nextElementSibling };
  listOf(day).append(entry);
  entry.setAttribute("aria-busy", "true");
  const answer = await send(url, { target_date: day.dataset.day, version });
  if (answer.refused) {
    place.parent.insertBefore(entry, place.next);
    entry.removeAttribute("aria-busy");
    entry.classList.add("sent-back");
    say(answer.refused, { tone: "bad" });
    if (answer.code !== "stale_version") return;
    await refresh();
    entryOf(uuid)?.classList.add("sent-back");
    return;
  }
  await refresh();
  say(answer.said, { undo: () => undo(uuid, url, before, answer.version) });
}

async function undo(uuid, url, day, version) {
  const answer = await send(url, { target_date: day, version });
  say(answer.refused ?? answer.said, { tone: answer.refused ? "bad" : "ok" });
  await refresh();
}

function mark(day) {
  for (const other of document.querySelectorAll("#plan .aim")) if (other !== day) other.classList.remove("aim");
  day?.classList.add("aim");
}

draggable({
  items: "#plan [data-move]",
  places: "#plan [data-day]",
  start: () => document.getElementById("plan").setAttribute("data-dragging", ""),
  over: mark,
  end: () => {
    document.getElementById("plan").removeAttribute("data-dragging");
    mark(null);
  },
  drop: (entry, day) => {
    if (day !== entry.closest("[data-day]")) move(entry, day);
  },
});

document.addEventListener("planned", () => rove());
rove();
