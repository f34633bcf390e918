// Previews follow what is written, half a second later; the place one reads at stays.
"use strict";

(() => {
  let timer = 0;
  let latest = 0;
  const renew = (frame, url) => {
    if (!frame) return;
    const top = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, top), { once: true });
    frame.src = url;
  };
  const preview = async () => {
    const form = document.getElementById("notes-form");
    const turn = latest += 1;
    try {
      const response = await studio.send(`${form.dataset.place}/draft`, { json: { notes: form.elements.notes.value } });
      if (!response.ok) return studio.complainOf(response);
      const { draft } = await response.json();
      if (turn !== latest) return;
      const shown = document.getElementById("preview-page");
      renew(shown, shown.getAttribute("src").replace(/\/site\/\w+\//, `/site/${draft}/`));
      renew(document.getElementById("preview-app"), `${form.dataset.place}/app/${draft}`);
    } catch { /* the next change tries again */ }
  };
  document.addEventListener("input", (event) => {
    if (event.target.id !== "notes") return;
    clearTimeout(timer);
    timer = setTimeout(preview, 600);
  });
})();

// The picture is sent as it is; what apps would not take is refused with a reason.
(() => {
  const bring = async (file) => {
    if (!file) return;
    const place = document.getElementById("art-drop").dataset.place;
    const response = await studio.send(place, { method: "PUT", body: file, headers: { accept: "application/json", "content-type": file.type || "application/octet-stream" } }).catch(() => null);
    if (response && !response.ok) return studio.complainOf(response);
    if (response) await studio.refresh();
  };
  document.addEventListener("change", (event) => { if (event.target.id === "art-file") bring(event.target.files[0]); });
  for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(type, (event) => {
      const box = event.target.closest?.("#art-drop");
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      box?.classList.toggle("over", over);
      if (box && type === "drop") bring(event.dataTransfer.files[0]);
    });
  }
})();
