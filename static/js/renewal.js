// A session that ended under the page: asked for in place, so that what was typed stays.

export const TOKEN = "csrfmiddlewaretoken";
let asking = null;

function dialog() {
  return document.getElementById("log-in-again");
}

function isSame(state) {
  return state.user === document.body.dataset.user;
}

function takeToken(token) {
  for (const field of document.querySelectorAll(`input[name="${TOKEN}"]`)) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

async function askServer(fields) {
  const options = { method: fields ? "POST" : "GET", body: fields, redirect: "error" };
  const answer = await fetch(dialog().dataset.url, options);
  const state = await answer.json();
  takeToken(state.token);
  return state;
}

function startAfresh() {
  location.assign(dialog().dataset.home);
  return false;
}

function showProblem(text) {
  const problem = dialog().querySelector("[data-problem]");
  problem.textContent = text;
  problem.hidden = !text;
}

async function logIn(form, done) {
  const button = form.querySelector("[type=submit]");
  button.setAttribute("aria-busy", "true");
  try {
    const state = await askServer(new FormData(form));
    if (!state.user) { showProblem(state.message); form.elements.password.select(); return; }
    form.elements.password.value = "";
    done(isSame(state) || startAfresh());
  } catch {
    showProblem(dialog().dataset.offline);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function ask() {
  const box = dialog();
  const form = box.querySelector("form");
  return new Promise((resolve) => {
    const done = (renewed) => { resolve(renewed); box.close(); };
    form.onsubmit = (event) => { event.preventDefault(); logIn(form, done); };
    box.onclose = () => resolve(false);
    showProblem("");
    box.showModal();
    form.elements.password.focus();
  });
}

async function renewNow() {
  const state = await askServer();
  if (isSame(state)) return true; // logged in again in another window
  return state.user ? startAfresh() : ask();
}

// Whether the same person is logged in again; another one is sent to a fresh page.
export function renew() {
  asking ??= renewNow().finally(() => { asking = null; });
  return asking;
}
