// Photos open large on the page; without scripts they open as links.

const box = document.getElementById("lightbox");

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-lightbox]");
  if (!link || !box || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const image = box.querySelector("img");
  image.src = link.href;
  image.alt = link.dataset.lightbox;
  box.querySelector("p").textContent = link.dataset.lightbox;
  box.showModal();
});

box?.addEventListener("click", (event) => { if (event.target === box) box.close(); });
