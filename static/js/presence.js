// Who else is at this record: asked every ten seconds, only while somebody looks at the page.

const EVERY = 10_000;

// The page's own place for the line, else the one beside the heading.
function places() {
  const own = document.querySelectorAll("[data-presence]");
  return own.length ? own : document.querySelectorAll("[data-presence-here]");
}

function csrf() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

async function ask(place) {
  const body = new URLSearchParams({ doing: place.dataset.doing });
  const headers = { "X-CSRFToken": csrf(), "X-Sent-By": "script" };
  const answer = await fetch(place.dataset.presence ?? place.dataset.presenceHere, { method: "POST", body, headers });
  if (!answer.ok) return;
  const text = (await answer.text()).trim();
  if (text !== place.dataset.shown) { place.innerHTML = text; place.dataset.shown = text; }
}

function askAll() {
  if (document.visibilityState !== "visible") return;
  for (const place of places()) ask(place).catch(() => {});
}

askAll();
setInterval(askAll, EVERY);
document.addEventListener("visibilitychange", askAll);
