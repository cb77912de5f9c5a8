// At the door one scan leads to one page; the box takes the keys wherever the focus is.

import { bare, watchKeys } from "./scankeys.js";
import { watchChoices } from "./scanpick.js";
import { sound } from "./scansound.js";

const form = document.querySelector("form[data-scan-box]");
const box = form?.elements.code;

if (box) {
  watchChoices(box);
  watchKeys(box, () => form.requestSubmit());
  form.addEventListener("submit", () => { box.value = bare(box.value); }, true);
  box.focus();
  const told = document.querySelector("[data-verdict]");
  if (told) sound(told.dataset.verdict);
}
