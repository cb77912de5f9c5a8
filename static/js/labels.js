// Printing is written down first; the browser's own dialog follows.

const form = document.querySelector("form[data-prints]");

async function noted() {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  return answer.ok;
}

document.addEventListener("submit", async (event) => {
  if (event.target !== form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  try {
    if (!(await noted())) { form.submit(); return; }
  } catch { /* Without a connection the labels are printed all the same. */ }
  print();
}, true);
