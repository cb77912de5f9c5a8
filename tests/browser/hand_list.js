// What a hand list of WCAG 2.2 asks of a page beyond axe. Each check gives sentences; none is good.
window.handList = (() => {
  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
  const TOUCHED = ".nav-item, main :is(button, input, select, textarea, summary, .btn, .tap)";
  const LEAST = 24;
  const THUMB = 44;
  const LOOKS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderTopColor"];
  const WIDER = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }";

  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const inside = () => document.querySelector("dialog:modal") ?? document.querySelector(":popover-open") ?? document;

  function called(element) {
    const words = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().replace(/\s+/g, " ");
    return `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}.${element.className?.baseVal ?? element.className} "${words.slice(0, 40)}"`;
  }

  // What can be reached by keys, without what is switched off or hidden.
  function stops() {
    return [...inside().querySelectorAll(FOCUSABLE)].filter((element) => (
      element.tabIndex >= 0 && !element.disabled && !element.closest("[inert]") && seen(element)));
  }

  // A link in a card may be spread over all of it.
  function spreadOf(element) {
    const after = getComputedStyle(element, "::after");
    return after.content !== "none" && after.position === "absolute" ? element.offsetParent : null;
  }

  // A tick box is as large as its label, and a field that is only there for programs as well.
  function boxOf(element) {
    const spread = spreadOf(element);
    if (spread) return spread.getBoundingClientRect();
    const boxes = [element, ...(element.labels ?? [])].filter(seen).map((part) => part.getBoundingClientRect());
    const own = boxes[0];
    const choice = element.matches("[type=checkbox], [type=radio], [type=file]");
    const large = choice ? boxes.sort((a, b) => b.width * b.height - a.width * a.height)[0] : own;
    return large ?? own;
  }

  function isInSentence(element) {
    const around = element.parentElement;
    if (getComputedStyle(element).display !== "inline") return false;
    return [...around.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\p{L}/u.test(node.data));
  }

  function nearest(box, x, y) {
    const dx = Math.max(box.left - x, 0, x - box.right);
    const dy = Math.max(box.top - y, 0, y - box.bottom);
    return Math.hypot(dx, dy);
  }

  function crowded(box, others, room) {
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    return others.some((other) => nearest(other, x, y) < room / 2);
  }

  const tight = (box, least) => box.width < least - 0.5 || box.height < least - 0.5;
  const sized = ([element, box]) => `${Math.round(box.width)}x${Math.round(box.height)} px: ${called(element)}`;

  // WCAG 2.5.8: less than 24 px only in a sentence, or where nothing else is near.
  function small() {
    const rows = stops().filter((element) => !isInSentence(element)).map((element) => [element, boxOf(element)]);
    return rows.filter(([, box]) => tight(box, LEAST))
      .filter(([, box]) => crowded(box, rows.map((row) => row[1]).filter((other) => other !== box), LEAST)).map(sized);
  }

  // On tablets at the dock and at the inspector's table a thumb does the work: 44 px.
  function narrow() {
    if (!document.querySelector("main[data-density=touch]")) return [];
    return stops().filter((element) => element.matches(TOUCHED)).map((element) => [element, boxOf(element)])
      .filter(([, box]) => tight(box, THUMB)).map(sized);
  }

  function looks(element) {
    const parts = [element, element.nextElementSibling, ...(element.labels ?? [])];
    for (let part = element.parentElement, left = 3; part && left; part = part.parentElement, left -= 1) parts.push(part);
    const styles = parts.filter(Boolean).map((part) => getComputedStyle(part));
    return [...styles, getComputedStyle(element, "::after")].map((style) => LOOKS.map((look) => style[look]).join()).join(";");
  }

  // The part of a box that is inside the window.
  function shown({ left, top, right, bottom }) {
    const edge = { left: Math.max(left, 0), top: Math.max(top, 0), right: Math.min(right, innerWidth), bottom: Math.min(bottom, innerHeight) };
    return { ...edge, width: edge.right - edge.left, height: edge.bottom - edge.top };
  }

  function isCovered(element) {
    const box = shown(boxOf(element));
    for (const [across, down] of [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]]) {
      const top = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
      if (top && (element.contains(top) || top.contains(element) || [...(element.labels ?? [])].some((label) => label.contains(top)))) return false;
    }
    return true;
  }

  // Even an instant change of colour or place takes a moment to arrive.
  function settle() {
    for (const row of document.getAnimations()) row.finish();
  }

  // Each stop in turn: its focus is seen (2.4.7), and no bar lies over it (2.4.11).
  function focused() {
    const faults = [];
    for (const element of stops()) {
      document.activeElement?.blur();
      settle();
      const before = looks(element);
      element.focus();
      settle();
      if (document.activeElement !== element) continue;
      if (looks(element) === before) faults.push(`focus is not seen: ${called(element)}`);
      if (isCovered(element)) faults.push(`focus is covered: ${called(element)}`);
    }
    document.activeElement?.blur();
    return faults;
  }

  function headings() {
    const faults = [];
    const rows = [...inside().querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen);
    const first = rows.filter((row) => row.tagName === "H1");
    if (inside() === document && first.length !== 1) faults.push(`${first.length} first headings`);
    let level = inside() === document ? 0 : 1;
    for (const row of rows) {
      const next = Number(row.tagName[1]);
      if (next > level + 1) faults.push(`a heading of level ${next} after ${level}: ${called(row)}`);
      level = next;
    }
    return faults;
  }

  function repeated(values) {
    return [...new Set(values.filter((value, place) => values.indexOf(value) !== place))];
  }

  function landmarks() {
    const faults = [];
    const navs = [...document.querySelectorAll("nav")].filter(seen);
    const said = navs.map((nav) => nav.getAttribute("aria-label") ?? document.getElementById(nav.getAttribute("aria-labelledby"))?.textContent ?? "");
    if (document.querySelectorAll("main").length !== 1) faults.push("not one main part");
    if (said.includes("")) faults.push("a navigation without a name");
    for (const name of repeated(said)) faults.push(`two navigations called ${name}`);
    for (const id of repeated([...document.querySelectorAll("[id]")].map((part) => part.id))) faults.push(`two parts with the id ${id}`);
    for (const part of document.querySelectorAll("[tabindex]")) {
      if (part.tabIndex > 0) faults.push(`an order of its own: ${called(part)}`);
    }
    if (!document.documentElement.lang) faults.push("no language");
    if (!document.title.trim() || document.title.trim().startsWith("·")) faults.push("no title");
    return faults;
  }

  function moving() {
    return document.getAnimations().filter((row) => row.effect.getComputedTiming().duration > 10)
      .map((row) => `it moves for those who want no motion: ${called(row.effect.target)}`);
  }

  function clipped() {
    return [...document.querySelectorAll("main *, dialog[open] *")].filter((element) => {
      const style = getComputedStyle(element);
      if (style.textOverflow === "ellipsis" || element.closest(".hide, svg") || !/hidden|clip/.test(style.overflow)) return false;
      return seen(element) && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
    });
  }

  // Laid out anew: after a change of size the browser still counts what was wider before.
  function tooWide() {
    const root = document.documentElement;
    root.style.display = "none";
    root.getBoundingClientRect();
    root.style.removeProperty("display");
    const by = root.scrollWidth - innerWidth;
    return by > 0 ? [`${by} px too wide`] : [];
  }

  // WCAG 1.4.12: text set wider is neither cut off nor pushed out of the window.
  function spaced() {
    const before = new Set(clipped());
    const was = tooWide().length;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(WIDER);
    document.adoptedStyleSheets = [sheet];
    const faults = clipped().filter((element) => !before.has(element)).map((element) => `wider text is cut off: ${called(element)}`);
    if (!was) faults.push(...tooWide().map((line) => `wider text makes the page ${line}`));
    document.adoptedStyleSheets = [];
    return faults;
  }

  const order = () => [...headings(), ...landmarks(), ...moving()];
  return { order, small, narrow, focused, spaced, tooWide };
})();
