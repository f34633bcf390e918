// While a job goes on, its share moves the bar; only a new step or its end fetches the page.
"use strict";
document.addEventListener("studio:changed", (event) => {
  const share = event.detail.news?.share;
  const bar = document.getElementById("share");
  if (bar && share !== undefined && share > bar.value && share < 1) {
    bar.value = share;
    event.preventDefault();
  }
});
