{% load static %}{# Context: scope, shell, manifest (addresses), name (of the program), version, files. #}// Stands over {{ scope }}: keeps the program on the phone, so that it starts without a network. It keeps nobody's data.
const CACHE = "{{ name }}-{{ version }}";
const SHELL = "{{ shell }}";
const FILES = [
  SHELL, "{{ manifest }}",
{% for file in files %}  "{{ file }}",
{% endfor %}];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })))).then(() => self.skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("{{ name }}-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (address.pathname.startsWith("{% get_static_prefix %}")) event.respondWith(file(request));
});

async function page(request) {
  // The server's page where there is a network, the program where there is none or where it is too slow to wait for.
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), 6000);
  try {
    return await fetch(request, { signal: stop.signal });
  } catch {
    return (await caches.match(SHELL, { cacheName: CACHE })) || Response.error();
  } finally {
    clearTimeout(late);
  }
}

async function file(request) {
  const kept = await caches.match(request, { cacheName: CACHE, ignoreVary: true });
  return kept || fetch(request);
}
