// The inbox by keys and in place: walking from card to card, panels over the list, the message that waits.
"use strict";

(() => {
  const cards = () => [...document.querySelectorAll("article.card")];
  let place = { id: "", index: 0 };
  let spoken = "";
  let mine = false;
  let waits = false;
  let timer = 0;

  const live = document.createElement("p");
  live.className = "hidden";
  live.setAttribute("role", "status");
  // Outside of what a refresh replaces: a panel stays open while the list behind it changes.
  const panel = document.createElement("dialog");
  panel.id = "panel";
  panel.setAttribute("aria-labelledby", "panel-title");
  document.body.append(live, panel);

  const go = (card, { scroll = true } = {}) => {
    if (!card) return;
    card.focus({ preventScroll: true });
    if (scroll) card.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  };

  const walk = (step) => {
    const all = cards();
    const here = all.indexOf(document.activeElement?.closest("article.card"));
    go(all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step))]);
  };

  document.addEventListener("focusin", (event) => {
    const card = event.target.closest("article.card");
    if (card) place = { id: card.id, index: cards().indexOf(card) };
  });

  // What was done may have taken the card away: the next one takes its place, and the keys go on.
  const stay = () => {
    if (!place.id || (document.activeElement && document.activeElement !== document.body)) return;
    const all = cards();
    go(document.getElementById(place.id) ?? all[Math.min(place.index, all.length - 1)], { scroll: mine });
    mine = false;
  };
  document.addEventListener("submit", () => { mine = true; });

  // Whoever listens to a voice is not cut short by what others do: the page waits for its end.
  const listening = () => [...document.querySelectorAll("audio")].some((one) => !one.paused);
  document.addEventListener("studio:changed", (event) => {
    if (!listening()) return;
    event.preventDefault();
    waits = true;
  });
  document.addEventListener("pause", () => {
    if (waits && !listening()) {
      waits = false;
      studio.refresh();
    }
  }, true);

  const countDown = () => {
    clearInterval(timer);
    const shown = document.querySelector("[data-seconds]");
    if (!shown) return;
    const until = performance.now() + 1000 * Number(shown.dataset.seconds);
    const tick = () => {
      const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      shown.textContent = shown.dataset.words.replace("#", left);
      if (left > 0) return;
      clearInterval(timer);
      shown.closest("form").remove();
    };
    tick();
    timer = setInterval(tick, 250);
  };

  const onPage = () => {
    document.querySelectorAll("[data-card]").forEach((one) => { one.hidden = false; });
    document.querySelectorAll("[data-noscript]").forEach((one) => { one.hidden = true; });
    const done = document.querySelector("[data-done]");
    const number = done?.closest("form").dataset.number ?? "";
    if (done && number !== spoken) live.textContent = done.textContent;
    spoken = number;
    countDown();
    stay();
  };

  const openPanel = async (address) => {
    const response = await fetch(address, { headers: { accept: "text/html" } });
    if (!response.ok) return studio.complainOf(response);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const content = page.querySelector("[data-panel-content]");
    // What goes wrong must be told where it can be seen: above the dialog, not behind it.
    panel.replaceChildren(content, document.getElementById("problem"));
    panel.querySelectorAll("[data-noscript]").forEach((one) => { one.hidden = true; });
    if (!panel.open) panel.showModal();
  };

  panel.addEventListener("close", () => {
    document.body.append(document.getElementById("problem"));
    panel.replaceChildren();
    studio.keep(false);
    setTimeout(stay);
  });

  document.addEventListener("click", (event) => {
    const walker = event.target.closest("[data-card]");
    if (walker) return walk(Number(walker.dataset.card));
    const opener = event.target.closest("a[data-panel]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openPanel(opener.href);
    }
    if (event.target.closest("[data-closes]") && panel.open) {
      event.preventDefault();
      panel.close();
    }
  });

  // Another reason brings its own words, unless the host has begun to write.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-letters]");
    if (!form) return;
    if (event.target.name === "reason") {
      const usual = [...form.querySelectorAll("template[data-reason]")];
      const words = form.querySelector("textarea");
      const text = (one) => one.content.textContent;
      const chosen = usual.find((one) => one.dataset.reason === event.target.value);
      if (words && chosen && usual.some((one) => text(one) === words.value)) words.value = text(chosen);
    }
    if (event.target.dataset.again && panel.open) {
      const reason = form.elements.reason?.value ?? "";
      openPanel(`${event.target.dataset.again}&reason=${encodeURIComponent(reason)}`);
    }
  });

  document.addEventListener("studio:page", onPage);
  onPage();
})();
