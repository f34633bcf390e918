// The rundown: segments are dragged into their order, and what somebody types outlasts every change of the page.
"use strict";

(() => {
  const list = () => document.getElementById("segments");
  let held = null;
  let again = null;

  // Dragging by the handle, with mouse, pen or finger; Escape lets go. The buttons do the same without.
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.(".grip");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    const segment = grip.closest(".segment");
    held = { segment, home: segment.nextElementSibling, pointer: event.pointerId, grip };
    grip.setPointerCapture(event.pointerId);
    segment.classList.add("held");
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const others = [...list().children].filter((one) => one !== held.segment);
    const next = others.find((one) => {
      const box = one.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if ((next ?? null) !== held.segment.nextElementSibling) list().insertBefore(held.segment, next ?? null);
    if (event.clientY < 90) scrollBy(0, -12);
    if (event.clientY > innerHeight - 60) scrollBy(0, 12);
  });
  const letGo = () => {
    const was = held;
    held = null;
    was?.segment.classList.remove("held");
    return was;
  };
  const putBack = () => {
    const was = letGo();
    if (was) list()?.insertBefore(was.segment, was.home);
    if (again) { again = null; studio.refresh(); }
  };
  document.addEventListener("pointerup", async (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const { segment, home } = letGo();
    if (segment.nextElementSibling === home) return again && putBack();
    const form = new URLSearchParams({
      seen: segment.dataset.seen, title: segment.dataset.title,
      before: segment.nextElementSibling?.dataset.seen ?? "",
    });
    try {
      keepTyped();
      const response = await studio.send(`${location.pathname}/move`, { form });
      if (!response.ok) await studio.complainOf(response);
      await studio.refresh({ force: true });
    } catch {
      list().insertBefore(segment, home);
      studio.complain(document.documentElement.dataset.offline ?? "…");
    }
  });
  document.addEventListener("pointercancel", putBack);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && held) putBack(); });
  document.addEventListener("studio:changed", (event) => {
    if (held) { again = true; event.preventDefault(); }
  });

  // What is typed in one form survives when another is sent, and the person stays where they were.
  const typed = new Map();
  const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden");
  const keepTyped = (except) => {
    typed.clear();
    for (const form of document.querySelectorAll("#content form[id]")) {
      if (form === except) continue;
      const changed = fields(form).some((one) => one.tagName === "SELECT"
        ? [...one.options].some((option) => option.selected !== option.defaultSelected) && one.value !== (one.querySelector("[selected]") ?? one.options[0])?.value
        : one.value !== one.defaultValue);
      if (changed) typed.set(form.id, {
        values: fields(form).map((one) => one.value),
        seen: [...form.elements].filter((one) => one.type === "hidden" && one.name.startsWith("seen")).map((one) => [one.name, one.value]),
      });
    }
  };
  const giveBack = () => {
    for (const [id, { values, seen }] of typed) {
      const form = document.getElementById(id);
      if (!form) continue;
      form.closest("details")?.setAttribute("open", "");
      fields(form).forEach((one, place) => { if (values[place] !== undefined) one.value = values[place]; });
      // What they saw when they began to write, so that nobody is written over.
      for (const [name, value] of seen) if (form.elements[name]) form.elements[name].value = value;
      studio.keep();
    }
    typed.clear();
  };
  let stay = "";
  let closes = "";
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#content")) return;
    keepTyped(event.target);
    stay = event.submitter?.id ?? "";
    closes = event.target.closest("details.edit, #about")?.id ?? "";
  }, true);
  document.addEventListener("click", (event) => { if (event.target.closest(".stale button")) keepTyped(); }, true);
  document.addEventListener("studio:page", () => {
    giveBack();
    const done = document.getElementById(closes);
    closes = "";
    if (done && !done.querySelector(":focus")) {
      done.removeAttribute("open");
      done.querySelector("summary").focus({ preventScroll: true });
      done.scrollIntoView({ block: "nearest" });
    }
    if (!stay) return;
    const button = document.getElementById(stay);
    const target = button && button.disabled ? button.closest(".segment") : button;
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest" });
    stay = "";
  });
})();
