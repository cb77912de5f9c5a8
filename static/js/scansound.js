// Each verdict has a sound of its own, so that nobody has to look up from the goods.

const TUNES = {
  good: [[1320, 0.09]],
  noted: [[990, 0.06], [1320, 0.06]],
  duplicate: [[660, 0.1], [660, 0.1]],
  unexpected: [[880, 0.12], [660, 0.16]],
  ambiguous: [[660, 0.1], [880, 0.1], [660, 0.1]],
  unknown: [[220, 0.35]],
  problem: [[220, 0.18], [180, 0.3]],
};
const LOUDNESS = 0.18;

let studio = null;

export function muted() {
  try { return localStorage.getItem("scan-muted") === "yes"; } catch { return false; }
}

export function mute(quiet) {
  try { localStorage.setItem("scan-muted", quiet ? "yes" : "no"); } catch { /* for this page only */ }
}

/** Play the tune of a verdict; silent where the browser has no sound or wants a touch first. */
export function sound(verdict) {
  document.documentElement.dataset.sounded = verdict;
  if (muted() || !TUNES[verdict] || !("AudioContext" in window)) return;
  studio ??= new AudioContext();
  if (studio.state === "suspended") studio.resume();
  let at = studio.currentTime;
  for (const [pitch, length] of TUNES[verdict]) {
    tone(pitch, at, length);
    at += length + 0.03;
  }
}

function tone(pitch, at, length) {
  const oscillator = studio.createOscillator();
  const volume = studio.createGain();
  oscillator.frequency.value = pitch;
  volume.gain.setValueAtTime(LOUDNESS, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + length);
  oscillator.connect(volume).connect(studio.destination);
  oscillator.start(at);
  oscillator.stop(at + length);
}
