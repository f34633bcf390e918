// Recordings go to the studio piece by piece; a piece that fails is sent again, from where the studio is.
"use strict";

const upload = (() => {
  const PIECE = 4 * 2 ** 20;
  const wait = (milliseconds) => new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });

  // The same file has the same name here and after a reload: FNV-1a over what a browser tells of it.
  const nameOf = (file, use) => {
    let hash = 0xcbf29ce484222325n;
    for (const byte of new TextEncoder().encode(`${use}/${file.name}/${file.size}/${file.lastModified}`)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
    return `${hash.toString(36)}-${file.size.toString(36)}`;
  };

  // Gives the studio's answer to the last piece; throws an Error whose message is for a person.
  const send = async (file, { place, use, told, stopped, texts }) => {
    const url = `${place}${encodeURIComponent(file.name)}?use=${use}&file=${nameOf(file, use)}`;
    let failures = 0;
    for (;;) {
      if (stopped()) return null;
      try {
        const standing = await fetch(url, { method: "HEAD", headers: { accept: "application/json" } });
        if (standing.status === 401) throw Object.assign(new Error(texts.signedOut), { final: true });
        if (standing.headers.get("upload-complete") === "?1") return {};
        let at = Number(standing.headers.get("upload-offset") ?? 0);
        while (!stopped()) {
          told(at / file.size, false);
          const piece = file.slice(at, at + PIECE);
          const response = await studio.send(url, {
            method: "PUT", body: piece,
            headers: { accept: "application/json", "content-type": "application/octet-stream", "content-range": `bytes ${at}-${at + piece.size - 1}/${file.size}` },
          });
          if (response.status === 201) { told(1, false); return await response.json(); }
          if (response.status === 409 || response.status >= 500) break; // ask where it is
          if (!response.ok) {
            const problem = response.headers.get("content-type")?.startsWith("application/json") ? await response.json() : {};
            throw Object.assign(new Error([problem.error, problem.advice].filter(Boolean).join(" ") || response.statusText), { final: true });
          }
          at = Number(response.headers.get("upload-offset"));
          failures = 0;
        }
      } catch (error) {
        if (error.final) throw error;
      }
      failures += 1;
      told(null, true);
      await wait(Math.min(15000, 500 * 2 ** failures));
    }
  };

  return { send };
})();

(() => {
  const line = (file, box) => {
    const [item, words, bar, stop] = ["li", "span", "progress", "button"].map((tag) => document.createElement(tag));
    words.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    stop.type = "button";
    stop.className = "button second small";
    stop.textContent = box.dataset.stop;
    const state = document.createElement("span");
    state.className = "soft";
    item.append(words, " ", state, bar, stop);
    document.getElementById("uploads").append(item);
    return { item, bar, state, stop };
  };

  let queue = Promise.resolve();
  let running = 0;
  const bring = (files) => {
    const box = document.getElementById("upload");
    const use = box.querySelector("[name=use]:checked").value;
    const texts = { ...box.dataset };
    for (const file of [...files].sort((one, other) => one.name.localeCompare(other.name, "ja", { numeric: true }))) {
      const shown = line(file, box);
      let stopped = false;
      shown.stop.addEventListener("click", () => { stopped = true; shown.item.remove(); });
      running += 1;
      // One after the other, so that the parts of a recording keep their order.
      queue = queue.then(() => upload.send(file, {
        place: texts.place, use, texts, stopped: () => stopped,
        told: (share, waiting) => {
          if (share !== null) shown.bar.value = share;
          shown.state.textContent = waiting ? texts.waiting : texts.part.replace("{share}", Math.floor(shown.bar.value * 100));
        },
      })).then((answer) => {
        if (!answer) return;
        shown.state.textContent = texts.done;
        shown.stop.remove();
        document.getElementById("upload-told").textContent = `${file.name} ${texts.done}`;
      }).catch((error) => {
        shown.state.textContent = `${texts.failed} ${error.message}`;
        shown.state.className = "bad";
        shown.bar.remove();
      }).finally(() => {
        running -= 1;
        if (!running) studio.refresh();
      });
    }
  };

  document.addEventListener("change", (event) => {
    if (event.target.id !== "file") return;
    bring(event.target.files);
    event.target.value = "";
  });
  for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(type, (event) => {
      const box = document.getElementById("upload");
      if (!box || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      box.classList.toggle("over", over);
      if (type === "drop") bring(event.dataTransfer.files);
    });
  }
  // While files are on their way the page is not swapped: their progress is on it.
  document.addEventListener("studio:changed", (event) => { if (running) event.preventDefault(); });
  addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
})();
