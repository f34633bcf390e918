// Lines of the transcript: heard, split where the cursor stands, joined, and kept as a whole.
"use strict";

(() => {
  const form = () => document.getElementById("cues");
  const sound = () => document.getElementById("sound");
  const field = (line, name) => line.querySelector(`[name=${name}]`);
  const { parse, format } = timecode;
  // As the studio joins words: a space only between scripts that have one.
  const joined = (one, other) => (one && other && one.at(-1) < "\u2e80" && other[0] < "\u2e80" ? `${one} ${other}` : one + other);

  const split = (line) => {
    const words = field(line, "words");
    const place = words.selectionStart || Math.ceil(words.value.length / 2);
    const [start, end] = [parse(field(line, "start").value), parse(field(line, "end").value)];
    const next = line.cloneNode(true);
    if (start !== null && end !== null) {
      const heard = (sound()?.currentTime ?? 0) * 1000;
      const middle = Math.round(heard > start && heard < end ? heard : start + (end - start) * (place / Math.max(1, words.value.length)));
      field(line, "end").value = format(middle);
      field(next, "start").value = format(middle);
    }
    field(next, "words").value = words.value.slice(place).trim();
    field(next, "speaker").value = field(line, "speaker").value;
    field(next, "end").value = end === null ? "" : format(end);
    words.value = words.value.slice(0, place).trim();
    line.after(next);
    field(next, "words").focus();
  };
  const merge = (line) => {
    const before = line.previousElementSibling;
    if (!before) return;
    field(before, "words").value = joined(field(before, "words").value, field(line, "words").value);
    field(before, "end").value = field(line, "end").value;
    line.remove();
    field(before, "words").focus();
  };
  const add = () => {
    const line = document.getElementById("line").content.firstElementChild.cloneNode(true);
    const last = document.getElementById("lines").lastElementChild;
    field(line, "start").value = last ? field(last, "end").value : "0:00";
    document.getElementById("lines").append(line);
    field(line, "words").focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#cues button[type=button]");
    if (!button) return;
    const line = button.closest(".cue");
    if ("play" in button.dataset) {
      const at = parse(field(line, "start").value);
      if (at !== null) { sound().currentTime = at / 1000; sound().play()?.catch(() => {}); }
      return;
    }
    if ("split" in button.dataset) split(line);
    else if ("merge" in button.dataset) merge(line);
    else if ("drop" in button.dataset) { (line.nextElementSibling ?? line.previousElementSibling)?.querySelector("textarea").focus(); line.remove(); }
    else if ("add" in button.dataset) add();
    studio.keep();
  });

  document.addEventListener("submit", async (event) => {
    if (event.target.id !== "cues") return;
    event.preventDefault();
    const lines = [...document.querySelectorAll("#lines .cue")].map((line) => ["start", "end", "speaker", "words"].map((name) => field(line, name).value));
    try {
      const response = await studio.send(form().dataset.place, { json: { seen: form().dataset.seen, lines } });
      if (!response.ok) return studio.complainOf(response);
      const told = await response.json();
      form().dataset.seen = told.seen;
      document.getElementById("transcript-told").textContent = told.said;
      studio.keep(false);
    } catch { studio.complain("…"); }
  });

  document.addEventListener("change", async (event) => {
    if (event.target.id !== "transcript-file" || !event.target.files[0]) return;
    const file = event.target.files[0];
    document.getElementById("transcript-words").value = await file.text();
    document.getElementById("transcript-name").value = file.name;
  });

  const follow = () => {
    if (!sound()) return;
    sound().ontimeupdate = () => {
      const now = sound().currentTime * 1000;
      for (const line of document.querySelectorAll("#lines .cue")) {
        const [start, end] = [parse(field(line, "start").value), parse(field(line, "end").value)];
        line.classList.toggle("now", start !== null && end !== null && now >= start && now < end);
      }
    };
  };
  document.addEventListener("studio:page", follow);
  follow();
})();
