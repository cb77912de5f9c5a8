// Buttons that copy what they name, and say so.

async function copy(button) {
  try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
  const words = button.querySelector("[aria-live]");
  if (words) words.textContent = button.dataset.copied;
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-copy]");
  if (button) copy(button);
});
