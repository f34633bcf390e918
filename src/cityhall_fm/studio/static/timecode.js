// A place in the sound: "1:02:03.5" <-> milliseconds, as cityhall_fm/show/timecode.py has it.
"use strict";

const timecode = (() => {
  const parse = (text) => {
    const match = /^(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,6})(?:[.,](\d{1,3}))?$/.exec(text.trim());
    if (!match) return null;
    const [, hours, minutes, seconds, fraction] = match;
    return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds)) * 1000 + Number((fraction ?? "").padEnd(3, "0"));
  };
  const format = (milliseconds) => {
    const all = Math.floor(milliseconds / 1000);
    const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, String(all % 60).padStart(2, "0")];
    const fraction = milliseconds % 1000 ? `.${String(milliseconds % 1000).padStart(3, "0")}`.replace(/0+$/, "") : "";
    return (hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`) + fraction;
  };
  return { parse, format };
})();
