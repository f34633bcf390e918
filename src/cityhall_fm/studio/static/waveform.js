// The wave: chapters are dragged or moved by keys, and heard where they are put. Typing does all of it too.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const box = () => $("wave");
  const sound = () => $("sound");
  const view = { start: 0, length: 0 };
  let [peaks, loaded, dragged] = [null, "", null];

  const duration = () => Number(box().dataset.duration);
  const { parse, format } = timecode;
  const field = (row) => $(`at-${row}`);
  const put = (input, milliseconds) => {
    input.value = format(Math.max(0, Math.min(duration(), Math.round(milliseconds))));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const share = (milliseconds) => (milliseconds - view.start) / view.length;
  const timeAt = (x) => {
    const rectangle = box().querySelector(".wave").getBoundingClientRect();
    return view.start + ((x - rectangle.left) / rectangle.width) * view.length;
  };
  const play = (milliseconds) => { sound().currentTime = milliseconds / 1000; sound().play()?.catch(() => {}); };

  const drawWave = () => {
    const canvas = box().querySelector("canvas");
    const [width, height] = [canvas.clientWidth * devicePixelRatio, canvas.clientHeight * devicePixelRatio];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    if (!peaks) return;
    pen.fillStyle = getComputedStyle(canvas).color;
    const perPiece = (peaks.samples_per_pixel / peaks.sample_rate) * 1000;
    for (let x = 0; x < width; x += 1) {
      const first = Math.floor((view.start + (x / width) * view.length) / perPiece);
      const last = Math.max(first + 1, Math.floor((view.start + ((x + 1) / width) * view.length) / perPiece));
      let [low, high] = [0, 0];
      for (let piece = first; piece < last && piece < peaks.length; piece += 1) {
        low = Math.min(low, peaks.data[2 * piece]);
        high = Math.max(high, peaks.data[2 * piece + 1]);
      }
      pen.fillRect(x, ((127 - high) / 254) * height, 1, Math.max(1, ((high - low) / 254) * height));
    }
  };

  const drawMarks = () => {
    const wave = box().querySelector(".wave");
    for (const row of document.querySelectorAll("#times [data-row]")) {
      const at = parse(field(row.dataset.row).value);
      let handle = wave.querySelector(`[data-handle="${row.dataset.row}"]`);
      if (!handle) {
        handle = document.createElement("div");
        handle.className = "handle";
        handle.dataset.handle = row.dataset.row;
        handle.tabIndex = 0;
        handle.setAttribute("role", "slider");
        handle.setAttribute("aria-orientation", "horizontal");
        handle.setAttribute("aria-label", box().dataset.handle.replace("{title}", row.dataset.title));
        handle.setAttribute("aria-valuemin", "0");
        handle.setAttribute("aria-valuemax", String(duration()));
        const flag = document.createElement("span");
        flag.textContent = row.dataset.row;
        handle.append(flag);
        wave.append(handle);
      }
      handle.hidden = at === null || share(at) < 0 || share(at) > 1;
      if (at === null) continue;
      handle.style.left = `${share(at) * 100}%`;
      handle.setAttribute("aria-valuenow", String(at));
      handle.setAttribute("aria-valuetext", format(at));
      row.classList.toggle("changed", field(row.dataset.row).value !== document.querySelector(`[name=was-${row.dataset.row}]`).value);
    }
    const [from, until] = ["bite-start", "bite-end"].map((id) => parse($(id)?.value ?? ""));
    const picked = wave.querySelector(".picked");
    picked.hidden = from === null || until === null || until <= from;
    if (!picked.hidden) Object.assign(picked.style, { left: `${share(from) * 100}%`, width: `${((until - from) / view.length) * 100}%` });
  };

  const drawHead = () => {
    if (!box() || !sound()) return;
    const head = box().querySelector(".playhead");
    const at = share(sound().currentTime * 1000);
    head.hidden = at < 0 || at > 1;
    head.style.left = `${at * 100}%`;
  };
  const draw = () => { drawWave(); drawMarks(); drawHead(); };

  const show = (start, length) => {
    view.length = Math.min(duration(), Math.max(2000, length));
    view.start = Math.min(duration() - view.length, Math.max(0, start));
    const scroll = $("wave-scroll");
    const room = duration() - view.length;
    scroll.value = room > 0 ? Math.round((view.start / room) * 1000) : 0;
    scroll.disabled = room <= 0;
    draw();
  };

  const open = async () => {
    if (!box()) return;
    box().hidden = false;
    if (!view.length) view.length = duration();
    if (loaded !== box().dataset.peaks) {
      loaded = box().dataset.peaks;
      Object.assign(view, { start: 0, length: duration() });
      try {
        const response = await fetch(loaded, { headers: { accept: "application/json" } });
        peaks = response.ok ? await response.json() : null;
      } catch { peaks = null; }
    }
    if (!box()) return;
    show(view.start, view.length);
    sound().ontimeupdate = drawHead;
    new ResizeObserver(draw).observe(box().querySelector("canvas"));
  };

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".handle");
    if (!handle || field(handle.dataset.handle).readOnly) return;
    dragged = handle;
    handle.setPointerCapture(event.pointerId);
    handle.focus();
    event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    if (dragged) put(field(dragged.dataset.handle), Math.round(timeAt(event.clientX) / 100) * 100);
  });
  document.addEventListener("pointerup", () => {
    if (dragged) play(parse(field(dragged.dataset.handle).value));
    dragged = null;
  });
  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest?.(".handle");
    if (!handle) return;
    const input = field(handle.dataset.handle);
    const step = { ArrowLeft: -100, ArrowRight: 100, ArrowDown: -100, ArrowUp: 100, PageDown: -1000, PageUp: 1000 }[event.key];
    if (event.key === "Enter" || event.key === " ") play(parse(input.value));
    else if (step === undefined || input.readOnly) return;
    else put(input, parse(input.value) + (event.shiftKey ? Math.sign(step) * 1000 : step));
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("click", (event) => {
    const { zoom, play: row, here, now } = event.target.closest("button")?.dataset ?? {};
    if (zoom) {
      const middle = sound().currentTime * 1000 || view.start + view.length / 2;
      show(middle - view.length / zoom / 2, view.length / zoom);
    } else if (row) { const at = parse(field(row).value); if (at !== null) play(at); }
    else if (here) put(field(here), Math.round(sound().currentTime * 10) * 100);
    else if (now) put($(now), Math.round(sound().currentTime * 10) * 100);
    else if (event.target.matches?.(".wave canvas")) play(timeAt(event.clientX));
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "wave-scroll") show((event.target.value / 1000) * (duration() - view.length), view.length);
    else if (event.target.closest("#times, form") && box()) drawMarks();
  });
  document.addEventListener("studio:page", open);
  open();
})();
