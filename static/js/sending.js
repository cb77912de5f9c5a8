// Forms that can be sent again without harm are sent by script: without an answer the page and all
// that was typed stay, and a button sends the same form once more. All others go as browsers do it.

import { rememberSent } from "./gone_back.js";
import { busy, dismiss, notice } from "./telling.js";
import { renew } from "./renewal.js";

const PATIENCE = 60_000;

function isRepeatable(form) {
  return form.dataset.again !== undefined || form.querySelector('input[name="once"]') !== null;
}

// What only looks ahead is asked for as browsers do it: the answer is a page, not a way on.
function isPlain(form, submitter) {
  const asked = submitter?.formNoValidate || submitter?.dataset.plain !== undefined;
  return asked || form.dataset.plain !== undefined;
}

function addressOf(form, submitter) {
  const given = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  return new URL(given || location.href, location.href);
}

function hold(form, submitter) {
  form.dataset.sent = "";
  submitter?.setAttribute("aria-busy", "true");
}

function release(form, submitter) {
  delete form.dataset.sent;
  submitter?.removeAttribute("aria-busy");
}

function go(place) {
  const target = new URL(place, location.href);
  const here = target.pathname === location.pathname && target.search === location.search;
  location.assign(target.href);
  if (here && target.hash) location.reload();
}

// Nothing was done: the browser sends it once more and shows the answer as a page of its own.
function sendPlainly(form, submitter) {
  release(form, submitter);
  form.dataset.plain = "";
  form.requestSubmit(submitter);
  delete form.dataset.plain;
}

// What is shown only once must not be asked for again: its page takes this one's place.
function show(text) {
  const shown = new DOMParser().parseFromString(text, "text/html");
  document.title = shown.title;
  document.getElementById("main").replaceWith(shown.getElementById("main"));
  document.getElementById("main").focus();
}

function troubleIn(status) {
  return [502, 503, 504].includes(status) ? "busy" : "broken";
}

async function taken(answer, form, submitter, renewed) {
  const again = () => send(form, submitter);
  const place = answer.headers.get("X-Go-To") ?? (answer.redirected ? answer.url : "");
  if (place) return go(place);
  if (answer.headers.has("X-Login") && !renewed) {
    const isIn = await renew();
    release(form, submitter);
    return isIn ? send(form, submitter, true) : undefined;
  }
  if (answer.status >= 500) {
    release(form, submitter);
    const number = answer.headers.get("X-Request-ID");
    return notice(troubleIn(answer.status), { retry: again, number });
  }
  if (answer.headers.has("X-Done")) return show(await answer.text());
  return sendPlainly(form, submitter);
}

async function send(form, submitter, renewed = false) {
  if (form.dataset.sent !== undefined) return;
  hold(form, submitter);
  dismiss();
  busy(true);
  try {
    const answer = await fetch(addressOf(form, submitter), {
      method: "POST",
      body: new FormData(form, submitter),
      headers: { "X-Sent-By": "script" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    await taken(answer, form, submitter, renewed);
  } catch {
    release(form, submitter);
    notice("offline", { retry: () => send(form, submitter) });
  } finally {
    busy(false);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
  const address = addressOf(form, event.submitter);
  const local = address.origin === location.origin;
  if (local) rememberSent(form, event.submitter, address);
  if (!isPlain(form, event.submitter) && local && isRepeatable(form)) {
    event.preventDefault();
    send(form, event.submitter);
  } else {
    hold(form, event.submitter);
  }
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("form [aria-busy]")) button.removeAttribute("aria-busy");
});
