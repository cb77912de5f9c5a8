// What calendars and boards share: answers of the server, messages, the dialog, and dragging.
// All words come from the page.

import "./copy.js";
import { renew } from "./renewal.js";

const FAR_ENOUGH = 5;
const UNDO_SECONDS = 8;

function words(id) {
  return document.getElementById(id).innerHTML.trim();
}

export function rightToLeft() {
  return document.documentElement.dir === "rtl";
}

// Posts like a form would, and gives what the server said: { said, version } or { refused }.
export async function send(url, values) {
  const body = new URLSearchParams(values);
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  const headers = { Accept: "application/json", "X-Sent-By": "script" };
  try {
    const answer = await fetch(url, { method: "POST", body, headers });
    if (answer.headers.has("X-Login") && await renew()) return await send(url, values);
    return await answer.json();
  } catch {
    return { refused: words("failed") };
  }
}

// Shows the plan as it is now, with the focus where it was.
export async function refresh() {
  const held = document.activeElement?.closest("[data-uuid]")?.dataset.uuid;
  try {
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return;
    document.getElementById("plan").outerHTML = await answer.text();
  } catch { return; }
  document.dispatchEvent(new CustomEvent("planned"));
  if (held) entryOf(held)?.querySelector("a")?.focus();
}

export function entryOf(uuid) {
  return document.querySelector(`#plan [data-uuid="${CSS.escape(uuid)}"]`);
}

// One message at a time; with `undo` it can be taken back for a while.
export function say(text, { tone = "ok", undo = null } = {}) {
  const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  toast.dataset.tone = tone;
  toast.querySelector("p").textContent = text;
  const close = () => toast.remove();
  toast.querySelector("[data-dismiss]").addEventListener("click", close);
  if (undo) {
    const button = toast.querySelector("[data-undo]");
    button.hidden = false;
    button.addEventListener("click", () => { close(); undo(); });
    setTimeout(close, UNDO_SECONDS * 1000);
  }
  document.getElementById("answers").replaceChildren(toast);
}

// ------------------------------------------------------------------ the dialog

const dialog = () => document.getElementById("ask");

export async function ask(url) {
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) { location.assign(url); return; }
    dialog().innerHTML = await answer.text();
  } catch {
    say(words("failed"), { tone: "bad" });
    return;
  }
  dialog().showModal();
  dialog().querySelector("input:not([type=hidden]), textarea, select, button[type=submit]")?.focus();
}

async function submitted(form, submitter) {
  const values = new FormData(form, submitter);
  const answer = await send(form.action, [...values].filter(([, value]) => typeof value === "string"));
  delete form.dataset.sent;
  submitter?.removeAttribute("aria-busy");
  if (answer.refused) {
    const line = form.querySelector(".refused");
    line.textContent = answer.refused;
    line.hidden = false;
    if (answer.code === "stale_version") refresh();
    return;
  }
  dialog().close();
  say(answer.said);
  await refresh();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("#ask form[data-moves]")) return;
  event.preventDefault();
  submitted(event.target, event.submitter);
});

function plainClick(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest("[data-ask]");
  if (opener && plainClick(event)) { event.preventDefault(); ask(opener.href); }
  const closer = target?.closest("#ask [data-close]");
  if (closer) { event.preventDefault(); dialog().close(); }
});

// -------------------------------------------------------------------- dragging

// Calls start(item) once the pointer has gone far enough, over(place), drop(item, place) and
// end(). A finger scrolls instead: for it there is the menu.
export function draggable({ items, places, start, over, drop, end }) {
  let drag = null;

  document.addEventListener("pointerdown", (event) => {
    const item = event.button === 0 && event.pointerType !== "touch" ? event.target.closest?.(items) : null;
    if (item && !event.target.closest("[data-ask]")) drag = { item, x: event.clientX, y: event.clientY, moving: false };
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const gone = Math.hypot(event.clientX - drag.x, event.clientY - drag.y);
    if (!drag.moving && gone < FAR_ENOUGH) return;
    if (!drag.moving) {
      drag.moving = true;
      drag.ghost = lifted(drag.item);
      start(drag.item);
    }
    event.preventDefault();
    getSelection()?.removeAllRanges();
    drag.ghost.style.setProperty("translate", `${event.clientX - drag.x}px ${event.clientY - drag.y}px`);
    drag.place = document.elementFromPoint(event.clientX, event.clientY)?.closest(places) ?? null;
    over(drag.place);
  });

  const finish = (event) => {
    if (!drag) return;
    const { item, place, moving, ghost } = drag;
    drag = null;
    if (!moving) return;
    ghost.remove();
    item.removeAttribute("data-held");
    swallowClick();
    end();
    if (event.type === "pointerup" && place) drop(item, place);
  };
  document.addEventListener("pointerup", finish);
  document.addEventListener("pointercancel", finish);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag?.moving) finish(event);
  });
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest?.(items)) event.preventDefault();
  });
}

// A picture of the item that follows the pointer; the item itself stays where it is.
function lifted(item) {
  const box = item.getBoundingClientRect();
  const ghost = item.cloneNode(true);
  ghost.classList.add("ghost");
  ghost.setAttribute("aria-hidden", "true");
  for (const [name, value] of [["inset-block-start", box.top], ["inset-inline-start", rightToLeft() ? innerWidth - box.right : box.left], ["inline-size", box.width]]) {
    ghost.style.setProperty(name, `${value}px`);
  }
  item.closest("ul, ol").append(ghost);
  item.setAttribute("data-held", "pointer");
  return ghost;
}

// The click that ends a drag opens nothing.
function swallowClick() {
  const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 0);
}
