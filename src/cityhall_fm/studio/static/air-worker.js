// Lets the on-air card be opened again while the network is away: always the newest, else as it was last seen.
"use strict";

const KEPT = "air";
const wanted = (request) => request.method === "GET"
  && (request.mode === "navigate" || new URL(request.url).pathname.startsWith("/static/"));

// Taken at once, since the first visit's own files were fetched before there was a worker.
const take = async () => {
  const page = self.registration.scope;
  const cache = await caches.open(KEPT);
  const files = ["studio.css", "air.css", "studio.js", "on-air.js", "air.js", "icon.svg"].map((name) => `/static/${name}`);
  await cache.addAll([page, ...files]);
};

self.addEventListener("install", (event) => { self.skipWaiting(); event.waitUntil(take()); });
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (!wanted(event.request)) return;
  event.respondWith((async () => {
    const cache = await caches.open(KEPT);
    try {
      const response = await fetch(event.request);
      if (response.ok) cache.put(event.request, response.clone());
      // Whoever has left shall not find the show's work here.
      if (response.status === 401) await caches.delete(KEPT);
      return response;
    } catch {
      return (await cache.match(event.request)) ?? Response.error();
    }
  })());
});
