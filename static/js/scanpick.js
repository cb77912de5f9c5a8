// A chooser is answered by one digit, as long as nothing is being scanned or written.

const PAUSE = 300;

/** Press the offer with this number once the key stayed alone; a scan that begins with it goes on. */
export function watchChoices(box) {
  let waiting = 0;
  document.addEventListener("keydown", (event) => {
    clearTimeout(waiting);
    const alone = /^[1-9]$/.test(event.key) && box.value === "" && !event.ctrlKey && !event.metaKey;
    const free = event.target === box || !event.target.closest?.("input, textarea, select");
    const offer = alone && free && document.querySelector(`[data-chooser] [data-pick="${event.key}"]`);
    if (!offer) return;
    waiting = setTimeout(() => {
      if (box.value !== event.key) return;
      box.value = "";
      offer.click();
    }, PAUSE);
  }, true);
}
