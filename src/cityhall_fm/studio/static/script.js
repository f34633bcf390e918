// The reading script: how it looks, corrections of readings, the prompter, and a copy for when there is no network.
"use strict";

(() => {
  const body = document.body;
  const paper = () => document.getElementById("paper");
  const by = (id) => document.getElementById(id);

  // How it looks; remembered on this device.
  const SIZES = 8;
  let size = Number(localStorage.getItem("script-size") ?? 2);
  const showSize = () => {
    for (let one = 0; one < SIZES; one += 1) body.classList.toggle(`size-${one}`, one === size);
  };
  const turn = (name) => {
    body.classList.toggle(name);
    for (const link of document.querySelectorAll(`[data-turn="${name}"]`)) {
      link.textContent = body.classList.contains(name) ? link.dataset.on : link.dataset.off;
    }
  };
  const begin = () => {
    document.querySelectorAll(".needs-script").forEach((one) => { one.hidden = false; });
    for (const link of document.querySelectorAll("[data-turn]")) {
      link.textContent = body.classList.contains(link.dataset.turn) ? link.dataset.on : link.dataset.off;
    }
    showSize();
    if (body.classList.contains("correcting")) mark(true);
    paper()?.addEventListener("wheel", (event) => {
      if (!body.classList.contains("vertical") || event.deltaX || body.classList.contains("prompter")) return;
      event.preventDefault();
      paper().scrollLeft -= event.deltaY;
    }, { passive: false });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-turn]");
    if (link) { event.preventDefault(); turn(link.dataset.turn); return; }
    const sizer = event.target.closest("[data-size]");
    if (sizer) {
      size = Math.max(0, Math.min(SIZES - 1, size + Number(sizer.dataset.size)));
      localStorage.setItem("script-size", size);
      showSize();
      return;
    }
    if (event.target.closest("#print")) print();
    if (event.target.closest("#correct")) correct(!body.classList.contains("correcting"));
    if (event.target.closest("#ask-close")) by("ask").close();
    if (event.target.closest("#begin")) prompter(true);
    if (event.target.closest("#end")) prompter(false);
    if (event.target.closest("#go")) run(!running);
    if (event.target.closest("#slower")) hurry(-20);
    if (event.target.closest("#faster")) hurry(20);
    if (event.target.closest("#mirror")) mirror();
    const word = event.target.closest(".word");
    if (word && body.classList.contains("correcting")) ask(word);
  });

  // Corrections: each word with kanji can be chosen, by hand or with the keyboard.
  const words = () => [...document.querySelectorAll(".word")].filter((one) => !joins(one));
  const joins = (one) => one.previousElementSibling?.dataset?.word === one.dataset.word && one.previousSibling === one.previousElementSibling;
  const mark = (on) => words().forEach((one, place) => {
    if (!on) { one.removeAttribute("tabindex"); one.removeAttribute("role"); return; }
    one.tabIndex = place ? -1 : 0;
    one.setAttribute("role", "button");
  });
  const correct = (on) => {
    body.classList.toggle("correcting", on);
    by("correct").setAttribute("aria-pressed", String(on));
    by("correcting").hidden = !on;
    mark(on);
    if (on) words()[0]?.focus();
  };
  const whole = (word) => {
    let first = word;
    while (joins(first)) first = first.previousElementSibling;
    let text = "";
    let reading = "";
    for (let one = first; one?.dataset?.word === word.dataset.word && text.length < word.dataset.word.length; one = one.nextElementSibling) {
      const bare = one.querySelector("ruby")?.firstChild.textContent ?? one.textContent;
      text += bare;
      reading += one.dataset.read || bare;
    }
    return reading === text ? "" : reading;
  };
  const ask = (word) => {
    by("ask-word").value = word.dataset.word;
    by("ask-reading").value = whole(word);
    by("ask").showModal();
    by("ask-reading").select();
  };
  document.addEventListener("keydown", (event) => {
    const word = event.target.closest?.(".correcting .word");
    if (!word) return;
    const all = words();
    const place = all.indexOf(word);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step && all[place + step]) {
      event.preventDefault();
      word.tabIndex = -1;
      all[place + step].tabIndex = 0;
      all[place + step].focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      ask(word);
    } else if (event.key === "Escape") {
      correct(false);
      by("correct").focus();
    }
  });

  // The prompter runs at so many letters a minute, until somebody stops it.
  let running = false;
  let speed = Number(localStorage.getItem("script-speed") ?? 300);
  let last = 0;
  let rest = 0;
  let missed = false;
  let lock = null;
  const say = () => {
    by("speed").textContent = by("speed").dataset.words.replace("%", speed);
    by("go").textContent = running ? by("go").dataset.pause : by("go").dataset.go;
  };
  const hurry = (by_) => {
    speed = Math.max(60, Math.min(900, speed + by_));
    localStorage.setItem("script-speed", speed);
    say();
  };
  const mirror = () => by("mirror").setAttribute("aria-pressed", String(body.classList.toggle("mirrored")));
  const letters = () => {
    const bare = paper().cloneNode(true);
    bare.querySelectorAll("rt, rp, h1, h2, .cue, .running").forEach((one) => one.remove());
    return Math.max(1, bare.textContent.replace(/\s/g, "").length);
  };
  const length = (vertical) => [...paper().querySelectorAll(".part")].reduce((sum, part) => {
    const box = part.getBoundingClientRect();
    return sum + (vertical ? box.width : box.height);
  }, 0);
  let pace = 0;
  const step = (now) => {
    if (!running) return;
    const vertical = body.classList.contains("vertical");
    rest += ((now - last) / 60000) * speed * pace;
    last = now;
    const whole_ = Math.floor(rest);
    rest -= whole_;
    if (whole_) {
      if (vertical) paper().scrollLeft -= whole_;
      else paper().scrollTop += whole_;
    }
    requestAnimationFrame(step);
  };
  const run = (on) => {
    running = on;
    body.classList.toggle("running-now", on);
    say();
    if (!on) return;
    pace = length(body.classList.contains("vertical")) / letters();
    last = performance.now();
    requestAnimationFrame(step);
  };
  const prompter = async (on) => {
    body.classList.toggle("prompter", on);
    by("prompter-keys").hidden = !on;
    if (on) {
      correct_off();
      say();
      paper().scrollTo(0, 0);
      paper().focus({ preventScroll: true });
      lock = await navigator.wakeLock?.request("screen").catch(() => null);
      return;
    }
    run(false);
    body.classList.remove("mirrored");
    lock?.release();
    by("begin")?.focus();
    if (missed) { missed = false; studio.refresh(); }
  };
  const correct_off = () => { if (body.classList.contains("correcting")) correct(false); };
  document.addEventListener("keydown", (event) => {
    if (!body.classList.contains("prompter") || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = event.target.closest("button");
    const act = {
      " ": () => run(!running), ArrowUp: () => hurry(20), ArrowDown: () => hurry(-20), m: mirror,
      Escape: () => prompter(false),
      "+": () => document.querySelector("[data-size='1']").click(), "-": () => document.querySelector("[data-size='-1']").click(),
    }[event.key];
    if (!act || (button && event.key === " ")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);
  // Nothing moves under the eyes of somebody who reads: changes are shown when the prompter ends.
  document.addEventListener("studio:changed", (event) => {
    if (body.classList.contains("prompter")) { missed = true; event.preventDefault(); }
  });
  document.addEventListener("studio:page", begin);
  begin();

  // A copy on this device; it goes when its owner signs out.
  const here = location.pathname;
  const keep = async () => {
    if (!("serviceWorker" in navigator) || !window.caches) return;
    const told = by("offline");
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => new URL(one.href || one.src).pathname);
    try {
      const fresh = await fetch(here, { headers: { accept: "text/html", "x-fresh": "1" } });
      if (fresh.status === 401) { await Promise.all((await caches.keys()).map((name) => caches.delete(name))); return; }
      if (!fresh.ok) return;
      await navigator.serviceWorker.register(`${here}/worker.js`, { scope: here });
      const cache = await caches.open(`script${here}`);
      await cache.put(here, fresh);
      await cache.addAll(files);
      told.textContent = told.dataset.kept;
    } catch {
      told.textContent = told.dataset.from;
    }
  };
  keep();
  document.addEventListener("studio:page", keep);
})();
