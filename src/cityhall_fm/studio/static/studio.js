// What every page of the studio can do: live forms, pages that follow changes, keys. All works without it too.
"use strict";

const studio = (() => {
  const main = () => document.getElementById("content");
  const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";
  let dirty = false;
  let [typed, swaps] = [0, 0];

  const send = (path, { form, json, method = "POST", headers = {}, body } = {}) =>
    fetch(path, {
      method,
      headers: {
        "x-csrf": csrf, "x-live": "1", accept: json === undefined ? "text/html" : "application/json",
        ...(json === undefined ? {} : { "content-type": "application/json" }), ...headers,
      },
      body: body ?? (json === undefined ? form && new URLSearchParams(form) : JSON.stringify(json)),
    });

  const complain = (...lines) => {
    const place = document.getElementById("problem");
    place.replaceChildren(...lines.filter(Boolean).map((line) => {
      const words = document.createElement("p");
      words.textContent = line;
      return words;
    }));
    clearTimeout(complain.timer);
    complain.timer = setTimeout(() => place.replaceChildren(), 12000);
  };

  const complainOf = async (response) => {
    const text = await response.text();
    if (response.headers.get("content-type")?.startsWith("application/json")) {
      const told = JSON.parse(text);
      complain(told.error, ...(told.details ?? []), told.advice);
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const told = page.querySelector("[data-problem]");
    complain(...(told ? [...told.querySelectorAll("h1, li, p:not(:last-child)")].map((one) => one.textContent) : [response.statusText]));
  };

  // The page as it is now, put in place of the old one; whoever types is not disturbed.
  const refresh = async ({ force = false, since } = {}) => {
    if (dirty && !force) return stale();
    const response = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!response.ok) return complainOf(response);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const [old, fresh] = [main(), page.getElementById("content")];
    if (!fresh) return;
    if (dirty && !force) return stale();
    // What they did is shown already, because the page follows changes, and they went on typing.
    if (since && swaps > since.swaps && typed > since.typed) return;
    const focused = document.activeElement?.id;
    const open = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
    old.replaceWith(fresh);
    swaps += 1;
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    const notices = page.getElementById("notices");
    if (notices?.children.length) document.getElementById("notices").replaceChildren(...notices.children);
    dirty = false;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("studio:page"));
  };

  const stale = () => {
    if (document.querySelector(".stale")) return;
    const bar = document.createElement("div");
    bar.className = "stale";
    bar.setAttribute("role", "status");
    const words = document.createElement("span");
    words.textContent = main().dataset.changed;
    const load = document.createElement("button");
    load.className = "button small";
    load.textContent = main().dataset.load;
    load.addEventListener("click", () => refresh({ force: true }));
    bar.append(words, load);
    main().prepend(bar);
  };

  const follow = () => {
    const topics = main()?.dataset.topics?.trim();
    if (!topics || !window.EventSource) return;
    const source = new EventSource(`/live?topics=${encodeURIComponent(topics)}`);
    source.addEventListener("changed", (event) => {
      const told = JSON.parse(event.data);
      const heard = new CustomEvent("studio:changed", { detail: told, cancelable: true });
      if (document.dispatchEvent(heard)) refresh();
    });
    addEventListener("pagehide", () => source.close());
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-live]")) return;
    event.preventDefault();
    document.getElementById("notices").replaceChildren();
    const since = { typed, swaps };
    const fields = new FormData(form, event.submitter);
    const buttons = [...form.querySelectorAll("button")];
    buttons.forEach((one) => { one.disabled = true; });
    try {
      const response = await send(event.submitter?.getAttribute("formaction") || form.getAttribute("action"), { form: fields });
      if (!response.ok) return complainOf(response);
      form.closest("dialog")?.close();
      const to = response.headers.get("x-to");
      if (to && new URL(to, location).pathname !== location.pathname) location.assign(to);
      else await refresh({ force: true, since });
    } catch {
      complain(document.documentElement.dataset.offline ?? "…");
    } finally {
      buttons.forEach((one) => { one.disabled = false; });
    }
  });

  // Whoever leaves takes along what was kept here for reading without a network.
  document.addEventListener("submit", async (event) => {
    if (new URL(event.target.action).pathname !== "/leave" || !window.caches) return;
    event.preventDefault();
    for (const name of await caches.keys()) await caches.delete(name);
    for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
    event.target.submit();
  });

  document.addEventListener("input", (event) => {
    typed += 1;
    if (event.target.closest("form[data-live], form[data-keeps]")) dirty = true;
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  });

  // Single keys can be switched off: WCAG 2.1.4.
  const keysOn = () => localStorage.getItem("keys") !== "off";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !keysOn()) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog")) return;
    if (event.key === "?") return document.getElementById("keys")?.showModal();
    const named = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)];
    const within = document.activeElement?.closest("[data-keys]");
    const target = named.find((one) => within?.contains(one)) ?? named.find((one) => !one.closest("[data-keys]"));
    if (!target || target.disabled) return;
    event.preventDefault();
    if (target.matches("a, button, summary")) target.click(); else target.focus();
  });
  const listKeys = () => {
    const list = document.getElementById("key-list");
    if (!list) return;
    const seen = new Map([["?", document.getElementById("keys-title")?.textContent]]);
    for (const one of document.querySelectorAll("[data-key]")) seen.set(one.dataset.key, one.dataset.keyName || one.getAttribute("aria-label") || one.textContent.trim());
    list.replaceChildren(...[...seen].flatMap(([key, name]) => {
      const [term, words, cap] = ["dt", "dd", "kbd"].map((tag) => document.createElement(tag));
      cap.textContent = key === " " ? "Space" : key;
      term.append(cap);
      words.textContent = name;
      return [term, words];
    }));
  };
  // What was done is told above everything, for as long as it takes to read; what is longer stays until the next step.
  let fading = 0;
  const fade = () => {
    const notices = document.getElementById("notices");
    clearTimeout(fading);
    if (notices?.children.length === 1) fading = setTimeout(() => notices.replaceChildren(), 12000);
  };
  const onPage = () => {
    listKeys();
    fade();
    const box = document.getElementById("keys-on");
    if (box) { box.checked = keysOn(); box.onchange = () => localStorage.setItem("keys", box.checked ? "on" : "off"); }
  };
  document.addEventListener("studio:page", onPage);
  onPage();
  follow();

  return { send, complain, complainOf, refresh, csrf, keep: (value = true) => { dirty = value; } };
})();
