// Service worker of the kiosk (VERSION, PAGE and ADDRESSES stand above, put there by the server).
// It keeps one whole version of the shell and starts it without a network. It never touches the queue.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const CACHE = `kiosk-shell-${VERSION}`;

worker.addEventListener('install', (event) => {
  // All or nothing: if one file is missing, or belongs to the next version already, the old shell stays.
  // What the page has fetched is not fetched again: an address with a version in it means the same bytes for ever.
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(ADDRESSES)));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('kiosk-shell-') && name !== CACHE).map((name) => caches.delete(name)));
}

// The page asks to be taken over by a new version between citizens only.
worker.addEventListener('message', (event) => {
  if (event.data === 'take over') worker.skipWaiting();
  else if (event.data === 'take charge') event.waitUntil(worker.clients.claim());
});

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname === '/kiosk/') event.respondWith(kept(PAGE, event.request));
  else if (url.pathname.startsWith('/kiosk/assets/') || url.pathname.startsWith('/sounds/') || url.pathname === '/kiosk/manifest.webmanifest') event.respondWith(kept(event.request, event.request));
});

/** @param {string | Request} key @param {Request} request */
async function kept(key, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(key)) ?? fetch(request);
}
