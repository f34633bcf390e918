// The on-air card: a tap counts here at once, is kept in this browser, and is sent until the studio has it.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const card = () => $("card");
  const number = card().dataset.number;
  const base = `/episodes/${number}/air`;
  const PENDING = `air-${number}-pending`;
  const KNOWN = `air-${number}-known`;
  let state = JSON.parse(card().dataset.state);
  const OFFSET = "air-clock";
  // A page from the cache tells an old time: what was measured last is better, until it is measured again.
  let offset = Number(localStorage.getItem(OFFSET) ?? state.now - Date.now());
  let measured = false;
  let sending = false;
  let trouble = "";
  let guarded = 0;

  // Where the browser keeps nothing, as when its disk is full, this page still does.
  const unkept = {};
  const read = (name) => { try { return unkept[name] ?? JSON.parse(localStorage.getItem(name)) ?? []; } catch { return []; } };
  const write = (name, taps) => {
    try {
      localStorage.setItem(name, JSON.stringify(taps));
      delete unkept[name];
    } catch { unkept[name] = taps; }
  };
  const taps = () => [...read(KNOWN), ...state.taps, ...read(PENDING)];
  const now = () => onAir.reckon(taps());
  const words = (name, values = {}) => {
    let text = card().dataset[`say${name}`] ?? "";
    for (const [key, value] of Object.entries(values)) text = text.replaceAll(`{${key}}`, value);
    return text;
  };
  const time = (milliseconds) => {
    const all = Math.floor(Math.abs(milliseconds) / 1000);
    const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, String(all % 60).padStart(2, "0")];
    return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
  };

  // What the studio has is known here too, so that a page that is opened again without network is complete.
  const learn = (told) => {
    state.taps = told;
    const there = new Set(told.map((tap) => tap.id));
    write(PENDING, read(PENDING).filter((tap) => !there.has(tap.id)));
    write(KNOWN, told);
  };

  const send = async () => {
    const waiting = read(PENDING);
    if (sending || !waiting.length) return draw();
    sending = true;
    try {
      if (!measured) await setClock();
      const response = await studio.send(`${base}/taps`, { json: { taps: read(PENDING) } });
      if (response.ok) {
        learn((await response.json()).taps);
        trouble = "";
      } else trouble = response.status === 401 || response.status === 403 ? words("SignedOut") : words("Refused");
    } catch {
      trouble = words("Offline");
    } finally {
      sending = false;
    }
    draw();
    if (trouble === "" && read(PENDING).length) return send();
  };

  const setClock = async () => {
    let best = null;
    try {
      for (let round = 0; round < 5; round += 1) {
        const sent = Date.now();
        const told = await (await fetch(`${base}/clock`, { headers: { accept: "application/json" } })).json();
        const took = Date.now() - sent;
        if (!best || took < best.took) best = { took, offset: Math.round(told.now - sent - took / 2) };
      }
    } catch { /* the last one stays */ }
    if (!best || !Number.isFinite(best.offset)) return;
    offset = best.offset;
    measured = true;
    localStorage.setItem(OFFSET, offset);
    write(PENDING, read(PENDING).map(({ rough, ...one }) => (rough ? { ...one, offset } : one)));
  };

  const tap = (kind, more = {}) => {
    // Where the page came without HTTPS to a phone, randomUUID is not there.
    const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const made = { id, kind, at: Date.now(), offset, segment: "", jump: false, undoes: "", ...more, ...(measured ? {} : { rough: true }) };
    write(PENDING, [...read(PENDING), made]);
    navigator.vibrate?.(kind === "undo" ? [30, 60, 30] : 60);
    stayAwake();
    guarded = Date.now() + onAir.TOGETHER;
    draw();
    const told = now();
    const title = state.segments.find((one) => one.key === told.current)?.title ?? "";
    $("air-told").textContent = kind === "undo" ? words("Undone") : words("Told", { title, time: time(told.starts[told.current] ?? 0) });
    send();
  };

  // A finger means the moment at which it comes down, not the one at which it leaves.
  let touched = 0;
  document.addEventListener("pointerdown", (event) => { if (event.target.closest("#air-button")) touched = Date.now(); });

  const last = (told) => told.counted.findLast((one) => one.kind !== "shift");

  const pressed = {
    main: () => {
      if (Date.now() < guarded) return; // a finger that bounced, or two people at once
      const told = now();
      const next = onAir.following(state.segments, told);
      const at = Date.now() - touched < 1000 ? touched : Date.now();
      touched = 0;
      if (told.began === null) tap("sync", { at });
      else if (told.ended !== null) return;
      else if (next) tap("begin", { segment: next.key, at });
      else tap("end", { at });
    },
    undo: () => { const one = last(now()); if (one) tap("undo", { undoes: one.id }); guarded = 0; },
    skip: () => { const next = onAir.following(state.segments, now()); if (next) tap("skip", { segment: next.key }); },
    end: () => tap("end"),
    again: () => { $("again").close(); tap("again"); guarded = 0; },
    jump: (form) => tap("begin", { segment: form.elements.segment.value, jump: true }),
    leave: (form) => tap("skip", { segment: form.elements.segment.value }),
  };

  const projected = (told, elapsed) => {
    // How far the end of what is on now is from where the plan has it; what was left out is not planned.
    const place = state.segments.findIndex((one) => one.key === told.current);
    if (place < 0) return null;
    const planned = state.segments.slice(0, place + 1).filter((one) => one.usable && !told.skipped.includes(one.key))
      .reduce((sum, one) => sum + one.length, 0);
    if (told.ended !== null) return elapsed - planned;
    return Math.max(elapsed, told.starts[told.current] + state.segments[place].length) - planned;
  };

  const drawTimes = () => {
    if (!card()) return;
    const told = now();
    const here = Date.now() + offset;
    const elapsed = told.began === null ? 0 : told.ended ?? Math.max(0, here - told.began);
    $("air-clock").textContent = new Intl.DateTimeFormat("ja-JP", { timeStyle: "medium", timeZone: card().dataset.zone }).format(here);
    $("air-elapsed").textContent = time(elapsed);
    const over = projected(told, elapsed);
    const plan = $("air-plan");
    const near = over !== null && Math.abs(over) < 5000;
    plan.textContent = over === null ? "–" : near ? words("OnTime") : words(over > 0 ? "Over" : "Under", { time: time(over) });
    plan.classList.toggle("bad", over !== null && over >= 5000);
    const current = state.segments.find((one) => one.key === told.current);
    $("air-since").textContent = current && told.ended === null
      ? words("OutOf", { time: time(elapsed - told.starts[current.key]), count: time(current.length) }) : "";
  };

  const drawNext = (next) => {
    $("air-next").textContent = next?.title ?? card().dataset.more;
    const name = $("air-name");
    name.textContent = next?.asked ? (next.name ? card().dataset.named.replace("{name}", next.name) : card().dataset.anonymous) : "";
    if (next?.reading) {
      const reading = document.createElement("span");
      reading.className = "reading";
      reading.textContent = next.reading;
      name.append(" ", reading);
    }
    $("air-next-length").textContent = next?.length ? time(next.length) : "";
  };

  const drawButtons = (told, next) => {
    const button = $("air-button");
    if (!button) return;
    const mode = told.began === null ? "start" : told.ended !== null ? "over" : next ? "next" : "end";
    button.className = `tap ${mode}`;
    button.disabled = mode === "over";
    button.textContent = { start: words("Start"), over: words("EndedAt", { time: time(told.ended ?? 0) }), next: words("Next", { title: next?.title ?? "" }), end: words("End") }[mode];
    const before = last(told);
    $("air-undo").disabled = !before;
    const title = (key) => state.segments.find((one) => one.key === key)?.title ?? "";
    $("air-last").textContent = before ? { sync: words("LastSync"), end: words("LastEnd"), begin: title(before.segment), skip: words("LastSkip", { title: title(before.segment) }) }[before.kind] : "";
    $("air-skip").disabled = !next || told.ended !== null;
    $("air-end").disabled = told.began === null || told.ended !== null;
    $("air-again").disabled = told.began === null;
    $("air-then").classList.toggle("second", told.ended === null);
  };

  const drawLines = (told) => {
    for (const line of document.querySelectorAll("[data-segment]")) {
      const key = line.dataset.segment;
      const skipped = told.skipped.includes(key);
      line.className = told.current === key ? "current" : key in told.starts ? "done" : skipped ? "skipped" : "";
      if (told.current === key) line.setAttribute("aria-current", "true"); else line.removeAttribute("aria-current");
      line.querySelector(".at").textContent = key in told.starts ? time(told.starts[key]) : "–";
      const mark = line.querySelector(".state");
      mark.textContent = skipped ? mark.dataset.skipped : "";
      const [jump, leave] = line.querySelectorAll("button");
      if (jump) jump.disabled = told.began === null || told.ended !== null;
      if (leave) leave.disabled = told.current === key || skipped || told.ended !== null;
    }
  };

  const draw = () => {
    if (!card()) return;
    const told = now();
    const next = onAir.following(state.segments, told);
    $("air-now").textContent = state.segments.find((one) => one.key === told.current)?.title ?? card().dataset.nothing;
    drawNext(next);
    drawButtons(told, next);
    drawLines(told);
    const waiting = read(PENDING).length;
    const net = $("air-net");
    const line = waiting ? `${trouble} ${words("Waiting", { count: waiting })}`.trim() : told.began === null ? "" : words("Saved");
    if (net.textContent !== line) net.textContent = line;
    net.classList.toggle("warn", waiting > 0 && trouble !== "");
    card().dataset.pending = waiting;
    drawTimes();
  };

  let lock = null;
  const stayAwake = async () => {
    if (lock || document.visibilityState !== "visible" || !navigator.wakeLock) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
    } catch { /* a battery that is low may refuse */ }
  };

  document.addEventListener("submit", (event) => {
    const what = event.target.dataset?.tap;
    if (!what) return;
    event.preventDefault();
    if (card().dataset.may) pressed[what](event.target);
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  });
  // The space bar is the big button, but on another button it is that button's, and held down it is one tap.
  document.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    const other = event.target.closest("a, button, summary");
    if (event.repeat) event.preventDefault();
    if (event.repeat || (other && other.id !== "air-button")) event.stopImmediatePropagation();
  }, true);

  document.addEventListener("studio:changed", async (event) => {
    const { topic, news } = event.detail;
    event.preventDefault();
    if (topic === `air-${number}` && news?.taps) {
      const before = last(now())?.id;
      learn(news.taps);
      if (last(now())?.id !== before) guarded = Date.now() + onAir.TOGETHER;
      draw();
      return;
    }
    try {
      const response = await fetch(`${base}/state`, { headers: { accept: "application/json" } });
      if (!response.ok) return;
      const fresh = await response.json();
      const same = JSON.stringify(fresh.segments) === JSON.stringify(state.segments);
      learn(fresh.taps);
      if (same) draw(); else await studio.refresh();
    } catch { /* the network is away: what is here still counts */ }
  });
  document.addEventListener("studio:page", () => {
    state = JSON.parse(card().dataset.state);
    learn(state.taps);
    draw();
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && now().began !== null) stayAwake(); });
  addEventListener("online", () => { setClock(); send(); });
  addEventListener("storage", draw);

  // A cached page is older than what this browser knows; whichever is newer is complete.
  const known = read(KNOWN);
  if (known.length <= state.taps.length) learn(state.taps);
  draw();
  setInterval(drawTimes, 200);
  setInterval(send, 3000);
  setInterval(setClock, 60000);
  setClock().then(send);
  navigator.serviceWorker?.register(`${base}/worker.js`, { scope: base }).catch(() => {});
})();
