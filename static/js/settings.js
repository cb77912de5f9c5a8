// The settings: narrow a list of choices to those whose words are typed.

for (const box of document.querySelectorAll("[data-filter]")) {
  const choices = [...document.querySelectorAll(box.dataset.filter)];
  box.addEventListener("input", () => narrow(choices, box.value));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

function narrow(choices, typed) {
  const words = typed.trim().toLowerCase();
  for (const choice of choices) {
    choice.hidden = !choice.textContent.toLowerCase().includes(words);
  }
  for (const group of new Set(choices.map((choice) => choice.closest("fieldset")))) {
    group.hidden = choices.every((choice) => choice.closest("fieldset") !== group || choice.hidden);
  }
}
