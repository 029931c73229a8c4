// Three sounds, a buzz and a word: a picker need not look at the screen.
const SOUNDS = {
  good: [[880, 0, 0.08]],
  done: [[660, 0, 0.09], [990, 0.1, 0.14]],
  warn: [[520, 0, 0.12], [520, 0.18, 0.12]],
  bad: [[160, 0, 0.6]],
};
const BUZZ = { good: [40], done: [40, 40, 80], warn: [80, 60, 80], bad: [400] };
let audio;

const ready = () => {
  audio ??= new (window.AudioContext || window.webkitAudioContext)();
  if (audio.state === "suspended") audio.resume();
};
// Browsers allow sound after the first touch or key.
for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, ready, { passive: true });

const beep = ([pitch, after, length]) => {
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  const start = audio.currentTime + after;
  tone.frequency.value = pitch;
  tone.type = pitch < 300 ? "sawtooth" : "sine";
  loudness.gain.setValueAtTime(0.5, start);
  loudness.gain.exponentialRampToValueAtTime(0.001, start + length);
  tone.connect(loudness).connect(audio.destination);
  tone.start(start);
  tone.stop(start + length);
};

const sound = (kind) => {
  try {
    ready();
    SOUNDS[kind].forEach(beep);
    navigator.vibrate?.(BUZZ[kind]);
  } catch { /* a device without sound still shows everything */ }
};

// `bad` and `warn` stay until something good is scanned; nothing is ever a dialog.
export const feedback = (root) => {
  const alarm = root.querySelector("[data-alarm]");
  const said = root.querySelector("[data-said]");
  return (kind, text) => {
    sound(kind);
    const isAlarm = kind === "bad" || kind === "warn";
    alarm.hidden = !isAlarm;
    if (isAlarm) [alarm.dataset.kind, alarm.textContent] = [kind, text];
    else said.textContent = text;
  };
};
