// What a person is told beside the page: one live region, one notice at a time. All words are the page's.

export function say(text) {
  const region = document.getElementById("said");
  if (!region || !text) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 50); // the same words twice are said twice
}

export function dismiss() {
  document.getElementById("notices")?.replaceChildren();
}

// `retry` is what the notice's button does; `number` the request's number for the administrator.
export function notice(kind, { retry, number } = {}) {
  const place = document.getElementById("notices");
  const template = document.querySelector(`template[data-notice="${kind}"]`);
  if (!place || !template) return;
  const shown = template.content.cloneNode(true);
  const button = shown.querySelector("[data-retry]");
  if (retry) button?.addEventListener("click", () => { dismiss(); retry(); });
  else button?.remove();
  const code = shown.querySelector("[data-number]");
  if (number && code) code.textContent = number;
  else code?.closest("small")?.remove();
  shown.querySelector("[data-close]")?.addEventListener("click", dismiss);
  place.replaceChildren(shown);
}

let underWay = 0;

export function busy(more) {
  underWay = Math.max(0, underWay + (more ? 1 : -1));
  document.documentElement.toggleAttribute("data-busy", underWay > 0);
}
