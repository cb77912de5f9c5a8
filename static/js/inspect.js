// Comforts of the inspector: keys for grades, the proposal followed, photos sent while working.

import { watchPhotos } from "./photos.js";

const form = document.getElementById("inspection");

function radios(prefix) {
  return [...form.querySelectorAll(`input[type=radio][name^="${prefix}"]`)];
}

function choose(radio) {
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The disposition follows the grade until somebody chooses another one. */
function followGrade(grade) {
  const goesTo = radios("disposition_").find((radio) => radio.value === grade.dataset.disposition);
  if (goesTo) goesTo.checked = true;
  const share = form.querySelector("[name^=share_]");
  if (share) share.placeholder = grade.dataset.share;
}

/** Deciding otherwise than the grade asks for a reason: its field is shown. */
function askWhy() {
  const grade = radios("grade_").find((radio) => radio.checked);
  const goesTo = radios("disposition_").find((radio) => radio.checked);
  const details = document.getElementById("otherwise");
  if (!grade || !goesTo?.value || !details) return;
  if (goesTo.value !== grade.dataset.disposition) details.open = true;
}

/** What the answers propose is chosen, unless the inspector chose a grade by hand. */
function followProposal() {
  const result = document.getElementById("result");
  const line = document.getElementById("proposal");
  if (line) line.textContent = result.dataset.proposal;
  if (form.dataset.byHand !== undefined || !result.dataset.proposed) return;
  const grade = radios("grade_").find((radio) => radio.value === result.dataset.proposed);
  if (grade) { grade.checked = true; followGrade(grade); }
}

function isTyping(target) {
  return target.closest("textarea, select, input:not([type=radio], [type=checkbox])");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "Enter" && !event.target.closest("a, button, summary, input")) {
    form.requestSubmit(form.querySelector("button[value=next]"));
  }
  if (!form.dataset.singleKeys || event.key.length !== 1) return;
  const key = event.key.toLowerCase();
  const grade = radios("grade_").find((radio) => radio.value.toLowerCase().startsWith(key));
  if (!grade) return;
  event.preventDefault();
  form.dataset.byHand = "";
  grade.focus();
  followGrade(grade);
  choose(grade);
}

function onChange(event) {
  if (event.target.name?.startsWith("grade_") && event.isTrusted) form.dataset.byHand = "";
  if (event.target.name?.startsWith("grade_")) followGrade(event.target);
  askWhy();
}

/** What was answered before the scripts were there is looked at as soon as they are. */
function catchUp() {
  const early = [...form.querySelectorAll("#judging input")].find(isTouched);
  if (!early) return;
  if (early.name.startsWith("grade_")) form.dataset.byHand = "";
  const look = () => early.dispatchEvent(new Event("change", { bubbles: true }));
  document.addEventListener("DOMContentLoaded", look, { once: true });
}

function isTouched(field) {
  const isChoice = field.type === "radio" || field.type === "checkbox";
  return isChoice ? field.checked && !field.defaultChecked : field.value !== field.defaultValue;
}

if (form) {
  catchUp();
  const chosen = radios("grade_").find((radio) => radio.checked);
  if (chosen && !radios("disposition_").some((radio) => radio.value && radio.checked)) followGrade(chosen);
  // Before htmx collects the form for the look ahead, the disposition follows the grade.
  form.addEventListener("change", onChange, { capture: true });
  document.addEventListener("keydown", onKey);
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.id === "result" || event.detail.target?.id === "result") followProposal();
  });
  const photos = document.getElementById("photos");
  if (photos) watchPhotos(form, photos);
}
