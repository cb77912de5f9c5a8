// Choosing a side of a clash fills the field in at once, so that it can still be changed by hand.

// A field of several rows is left to the server, which knows how many there will be.
function isRows(fields) {
  return fields.length > 1 && fields.every((field) => field.type === "text");
}

function fill(fields, values) {
  if (isRows(fields)) return;
  for (const field of fields) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
    else field.value = values[0] ?? "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

document.addEventListener("change", (event) => {
  const choice = event.target;
  if (!(choice instanceof HTMLInputElement) || !choice.dataset.takes) return;
  const fields = [...choice.form.elements].filter((field) => field.name === choice.dataset.takes);
  fill(fields, JSON.parse(choice.dataset.value));
});
