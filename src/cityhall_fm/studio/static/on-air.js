// What taps mean while the network is away: the same rule as cityhall_fm/show/on_air.py, which tests compare.
"use strict";

const onAir = (() => {
  const TOGETHER = 1500;
  const at = (tap) => tap.at + tap.offset;

  const counts = (tap, before) => {
    const has = (kind) => before.some((one) => one.kind === kind);
    if (tap.kind === "sync" || tap.kind === "end") return !has(tap.kind);
    if (tap.kind === "shift") return has("sync");
    if (tap.kind !== "begin") return true;
    if (has("end")) return false;
    const last = before.findLast((one) => one.kind === "sync" || one.kind === "begin");
    return !last || at(tap) - at(last) >= TOGETHER || (tap.jump && tap.segment !== last.segment);
  };

  const inOrder = (taps) => [...new Map(taps.map((tap) => [tap.id, tap])).values()]
    .sort((one, other) => at(one) - at(other) || (one.id < other.id ? -1 : 1));

  // Whoever pressed may not have known of the other one when it was undone here.
  const isSame = (tap, before) => tap.kind === before.kind && tap.segment === before.segment
    && at(tap) - at(before) < TOGETHER;

  const counted = (taps) => {
    let found = [];
    const undone = new Set();
    const doubles = new Map();
    for (const tap of inOrder(taps)) {
      if (tap.kind === "undo") {
        undone.add(tap.undoes);
        found = found.filter((one) => one.id !== tap.undoes && one.id !== doubles.get(tap.undoes));
      } else if (tap.kind === "again") found = [];
      else if (undone.has(tap.id)) continue;
      else if (counts(tap, found)) found.push(tap);
      else found.filter((one) => isSame(tap, one)).forEach((one) => doubles.set(tap.id, one.id));
    }
    return found;
  };

  const reckon = (taps) => {
    const found = counted(taps);
    const sync = found.find((tap) => tap.kind === "sync");
    const shift = found.filter((tap) => tap.kind === "shift").reduce((sum, tap) => sum + tap.shift, 0);
    const starts = {};
    const skipped = new Set();
    let [current, ended] = [null, null];
    for (const tap of found) {
      if (tap.kind === "skip" && tap.segment !== current) skipped.add(tap.segment);
      if (!sync) continue;
      const since = Math.max(0, at(tap) - at(sync) + shift);
      if (tap.kind === "begin") {
        starts[tap.segment] = since;
        current = tap.segment;
        skipped.delete(tap.segment);
      } else if (tap.kind === "end") ended = since;
    }
    for (const segment of skipped) delete starts[segment];
    return { counted: found, began: sync ? at(sync) : null, ended, starts, skipped: [...skipped].sort(), current };
  };

  const following = (segments, now) => {
    const place = segments.findIndex((one) => one.key === now.current);
    return segments.slice(place + 1)
      .find((one) => one.usable && !(one.key in now.starts) && !now.skipped.includes(one.key));
  };

  return { reckon, following, TOGETHER };
})();
