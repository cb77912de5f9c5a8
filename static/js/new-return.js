// The form for a new return: figures follow what is chosen, and customers can be picked by arrow.

const WAIT = 350;
const form = document.getElementById("return-form");
const ahead = document.querySelector("[data-ahead]");
let timer = 0;

function foresee() {
  clearTimeout(timer);
  timer = setTimeout(() => ahead?.dispatchEvent(new Event("money")), WAIT);
}

function concernsMoney(field) {
  return field.matches?.("[data-money], [name=reason], [name=outcome], [name=override_reason], [name=business], [name^=blind_], [name^=quantity_]");
}

// A typed quantity ticks its line, an emptied one takes the tick away.
function tick(field) {
  const box = field.id && form.querySelector(`input[data-fills="${CSS.escape(field.id)}"]`);
  if (box) box.checked = field.value.trim() !== "";
}

function offers() {
  return [...document.querySelectorAll("#customers .offer")];
}

function step(event) {
  const found = offers();
  if (!found.length) return;
  const at = found.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  event.preventDefault();
  (found[next] ?? form.elements.customer).focus();
}

form?.addEventListener("input", (event) => {
  if (event.target.matches(".qty")) tick(event.target);
  if (concernsMoney(event.target)) foresee();
});
form?.addEventListener("change", (event) => { if (concernsMoney(event.target)) foresee(); });
form?.addEventListener("keydown", (event) => {
  const choosing = event.target.closest(".find-customer");
  if (choosing && (event.key === "ArrowDown" || event.key === "ArrowUp")) step(event);
});
if (form?.querySelector("[data-money]:checked")) foresee();
