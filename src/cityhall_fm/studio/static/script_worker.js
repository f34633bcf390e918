// Keeps one episode's script readable without a network: the network first, then this device's copy.
"use strict";

const HERE = new URL(self.registration.scope).pathname;
const NAME = `script${HERE}`;
const PATIENCE = 4000;
const DAYS = 7; // as long as a session lasts at most

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const within = (promise) => Promise.race([
  promise,
  new Promise((_, late) => { setTimeout(late, PATIENCE, new Error("late")); }),
]);

const forget = async () => {
  for (const name of await caches.keys()) if (name.startsWith("script/")) await caches.delete(name);
};

const kept = async (path) => {
  const cache = await caches.open(NAME);
  const copy = await cache.match(path);
  const at = Date.parse(copy?.headers.get("date") ?? "");
  if (copy && Date.now() - at > DAYS * 86400000) { await forget(); return undefined; }
  return copy;
};

const answer = async (request, path) => {
  try {
    const response = await within(fetch(request));
    if (response.status === 401) await forget();
    else if (response.ok && request.method === "GET") await (await caches.open(NAME)).put(path, response.clone());
    return response;
  } catch (error) {
    const copy = await kept(path);
    if (copy) return copy;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const page = url.pathname === HERE && request.mode === "navigate";
  const ours = page || url.pathname.startsWith("/static/");
  if (request.method !== "GET" || url.origin !== location.origin || !ours) return;
  event.respondWith(answer(request, url.pathname));
});
