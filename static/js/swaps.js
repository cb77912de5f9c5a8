// After a part of the page was exchanged: where the focus goes, what is said, what went wrong.

import { busy, notice, say } from "./telling.js";
import { TOKEN, renew } from "./renewal.js";

// What a person started is answered for; what asks by itself tries again by itself.
function isAsked(detail) {
  return Boolean(detail.requestConfig?.triggeringEvent?.isTrusted);
}

function focusIn(part) {
  const wanted = part.querySelector("[data-focus], [autofocus], [aria-invalid='true']");
  if (wanted) { wanted.focus(); return; }
  if (document.activeElement && document.activeElement !== document.body) return;
  if (!part.hasAttribute("tabindex")) part.setAttribute("tabindex", "-1");
  part.focus({ preventScroll: true });
}

// What was exchanged beside the part that was asked for is not where the work is.
function isMain(part, target) {
  return !part.id || !target?.id || part.id === target.id || target.contains(part);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isAsked(event.detail)) busy(true);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (isAsked(event.detail)) busy(false);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  if (!part?.isConnected) return;
  say(part.querySelector("[data-say]")?.dataset.say);
  const title = part.querySelector("[data-title]")?.dataset.title;
  if (title) document.title = title;
  if (isAsked(event.detail) && isMain(part, event.detail.target)) focusIn(part);
});

async function renewAndRepeat(detail) {
  const again = await renew();
  if (!again) return;
  const { verb, path, parameters, target, elt } = detail.requestConfig;
  parameters.delete(TOKEN); // it was the one of the session that ended
  window.htmx.ajax(verb, path, { source: elt, target, values: parameters });
}

document.addEventListener("htmx:responseError", (event) => {
  if (!isAsked(event.detail)) return;
  const answer = event.detail.xhr;
  if (answer.getResponseHeader("X-Login")) { renewAndRepeat(event.detail); return; }
  const number = answer.getResponseHeader("X-Request-ID");
  notice([502, 503, 504].includes(answer.status) ? "busy" : "refused", { number });
});

for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(lost, (event) => {
    if (isAsked(event.detail)) notice("offline");
  });
}
