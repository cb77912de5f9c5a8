// The count of one return: every scan goes to the server in order, and the page shows its answer.

import { Camera, canSee } from "./scancamera.js";
import { bare, keepScannerSigns, scannerSigns, watchKeys } from "./scankeys.js";
import { watchChoices } from "./scanpick.js";
import { ScanQueue } from "./scanqueue.js";
import { mute, muted, sound } from "./scansound.js";

const PIECES = ["count-actions", "count-lede", "count-last", "count-lists", "count-log", "count-carton"];
const LOOK_AGAIN = 5000;

const place = document.querySelector("[data-count]").dataset.count;
const form = document.querySelector("form[data-scan-box]");
const box = form.elements.code;
const waiting = document.querySelector("[data-waiting]");
const stuck = document.querySelector("[data-stuck]");

function stamp(root) {
  return root.querySelector("[data-scan]")?.dataset.scan ?? "";
}

function busyWith(piece) {
  const focus = document.activeElement;
  const open = piece.querySelector("details[open]");
  return open || (focus && piece.contains(focus) && focus.matches("input:not([type=radio]), textarea"));
}

/** Put pieces of an answer into the page; whoever stands on a button of them stays there. */
function show(text, pieces = PIECES) {
  const answer = new DOMParser().parseFromString(text, "text/html");
  const focus = document.activeElement?.id;
  for (const id of pieces) {
    const [old, fresh] = [document.getElementById(id), answer.getElementById(id)];
    if (old && fresh && !busyWith(old)) old.replaceWith(document.adoptNode(fresh));
  }
  if (focus && document.activeElement === document.body) document.getElementById(focus)?.focus();
  if (document.activeElement === document.body) box.focus({ preventScroll: true });
}

function arrived(answer, text) {
  const next = answer.headers.get("HX-Redirect");
  if (next) { location.assign(next); return; }
  // While more is on its way only the verdict is shown: the lists would go back in time.
  show(text, queue.idle ? PIECES : ["count-last"]);
  const verdict = document.querySelector("#count-last [data-verdict]")?.dataset.verdict;
  if (verdict) sound(verdict);
}

function told(count, refused) {
  stuck.hidden = !refused;
  waiting.hidden = refused || count === 0;
  waiting.querySelector("[data-waiting-count]").textContent = String(count);
}

const queue = new ScanQueue(`scans:${place}`, {
  token: () => form.elements.csrfmiddlewaretoken.value,
  arrived,
  told,
});

function take() {
  const code = bare(box.value);
  box.value = "";
  if (code) queue.add(place, { code });
}

function sendForm(sent, submitter) {
  const fields = Object.fromEntries(new FormData(sent, submitter));
  delete fields.csrfmiddlewaretoken;
  queue.add(sent.action, fields);
}

document.addEventListener("submit", (event) => {
  const sent = event.target;
  if (sent !== form && !sent.matches("[data-counts], [data-scanner-settings]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (sent === form) take();
  else if (sent.matches("[data-counts]")) sendForm(sent, event.submitter);
  else {
    keepScannerSigns(Object.fromEntries(new FormData(sent)));
    sent.closest("details").open = false;
    box.focus();
  }
}, true);

document.addEventListener("change", (event) => {
  const sent = event.target.closest("form[data-counts]");
  if (sent) sendForm(sent);
  if (event.target.matches("[data-sends]") && event.target.files.length) event.target.form.requestSubmit();
});

async function lookAgain() {
  if (document.hidden || !queue.idle) return;
  try {
    const answer = await fetch(place, { headers: { "HX-Request": "true" } });
    const text = answer.ok && !answer.redirected ? await answer.text() : "";
    const seen = text && stamp(new DOMParser().parseFromString(text, "text/html"));
    if (seen && seen !== stamp(document) && queue.idle) show(text);
  } catch { /* the next look may find the connection again */ }
}

function sounds() {
  const button = document.querySelector("[data-mute]");
  const tell = () => button.setAttribute("aria-pressed", String(muted()));
  button.addEventListener("click", () => { mute(!muted()); tell(); box.focus(); });
  tell();
}

function cameras() {
  const button = document.querySelector("[data-camera]");
  document.querySelector("[data-no-camera]").hidden = canSee();
  button.hidden = !canSee();
  const camera = new Camera(document.querySelector("[data-camera-view]"), (code) => queue.add(place, { code: bare(code) }));
  button.addEventListener("click", async () => {
    try {
      if (camera.on) camera.stop();
      else await camera.start();
    } catch {
      camera.stop();
      document.querySelector("[data-no-camera]").hidden = false;
    }
    button.setAttribute("aria-pressed", String(camera.on));
  });
}

function settings() {
  const kept = document.querySelector("[data-scanner-settings]");
  for (const [name, value] of Object.entries(scannerSigns())) {
    if (kept.elements[name]) kept.elements[name].value = value;
  }
}

watchChoices(box);
watchKeys(box, take);
sounds();
cameras();
settings();
box.focus();
setInterval(lookAgain, LOOK_AGAIN);
