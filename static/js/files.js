// Files of a record: chosen, dropped or pasted, sent at once. The form's key makes it harmless to
// send them again, so a lost session or answer loses and doubles nothing.

import { renew } from "./renewal.js";

function attempt(form, data) {
  const progress = form.querySelector("progress");
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-Sent-By", "script");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("loadend", () => resolve(request));
    request.send(data);
  });
}

function contents(form, files) {
  const data = new FormData(form);
  data.delete("file");
  for (const file of files) data.append("file", file, file.name);
  return data;
}

async function sent(form, files) {
  const request = await attempt(form, contents(form, files));
  if (!request.getResponseHeader("X-Login")) return request;
  return (await renew()) ? attempt(form, contents(form, files)) : request;
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

/** The section as it is now, with what went wrong in it. */
function show(page, words) {
  const fresh = document.importNode(page.getElementById("files"), true);
  document.getElementById("files").replaceWith(fresh);
  tell(fresh.querySelector("[data-drop]"), words);
}

function tell(form, words) {
  const told = form.querySelector("[role=alert]");
  told.textContent = words;
  told.hidden = !words;
}

async function answered(request) {
  const place = request.getResponseHeader("X-Go-To");
  if (place) {
    const answer = await fetch(place);
    show(parsed(await answer.text()), "");
  } else {
    const page = parsed(request.status === 422 ? request.responseText : "");
    show(page, page.querySelector(".banner[data-tone=bad] p").textContent);
  }
}

async function send(form, files) {
  if (form.dataset.sent !== undefined) return;
  form.dataset.sent = "";
  form.querySelector("progress").hidden = false;
  tell(form, "");
  try {
    await answered(await sent(form, [...files]));
  } catch {
    tell(form, form.dataset.failed);
  } finally {
    delete form.dataset.sent;
    form.querySelector("progress").hidden = true;
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-drop]");
  if (form && event.target.files?.length) send(form, event.target.files);
});

document.addEventListener("submit", (event) => {
  const files = event.target.matches("[data-drop]") && event.target.elements.file.files;
  if (!files || !files.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  send(event.target, files);
}, true);

document.addEventListener("dragover", (event) => {
  const form = document.querySelector("[data-drop]");
  if (!form || ![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  form.classList.add("over");
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.querySelector("[data-drop]")?.classList.remove("over");
});

document.addEventListener("drop", (event) => {
  const form = document.querySelector("[data-drop]");
  if (!form || !event.dataTransfer.files.length) return;
  event.preventDefault();
  form.classList.remove("over");
  send(form, event.dataTransfer.files);
});

document.addEventListener("paste", (event) => {
  const form = document.querySelector("[data-drop]");
  if (!form || !event.clipboardData?.files.length) return;
  event.preventDefault();
  send(form, event.clipboardData.files);
});
