// Codes by camera, where the browser can read them.

const FORMATS = ["code_128", "code_39", "data_matrix", "ean_13", "ean_8", "itf", "qr_code", "upc_a", "upc_e"];
const LOOK = 150;
const SAME = 2000;

export function canSee() {
  return "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);
}

async function detector() {
  const known = await window.BarcodeDetector.getSupportedFormats();
  return new window.BarcodeDetector({ formats: FORMATS.filter((format) => known.includes(format)) });
}

export class Camera {
  /** `seen` gets each code once; the same again only after a pause. */
  constructor(view, seen) {
    Object.assign(this, { view, seen, stream: null, last: "", at: 0 });
  }

  get on() { return this.stream !== null; }

  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    this.view.srcObject = this.stream;
    this.view.hidden = false;
    await this.view.play();
    this.look(await detector());
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.view.hidden = true;
    this.view.srcObject = null;
  }

  async look(reader) {
    while (this.on) {
      for (const { rawValue } of await reader.detect(this.view)) this.note(rawValue);
      await new Promise((next) => { setTimeout(next, LOOK); });
    }
  }

  note(code) {
    const now = performance.now();
    const again = code === this.last && now - this.at < SAME;
    if (code === this.last) this.at = now;
    if (again) return;
    this.last = code;
    this.at = now;
    this.seen(code);
  }
}
