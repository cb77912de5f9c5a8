// What was scanned, in order, until the server has it: one POST each, again after a lost connection.

import { renew } from "./renewal.js";

const AGAIN = 1500;
const TAKEN = new Set([200, 204, 409, 412, 422]);
const MOST_RENEWALS = 3;
const LOST = new Set([502, 503, 504]);

function restored(place) {
  try { return JSON.parse(localStorage.getItem(place) ?? "[]"); } catch { return []; }
}

export class ScanQueue {
  /** `arrived` gets each answer, `told` how many wait and whether the server refuses them. */
  constructor(place, { token, arrived, told }) {
    Object.assign(this, { place, token, arrived, told, busy: false, stuck: false, renewals: 0 });
    this.items = restored(place);
    addEventListener("online", () => this.run());
    this.run();
  }

  get idle() { return this.items.length === 0; }

  add(url, fields) {
    this.items.push({ url, fields: { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, ...fields } });
    this.keep();
    this.run();
  }

  keep() {
    try {
      if (this.items.length) localStorage.setItem(this.place, JSON.stringify(this.items));
      else localStorage.removeItem(this.place);
    } catch { /* kept by the page alone */ }
  }

  async run() {
    if (this.busy || this.stuck) return;
    this.busy = true;
    while (this.items.length) {
      if (!(await this.sendFirst())) break;
    }
    this.busy = false;
  }

  async sendFirst() {
    const { url, fields } = this.items[0];
    let answer;
    let text;
    try {
      const headers = { "HX-Request": "true", "X-CSRFToken": this.token() };
      answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields), headers });
      text = await answer.text();
    } catch {
      return this.waits();
    }
    if (LOST.has(answer.status)) return this.waits();
    if (answer.headers.has("X-Login")) return this.renewed();
    if (!TAKEN.has(answer.status)) { this.stuck = true; this.told(this.items.length, true); return false; }
    this.items.shift();
    this.keep();
    this.renewals = 0;
    this.told(0, false);
    this.arrived(answer, text);
    return true;
  }

  // What was scanned waits until somebody is logged in again, on this page or on the login's. Where
  // a new token changes nothing, as without cookies, the page says so and the scans are kept.
  async renewed() {
    this.renewals += 1;
    if (this.renewals > MOST_RENEWALS) { this.stuck = true; this.told(this.items.length, true); return false; }
    try {
      if (await renew()) return true;
    } catch {
      return this.waits();
    }
    this.stuck = true;
    location.reload();
    return false;
  }

  waits() {
    this.told(this.items.length, false);
    setTimeout(() => this.run(), AGAIN);
    return false;
  }
}
