/* Keeps the field app on the phone. Tasks, records and photos are not here: they are in IndexedDB, by person. */

const VERSION = "field-{{ version }}";
const SHELL = "{{ shell }}";
const ASSETS = {{ assets|safe }};

/* One after another: a weak line is not asked for everything at once. A page that is a sign-in form is not kept. */
async function keep() {
  const cache = await caches.open(VERSION);
  for (const url of [SHELL, ...ASSETS]) {
    const answer = await fetch(url, { cache: "no-cache", credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
    await cache.put(url, answer);
  }
}

async function forgetOlder() {
  for (const name of await caches.keys()) {
    if (name.startsWith("field-") && name !== VERSION) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder());
});

/* The page and its parts come from the phone; everything else is asked of the network, and never kept. */
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const wanted = request.mode === "navigate" && url.pathname === SHELL ? SHELL : url.pathname;
  if (wanted !== SHELL && !ASSETS.includes(wanted)) return;
  event.respondWith(fromPhone(wanted, request));
});

async function fromPhone(wanted, request) {
  const cache = await caches.open(VERSION);
  return (await cache.match(wanted)) ?? fetch(request);
}
