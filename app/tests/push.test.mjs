// Telling of messages: the server wakes a closed app, an open one tells itself, and no app speaks for another.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  activate,
  addContact,
  assertAccessibleInBothThemes,
  bubble,
  de,
  Device,
  license,
  makeIdentity,
  newIdentity,
  screens,
  Server,
  t,
  Terminal,
} from './harness.mjs';

const CANARY = '<img src=x onerror="globalThis.caught=1">';
let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

/** What stands at the edge of the page: the service that wakes, and what the system shows. */
const EDGE = () => {
  // Chromium would ask Google's service for an address; everything around that call is real.
  let made = null;
  PushManager.prototype.subscribe = async function subscribe({ userVisibleOnly, applicationServerKey }) {
    globalThis.asked = { userVisibleOnly, applicationServerKey };
    made = { endpoint: 'https://push.example/one', unsubscribe: async () => ((made = null), true) };
    return made;
  };
  PushManager.prototype.getSubscription = async function getSubscription() {
    return made;
  };
  // A page cannot list its own notifications.
  globalThis.notes = [];
  const Real = globalThis.Notification;
  globalThis.Notification = class extends Real {
    constructor(title, options) {
      super(title, options);
      globalThis.notes.push({ title, body: options.body, tag: options.tag, icon: options.icon, note: this });
    }
  };
  // A browser of tests counts every tab as looked at.
  globalThis.looking = true;
  const hasFocus = Document.prototype.hasFocus;
  Document.prototype.hasFocus = function focus() {
    return globalThis.looking && hasFocus.call(this);
  };
};

async function start(journey, urls, options = {}) {
  const device = await Device.start({ origins: urls, ...options });
  journey.after(() => device.end());
  for (const origin of urls) await device.context.grantPermissions(['notifications'], { origin });
  await device.context.addInitScript(EDGE);
  return device;
}

/** Opens the settings of notifications by their names. */
async function settings(page) {
  await page.getByRole('navigation').getByRole('link', { name: t('place-settings') }).click();
  await page.getByRole('link', { name: t('settings-notifications') }).click();
  await toggle(page, 'notifications').waitFor();
}
const toggle = (page, id) => page.getByRole('switch', { name: t(id) });

async function toChats(page) {
  await page.evaluate(() => (location.hash = '#/chats'));
  await page.getByRole('searchbox', { name: t('chat-search') }).waitFor();
}

/** Lets a push arrive, as the browser's service does. Its content is nothing that the app would read. */
async function deliver(device, page, url) {
  const session = await device.context.newCDPSession(page);
  const found = new Promise((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL === `${url}/`);
      if (own !== undefined) resolve(own.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await found;
  await session.send('ServiceWorker.deliverPushMessage', { origin: url, registrationId, data: 'secret words' });
  await session.detach();
}

/** What the worker of an app shows, once there is something; asked from a page of the same origin. */
async function shown(page) {
  const list = async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
  };
  const some = `(${list})().then((notes) => notes.length > 0 && notes)`;
  return (await page.waitForFunction(some, null, { polling: 100 })).jsonValue();
}

const workerOf = (device, url) =>
  device.context.serviceWorkers().find((one) => one.url() === `${url}/sw.js`);

/** Leaves the app; its worker knows of it then. */
async function leave(device, page, url) {
  await page.goto('about:blank');
  const open = () => clients.matchAll({ type: 'window' }).then((pages) => pages.length);
  while ((await workerOf(device, url).evaluate(open)) > 0);
}

const count = (page) =>
  page.evaluate(async () => (await (await navigator.serviceWorker.getRegistration()).getNotifications()).length);

/** What the worker does when its notification is pressed; only a real finger may open windows. */
async function pressed(device, url) {
  return workerOf(device, url).evaluate(async () => {
    const done = [];
    Clients.prototype.openWindow = async (to) => void done.push(`opens ${to}`);
    WindowClient.prototype.focus = async function focus() {
      done.push(`focuses ${this.url}`);
      return this;
    };
    const [notification] = await registration.getNotifications();
    const event = new NotificationEvent('notificationclick', { notification });
    const until = [];
    event.waitUntil = (promise) => until.push(promise);
    dispatchEvent(event);
    await Promise.all(until);
    const left = await registration.getNotifications();
    return left.length === 0 ? done : [...done, 'and leaves it there'];
  });
}

/** What the page itself has told, once it has told so many. */
async function notes(page, count) {
  await page.waitForFunction((least) => globalThis.notes.length >= least, count);
  return page.evaluate(() => globalThis.notes.map(({ title, body, tag, icon }) => ({ title, body, tag, icon })));
}

test('a push wakes each app with its own name and nothing of a message', async (journey) => {
  const device = await start(journey, Object.values(server.urls), { locale: 'de-DE' });
  const names = { private: 'Dreiklang', work: 'Dreiklang Work' };
  const pages = {};
  for (const edition of Object.keys(names)) {
    const page = await device.context.newPage();
    await page.goto(server.urls[edition]);
    await page.getByRole('button', { name: de(`setup-start-${edition}`), exact: true }).waitFor();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    // The page tells its worker the language, which keeps it for when no page is there.
    const known = "caches.match('/chosen-language').then((kept) => kept?.text() ?? false)";
    await page.waitForFunction(known, null, { polling: 100 });
    pages[edition] = page;
  }
  // An app that is looked at tells by itself: the one for work stays open, the private one is closed.
  await leave(device, pages.private, server.urls.private);
  await deliver(device, pages.private, server.urls.work);
  await deliver(device, pages.private, server.urls.private);
  // Twice is told once.
  await deliver(device, pages.private, server.urls.private);
  // A file of the same origin may ask what is shown.
  device.expected.push(/favicon\.ico/);
  await pages.private.goto(`${server.urls.private}/app.webmanifest`);
  const words = de('push-notification');
  const tag = 'new-messages';
  assert.deepEqual(await shown(pages.private), [{ title: names.private, body: words, tag }]);
  assert.equal(await count(pages.work), 0, 'nothing of it is in the other app');
  await leave(device, pages.work, server.urls.work);
  await deliver(device, pages.work, server.urls.work);
  await pages.work.goto(`${server.urls.work}/app.webmanifest`);
  assert.deepEqual(await shown(pages.work), [{ title: names.work, body: words, tag }]);

  // A press on it opens the app that it came from, and brings it to the front if it is open.
  const press = (edition) => pressed(device, server.urls[edition]);
  for (const [edition, page] of Object.entries(pages)) await leave(device, page, server.urls[edition]);
  assert.deepEqual(await press('work'), ['opens /']);
  await pages.private.goto(server.urls.private);
  await pages.private.getByRole('button', { name: de('setup-start-private'), exact: true }).waitFor();
  assert.deepEqual(await press('private'), [`focuses ${server.urls.private}/`]);
  device.assertCalm();
});

test('an open app tells of messages: as little as wished, and not of silent chats', async (journey) => {
  const { urls } = server;
  const device = await start(journey, Object.values(urls));
  const page = await device.open(urls.private);
  const own = await makeIdentity(page, { nickname: 'Ann' });
  // The other app of the same person is open beside it, with notifications of its own.
  const work = await device.context.newPage();
  await work.goto(urls.work);
  server.admin('admin', 'org', 'create', 'Harbour', '--seats', '5');
  await activate(work, 'work', license(server, 'anna'));
  await newIdentity(work, 'Anna at work');
  for (const app of [page, work]) {
    await app.bringToFront();
    await settings(app);
    assert.equal(await toggle(app, 'notifications').isChecked(), false, 'nobody is asked for nothing');
    await toggle(app, 'notifications').click();
    await app.getByText(t('push-on'), { exact: true }).waitFor();
    const asked = await app.evaluate(() => globalThis.asked);
    assert.equal(asked.userVisibleOnly, true);
    assert.match(asked.applicationServerKey, /^[\w-]{87}$/);
  }
  await page.bringToFront();
  await assertAccessibleInBothThemes(page, 'the settings of notifications');
  await screens(page, 'notifications');
  await toChats(page);

  const ben = Terminal.setUp(server, 'Ben');
  await addContact(page, ben.identity, `Ben ${CANARY}`);
  await toChats(page);
  ben.run('contact', 'add', own);
  const icon = '/icon-192.png';

  // Whoever looks needs no notification.
  ben.run('send', own, 'You are looking');
  const list = page.getByRole('list', { name: t('place-chats'), exact: true });
  await list.getByText('You are looking').waitFor();
  await page.evaluate(() => (globalThis.looking = false));
  const discreet = { title: t('notification-new'), body: '', tag: 'new-messages', icon };
  await settings(page);
  if (await toggle(page, 'previews').isChecked()) await toggle(page, 'previews').click();
  await toChats(page);
  ben.run('send', own, 'Secret words');
  assert.deepEqual(await notes(page, 1), [discreet]);

  await settings(page);
  await toggle(page, 'previews').click();
  await toChats(page);
  ben.run('send', own, `Open words ${CANARY}`);
  const name = `Ben ${CANARY}`;
  const open = { title: name, body: `Open words ${CANARY}`, tag: `chat-${ben.identity}`, icon };
  assert.deepEqual(await notes(page, 2), [discreet, open]);

  // A click leads to the chat.
  await page.evaluate(() => globalThis.notes.at(-1).note.onclick());
  await bubble(page, `Open words ${CANARY}`).waitFor();
  await toChats(page);

  // A silent chat stays silent: what comes after it is the next that is told.
  await list.getByRole('link').filter({ hasText: 'Ben' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: t('mute-forever'), exact: true }).click();
  await list.getByRole('img', { name: t('muted') }).waitFor();
  ben.run('send', own, 'Nobody hears this');
  await list.getByText('Nobody hears this').waitFor();
  await list.getByRole('link').filter({ hasText: 'Ben' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: t('mute-off'), exact: true }).click();
  await list.getByRole('img', { name: t('muted') }).waitFor({ state: 'detached' });
  ben.run('send', own, 'Heard again');
  const told = await notes(page, 3);
  assert.deepEqual(told.slice(2).map(({ body }) => body), ['Heard again']);
  assert.deepEqual(await work.evaluate(() => globalThis.notes), [], 'the other app says nothing of it');
  assert.equal(await page.evaluate(() => globalThis.caught), undefined);
  device.assertCalm();
});
