// The episode page: jumps to seconds, follows chapters and transcript, obeys keys, hands out links.
// Without it the browser's own player plays, and links lead to the places on the page.
"use strict";

const player = document.getElementById("player");
const tools = document.querySelector(".tools");
const speed = document.getElementById("speed");
const status = document.getElementById("status");
const useKeys = document.getElementById("keys");
const following = document.getElementById("follow");
const transcript = document.querySelector(".transcript details");
const box = document.querySelector(".cues");
const chapters = [...document.querySelectorAll(".chapters a")];
let cues = [];
const readCues = () => {
  cues = [...document.querySelectorAll(".cues span")].map((span) => ({ span, at: Number(span.dataset.t) }));
};
const SHORT = 10; // seconds that one key or button jumps

const kept = {
  get: (name) => { try { return localStorage.getItem(`cityhall-fm-${name}`); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(`cityhall-fm-${name}`, value); } catch { /* private window */ } },
};
const tell = (words) => { status.textContent = words; };
const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const pair = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  return whole < 3600
    ? `${minutes}:${pair(whole % 60)}`
    : `${Math.floor(whole / 3600)}:${pair(minutes)}:${pair(whole % 60)}`;
};
const secondOf = (hash) => {
  const match = /^#t=(\d+(?:\.\d+)?)$/.exec(hash);
  return match ? Number(match[1]) : null;
};

const seek = (second) => {
  if (player.readyState >= HTMLMediaElement.HAVE_METADATA) {
    player.currentTime = Math.min(Math.max(second, 0), player.duration || second);
  } else {
    player.addEventListener("loadedmetadata", () => { player.currentTime = second; }, { once: true });
    player.load();
  }
  mark(second);
};
const play = () => player.play().catch(() => {}); // a browser may want another tap first
const playFrom = (second) => { seek(second); play(); };

const lastUpTo = (places, second) => places.filter((place) => place.at <= second + 0.25).at(-1);
const only = (elements, one) => {
  for (const element of elements) {
    if (element === one) element.setAttribute("aria-current", "true");
    else if (element.hasAttribute("aria-current")) element.removeAttribute("aria-current");
  }
};
const mark = (second) => {
  const chapter = lastUpTo(chapters.map((link) => ({ link, at: secondOf(link.hash) })), second);
  only(chapters, chapter?.link);
  const cue = lastUpTo(cues, second)?.span;
  only(cues.map(({ span }) => span), cue);
  if (cue && following.checked && transcript.open) {
    const middle = cue.offsetTop - box.clientHeight / 3;
    if (Math.abs(box.scrollTop - middle) > box.clientHeight / 4) box.scrollTop = middle;
  }
};

// A long transcript has a page of its own, from which it is brought when somebody opens it here.
const bringCues = () => {
  const from = transcript.dataset.from;
  if (!from || !transcript.open) return;
  delete transcript.dataset.from;
  const request = new XMLHttpRequest(); // gives a document without making one from text
  request.responseType = "document";
  request.addEventListener("load", () => {
    const those = request.response?.querySelectorAll(".cues p") ?? [];
    if (!those.length) return; // the link to the page stays
    for (const one of those) {
      const paragraph = document.importNode(one, true);
      for (const link of paragraph.querySelectorAll("a")) link.setAttribute("href", link.hash);
      box.append(paragraph);
    }
    box.hidden = false;
    document.getElementById("apart").hidden = true;
    readCues();
    mark(player.currentTime);
  });
  request.addEventListener("error", () => { transcript.dataset.from = from; }); // opened again, tried again
  request.open("GET", from);
  request.send();
};

const setSpeed = (rate) => {
  player.playbackRate = rate;
  player.defaultPlaybackRate = rate;
  kept.set("speed", rate);
  tell(status.dataset.speed.replace("{speed}", rate));
};
const nextSpeed = (step) => {
  const place = Math.min(Math.max(speed.selectedIndex + step, 0), speed.options.length - 1);
  speed.selectedIndex = place;
  setSpeed(Number(speed.value));
};

const share = async () => {
  const page = document.querySelector('link[rel="canonical"]').href;
  const url = `${page}#t=${Math.floor(player.currentTime)}`;
  try {
    await navigator.clipboard.writeText(url);
    tell(status.dataset.shared.replace("{time}", clock(player.currentTime)));
  } catch {
    tell(`${status.dataset.link} ${url}`);
  }
};

const actions = {
  back: () => seek(player.currentTime - SHORT),
  forward: () => seek(player.currentTime + SHORT),
  toggle: () => { if (player.paused) play(); else player.pause(); },
  faster: () => nextSpeed(1),
  slower: () => nextSpeed(-1),
  share,
};
const byKey = {
  " ": "toggle", k: "toggle", j: "back", ArrowLeft: "back", l: "forward", ArrowRight: "forward",
  "+": "faster", "-": "slower",
};
const wantsItsKeys = (element, key) =>
  element.closest("input, select, textarea, audio, [contenteditable]") !== null ||
  (key === " " && element.closest("a, button, summary, label") !== null);

if (player) {
  tools.hidden = false;
  document.querySelector("details.keys").hidden = false;
  useKeys.checked = kept.get("keys") !== "off";
  useKeys.addEventListener("change", () => kept.set("keys", useKeys.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const action = byKey[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || !useKeys.checked || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || wantsItsKeys(event.target, event.key)) return;
    event.preventDefault();
    actions[action]();
  });
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) actions[button.dataset.do]();
  });
  const known = [...speed.options].find((option) => option.value === kept.get("speed"));
  if (known) {
    speed.value = known.value;
    player.defaultPlaybackRate = player.playbackRate = Number(known.value);
  }
  speed.addEventListener("change", () => setSpeed(Number(speed.value)));

  document.addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest('a[href^="#t="]');
    const cue = event.target.closest(".cues span");
    if (link) playFrom(secondOf(link.hash));
    else if (cue && getSelection().isCollapsed) playFrom(Number(cue.dataset.t));
  });
  if (box) {
    document.querySelector(".follow").hidden = false;
    readCues();
    transcript.addEventListener("toggle", () => { bringCues(); mark(player.currentTime); });
    if (location.search === "?transcript") transcript.open = true;
  }
  player.addEventListener("timeupdate", () => mark(player.currentTime));
  const jump = () => {
    const second = secondOf(location.hash);
    if (second !== null) seek(second);
  };
  window.addEventListener("hashchange", jump);
  jump();
}
