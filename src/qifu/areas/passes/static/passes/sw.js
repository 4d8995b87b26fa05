// Keeps passes on the phone: a page under /p/ that was opened once is shown from the store, without a request; after six
// hours with a network it is asked for again in the background, so that a stop reaches the phone. Reach: /p/ alone.
const STORE = "passes-1";
const ASK_AFTER = 6 * 3600 * 1000;
const ASKED = "x-qifu-kept";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function keep(request) {
  const answer = await fetch(request, { cache: "no-store", credentials: "omit" });
  const store = await caches.open(STORE);
  if (answer.status === 404) await store.delete(request);
  if (!answer.ok || answer.redirected) return answer;
  const headers = new Headers(answer.headers);
  headers.set(ASKED, String(Date.now()));
  const body = await answer.clone().blob();
  await store.put(request, new Response(body, { status: 200, headers }));
  return answer;
}

self.addEventListener("message", (event) => {
  const { page, parts } = event.data || {};
  if (!page) return;
  event.waitUntil((async () => {
    const store = await caches.open(STORE);
    const lacking = [];
    for (const part of parts) if (!(await store.match(part))) lacking.push(part);
    await Promise.allSettled(lacking.map((part) => keep(new Request(part))));
    if (!(await store.match(page))) await keep(new Request(page)).catch(() => {});
  })());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  const pass = event.request.mode === "navigate" && /^\/p\/[\w-]{22}\/$/.test(address.pathname);
  if (!pass && !address.pathname.startsWith("/static/")) return;
  event.respondWith((async () => {
    const store = await caches.open(STORE);
    const request = new Request(address.origin + address.pathname);
    const kept = await store.match(request);
    if (!kept) return keep(request).catch(() => Response.error());
    const old = Date.now() - Number(kept.headers.get(ASKED) || 0) > ASK_AFTER;
    if (pass && old && navigator.onLine) event.waitUntil(keep(request).catch(() => {}));
    return kept;
  })());
});
