// Copies the feed's address; without it the address can be selected by hand.
"use strict";

const copy = document.getElementById("copy");
const feed = document.getElementById("feed");
const status = document.getElementById("status");

if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    feed.select();
    try {
      await navigator.clipboard.writeText(feed.value);
      status.textContent = copy.dataset.done;
    } catch { /* it is selected: the reader copies it */ }
  });
}
