// The queue beside a record: the row in hand is in view, also where the queue lies across.
const current = document.querySelector("[data-queue] [aria-current]");
if (current) {
  current.scrollIntoView({ block: "nearest", inline: "center" });
  window.scrollTo(0, 0);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
