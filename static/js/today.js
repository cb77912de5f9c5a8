// Comforts of the figures: Escape puts a hint away.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const tip of document.querySelectorAll(".tip")) tip.hidden = true;
});

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const described = event.target.closest?.("[aria-describedby]");
    const tip = described && document.getElementById(described.getAttribute("aria-describedby"));
    if (tip?.matches(".tip") && !described.contains(event.relatedTarget)) tip.hidden = false;
  });
}

// After a swap the focus stays on the switch that made it.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "waiting") document.getElementById("whose")?.focus();
});
