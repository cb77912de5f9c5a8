// Whoever goes back and sends the same once more means the same: the form goes with the key that it
// had, although the browser fetched the page anew and the page brought a new key.

const FRAME = ["csrfmiddlewaretoken", "once"];
const MOST = 100_000;

const [entry] = performance.getEntriesByType("navigation");
const before = entry?.type === "back_forward" ? new Map(history.state?.sent) : new Map();

function contentOf(form, submitter, address) {
  const typed = [...new FormData(form, submitter)].filter(([name]) => !FRAME.includes(name));
  const rows = typed.map(([name, value]) => [name, value.name === undefined ? value : [value.name, value.size]]);
  return JSON.stringify([address.href, rows]);
}

export function rememberSent(form, submitter, address) {
  const key = form.querySelector('input[name="once"]');
  const content = key ? contentOf(form, submitter, address) : "";
  if (!content || content.length > MOST) return;
  key.value = before.get(content) ?? key.value;
  const others = (history.state?.sent ?? []).filter(([text]) => text !== content);
  history.replaceState({ ...history.state, sent: [...others, [content, key.value]] }, "");
}
