// Photos of a line: shown at once, made smaller here, sent one after the other, each under a key
// of its own, so that one which is sent again after a lost connection is kept once.

const LONGEST = 2000;
const QUALITY = 0.85;
const PAUSES = [1000, 3000, 10000, 30000];

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The picture on the canvas, upright, no side longer than LONGEST; as a JPEG. */
async function shrink(file, canvas) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
}

function nextMoment(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() { clearTimeout(timer); removeEventListener("online", done); resolve(); }
    addEventListener("online", done);
  });
}

/** One attempt to send; `progress` hears how many percent are gone. */
function attempt(url, body, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(Math.round((100 * event.loaded) / event.total));
    });
    request.addEventListener("loadend", () => resolve({ status: request.status, answer: request.response }));
    request.send(body);
  });
}

class Photos {
  constructor(form, section) {
    this.form = form;
    this.section = section;
    this.place = section.querySelector("[data-photos]");
    this.words = section.querySelector("[data-words]").dataset;
    this.line = Promise.resolve();
    this.open = 0;
  }

  token() { return this.form.querySelector("[name=csrfmiddlewaretoken]").value; }

  /** Our own step raised the version of the return: forms opened just before it may go on. */
  follow(step) {
    for (const box of document.querySelectorAll("input[name=version]")) {
      if (Number(box.value) === step.before) box.value = step.version;
    }
  }

  add(file) {
    const figure = this.section.querySelector("[data-photo]").content.cloneNode(true).firstElementChild;
    this.place.insertBefore(figure, this.place.querySelector(".add"));
    const photo = { figure, key: newKey(), state: figure.querySelector("[data-state]") };
    figure.querySelector("[data-drop]").addEventListener("click", () => this.drop(photo));
    figure.querySelector("[data-again]").addEventListener("click", () => this.queue(photo));
    document.getElementById("expected-form")?.remove();
    photo.ready = shrink(file, figure.querySelector("canvas")).then((blob) => {
      photo.body = blob;
      photo.name = file.name.replace(/\.\w+$/, "") + ".jpg";
    });
    this.queue(photo);
  }

  queue(photo) {
    photo.figure.querySelector("[data-again]").hidden = true;
    this.open += 1;
    this.line = this.line.then(() => this.send(photo)).finally(() => { this.open -= 1; });
  }

  async send(photo) {
    try { await photo.ready; } catch { this.fail(photo, this.words.unreadable, false); return; }
    for (let tries = 0; !photo.dropped; tries += 1) {
      this.tell(photo, this.words.sending);
      const { status, answer } = await attempt(this.section.dataset.url, this.bodyOf(photo), (percent) => {
        photo.figure.querySelector("progress").value = percent;
      });
      if (status === 201 && answer) { this.keep(photo, answer); return; }
      if (status >= 400 && status < 500) { this.fail(photo, answer?.problem ?? this.words.lost, true); return; }
      if (status === 200) { this.fail(photo, this.words.lost, true); return; }
      this.tell(photo, this.words.waiting, "wait");
      await nextMoment(PAUSES[Math.min(tries, PAUSES.length - 1)]);
    }
  }

  bodyOf(photo) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", this.token());
    body.append("key", photo.key);
    body.append("about", this.section.dataset.about);
    body.append("file", photo.body, photo.name);
    return body;
  }

  keep(photo, answer) {
    this.follow(answer);
    photo.id = answer.id;
    photo.removeUrl = answer.remove_url;
    const chosen = document.createElement("input");
    chosen.type = "hidden";
    chosen.name = this.section.dataset.field;
    chosen.value = answer.id;
    photo.figure.append(chosen);
    photo.figure.querySelector(".caption").name = `caption_${answer.id}`;
    photo.figure.querySelector("progress").remove();
    this.tell(photo, this.words.kept, "ok");
    if (photo.dropped) this.drop(photo);
  }

  tell(photo, words, tone = "") {
    photo.state.textContent = words;
    photo.state.dataset.tone = tone;
  }

  fail(photo, words, again) {
    this.failed = true;
    this.tell(photo, words, "bad");
    photo.figure.querySelector("[data-again]").hidden = !again;
  }

  async drop(photo) {
    photo.dropped = true;
    photo.figure.hidden = true;
    if (photo.id) await this.remove(photo.removeUrl, photo.figure);
    else if (!this.open) photo.figure.remove();
  }

  async remove(url, figure) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", this.token());
    const { status, answer } = await attempt(url, body, () => {});
    if (status === 200 && answer) { this.follow(answer); figure.remove(); return; }
    figure.hidden = false;
    const problem = this.section.querySelector("[data-photo-problem]");
    problem.textContent = answer?.problem ?? this.words.lost;
    problem.hidden = false;
  }

  /** Saving waits for the photos that are still on their way; one that fails is shown first. */
  async hold(event) {
    if (!this.open) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.failed = false;
    event.submitter?.setAttribute("aria-busy", "true");
    await this.line;
    event.submitter?.removeAttribute("aria-busy");
    if (!this.failed) this.form.requestSubmit(event.submitter);
  }
}

/** Take care of the photos of a form, also of those that were chosen before this ran. */
export function watchPhotos(form, section) {
  const photos = new Photos(form, section);
  const take = (input) => {
    for (const file of input.files) photos.add(file);
    input.value = "";
  };
  section.addEventListener("change", (event) => {
    if (event.target.matches("[data-take]")) take(event.target);
  });
  section.querySelectorAll("[data-take]").forEach(take);
  section.addEventListener("click", (event) => {
    const figure = event.target.closest("[data-drop]")?.closest("figure[data-remove]");
    if (figure) photos.remove(figure.dataset.remove, figure);
  });
  form.addEventListener("submit", (event) => photos.hold(event), { capture: true });
}
