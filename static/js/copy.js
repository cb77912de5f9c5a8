// Puts what a field holds on the clipboard; the button says that it did.

const SHOWN_FOR = 2000;

async function copied(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await copied(document.getElementById(button.dataset.copy));
  const label = button.lastChild;
  const before = label.textContent;
  if (before === button.dataset.copied) return;
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = before; }, SHOWN_FOR);
});
