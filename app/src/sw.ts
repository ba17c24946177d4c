// The service worker: the app's own files for a start without a network, and the sign that there
// may be new messages. It has no key, reads no message and stores nothing of a person's.
/// <reference lib="webworker" />

/** Filled in by build/finish.mjs, for each edition its own. */
declare const SHELL: string[];
declare const VERSION: string;
declare const NAME: string;
declare const TEXTS: Record<string, { title: string }>;

const worker = globalThis as unknown as ServiceWorkerGlobalScope;

const CACHE = `shell-${VERSION}`;
/** Facts about the server: fresh if it answers, else the last known. */
const FACTS = ['/instance.json', '/web.json'];
/** Addresses that show the app: the server answers them all with its page. */
const PAGES = [/^\/$/, /^\/index\.html$/, /^\/activate$/, /^\/add\/[^/]+$/];
/** Where the page's choice of language is kept: a name in the cache, no address of the server. */
const LANGUAGE = '/chosen-language';

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) =>
      // Around the browser's own cache, or an old file could stand under a new version.
      cache.addAll(SHELL.map((path) => new Request(path, { cache: 'no-cache' }))),
    ),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith('shell-') && name !== CACHE) await caches.delete(name);
      }
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (FACTS.includes(url.pathname)) {
    event.respondWith(fresh(request));
  } else if (request.mode === 'navigate' && PAGES.some((page) => page.test(url.pathname))) {
    event.respondWith(kept('/', request));
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(kept(url.pathname, request));
  }
  // Everything else, the interface of the server above all, is none of ours.
});

/** Of this version, from the cache; from the server if somebody emptied it. */
async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

async function fresh(request: Request): Promise<Response> {
  const cache = await caches.open('facts');
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const last = await cache.match(request);
    if (last === undefined) throw error;
    return last;
  }
}

worker.addEventListener('message', (event) => {
  const data = event.data as { take?: 'over'; language?: string };
  if (data.take === 'over') {
    // The person said yes to the new version.
    void worker.skipWaiting();
  } else if (typeof data.language === 'string' && data.language in TEXTS) {
    const chosen = data.language;
    event.waitUntil(
      caches.open('facts').then((cache) => cache.put(LANGUAGE, new Response(chosen))),
    );
  }
});

/** The texts in the language that the page uses, else the browser's, else English. */
async function texts(): Promise<{ title: string }> {
  const chosen = await (await caches.match(LANGUAGE))?.text();
  const wished = [chosen ?? '', ...navigator.languages].map((tag) => tag.split('-')[0] ?? '');
  const found = wished.map((tag) => TEXTS[tag]).find((entry) => entry !== undefined);
  return found ?? TEXTS['en'] ?? { title: NAME };
}

worker.addEventListener('push', (event) => {
  event.waitUntil(
    (async () => {
      // An app that is open and looked at tells of its messages itself.
      const pages = await worker.clients.matchAll({ type: 'window' });
      if (pages.some((page) => page.visibilityState === 'visible')) return;
      const { title } = await texts();
      await worker.registration.showNotification(NAME, {
        body: title,
        icon: '/icon-192.png',
        // One notification, however many pushes.
        tag: 'new-messages',
      });
    })(),
  );
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(
    (async () => {
      const [page] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
      if (page !== undefined) await page.focus();
      else await worker.clients.openWindow('/');
    })(),
  );
});
