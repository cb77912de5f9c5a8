// The queue beside a record: the row in hand is in view, also where the queue lies across.
const current = document.querySelector("[data-queue] [aria-current]");
if (current) {
  current.scrollIntoView({ block: "nearest", inline: "center" });
  window.scrollTo(0, 0);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

const total = document.querySelector("[data-total]");

/** Amounts are added in minor units, so that no figure is off by a rounding of the machine. */
function add() {
  const chosen = [...document.querySelectorAll("[data-amount]:checked")];
  const cents = chosen.reduce((sum, box) => sum + Math.round(Number(box.dataset.amount) * 100), 0);
  const figure = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2 }).format(cents / 100);
  total.textContent = total.dataset.said.replace("{n}", chosen.length).replace("{sum}", figure);
}

if (total) {
  document.querySelector("[data-sums]").addEventListener("change", add);
  add();
}
