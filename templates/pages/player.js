// Opens a page at the second that its address names (#t=754), plays from a chapter, marks the current one.
"use strict";

const player = document.getElementById("player");
const chapters = [...document.querySelectorAll(".chapters a")];
const secondOf = (hash) => {
  const match = /^#t=(\d+)$/.exec(hash);
  return match ? Number(match[1]) : null;
};

const seek = (second) => {
  if (player.readyState >= HTMLMediaElement.HAVE_METADATA) {
    player.currentTime = second;
  } else {
    player.addEventListener("loadedmetadata", () => { player.currentTime = second; }, { once: true });
    player.load();
  }
  mark(second);
};

const mark = (second) => {
  const passed = chapters.filter((link) => secondOf(link.hash) <= second + 0.25);
  for (const link of chapters) {
    if (link === passed.at(-1)) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};

const follow = () => {
  const second = secondOf(location.hash);
  if (second !== null) seek(second);
};

if (player) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#t="]');
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    seek(secondOf(link.hash));
    player.play().catch(() => {}); // a browser may want another tap first
  });
  player.addEventListener("timeupdate", () => mark(player.currentTime));
  window.addEventListener("hashchange", follow);
  follow();
}
