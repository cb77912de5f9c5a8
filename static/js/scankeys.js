// Where the keys of a wedge scanner go: into the box, wherever the focus is, except in other fields.

const FAST = 50;
const SHORTEST = 3;
const GROUP_SEPARATOR = "\u001d";

/** The signs that the scanner puts around a code; they belong to this browser's scanner. */
export function scannerSigns() {
  try {
    return { prefix: "", suffix: "", ...JSON.parse(localStorage.getItem("scanner") ?? "{}") };
  } catch {
    return { prefix: "", suffix: "" };
  }
}

export function keepScannerSigns(signs) {
  try { localStorage.setItem("scanner", JSON.stringify(signs)); } catch { /* for this page only */ }
}

/** A code without what the scanner puts around it. */
export function bare(text) {
  const { prefix, suffix } = scannerSigns();
  let code = text;
  if (prefix && code.startsWith(prefix)) code = code.slice(prefix.length);
  if (suffix && code.endsWith(suffix)) code = code.slice(0, -suffix.length);
  return code.trim();
}

function writing(target) {
  return target instanceof HTMLElement
    && target.closest("input:not([type=radio], [type=checkbox], [type=file], [type=button]), textarea, select, [contenteditable]");
}

function plainKey(event) {
  return event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Send keys to the box; `take` gets each code that ends. */
export function watchKeys(box, take) {
  let last = 0;
  let burst = 0;

  function measure(event) {
    const fast = event.timeStamp - last < FAST;
    burst = fast ? burst + 1 : 1;
    last = event.timeStamp;
    return fast && burst > SHORTEST;
  }

  document.addEventListener("keydown", (event) => {
    const { prefix, suffix } = scannerSigns();
    const elsewhere = event.target !== box && writing(event.target);
    if (elsewhere && !(prefix && event.key === prefix[0])) return;
    if (event.key === "]" && event.ctrlKey) {
      event.preventDefault();
      box.value += GROUP_SEPARATOR;
      return;
    }
    if (!plainKey(event)) {
      const ends = (event.key === "Tab" || event.key === suffix) && measure(event) && box.value;
      if (ends) { event.preventDefault(); take(); }
      return;
    }
    measure(event);
    // The key goes on to the box: the focus moves before it is typed. Shortcuts shall not see it.
    if (event.target !== box) box.focus();
    event.stopPropagation();
    if (suffix && suffix.length === 1 && event.key === suffix && box.value) { event.preventDefault(); take(); }
  }, true);
}
