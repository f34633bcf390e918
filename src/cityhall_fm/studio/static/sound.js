// Mastering's progress as it goes, without fetching the page for every step of it.
"use strict";

document.addEventListener("studio:changed", (event) => {
  const { topic, news } = event.detail;
  const bar = document.getElementById("master-progress");
  if (!topic.startsWith("master-") || !bar || !news || news.share === 0 || news.share === 1) return;
  bar.value = news.share;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-jump]");
  const sound = document.getElementById("sound");
  if (!jump || !sound) return;
  sound.currentTime = Number(jump.dataset.jump) / 1000;
  sound.play();
});
