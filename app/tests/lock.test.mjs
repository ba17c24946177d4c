// The lock of the app: a passphrase or a passkey, what is seen while it is locked, and when it locks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addContact,
  assertAccessibleInBothThemes,
  bubble,
  Device,
  makeIdentity,
  screens,
  send,
  Server,
  t,
} from './harness.mjs';

/** What would run if a name became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';
const FIRST = 'correct horse battery';
const SECOND = 'staple in the harbour';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

async function device(journey, options = {}) {
  const started = await Device.start({ origins: [server.urls.private], ...options });
  journey.after(() => started.end());
  return started;
}

const button = (place, id, values) => place.getByRole('button', { name: t(id, values), exact: true });
/** A line of the settings: its name goes on with a hint. */
const line = (page, id) => page.getByRole('main').getByRole('button', { name: t(id) });
const lockedScreen = (page) => page.getByRole('heading', { name: t('locked'), exact: true });
const lockIs = (page, kind) => page.getByRole('main').getByText(t(`lock-now-${kind}`), { exact: true }).waitFor();

async function openLockPage(page) {
  await page.getByRole('navigation').getByRole('link', { name: t('place-settings') }).click();
  await page.getByRole('navigation').getByRole('link', { name: t('settings-lock') }).click();
  await page.getByRole('heading', { name: t('settings-lock') }).waitFor();
}

/** Opens a dialog of the page of the lock. */
async function dialogOf(page, id) {
  await line(page, id).click();
  const dialog = page.getByRole('dialog', { name: t(id) });
  await dialog.waitFor();
  return dialog;
}

const fill = (place, id, text) => place.getByLabel(t(id), { exact: true }).fill(text);

async function closed(page) {
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

async function unlock(page, passphrase) {
  await fill(page, 'passphrase', passphrase);
  await button(page, 'unlock').click();
}

/** Nothing of the chats can be read in the page, not even by a tool that looks below it. */
async function assertSaysNothing(page, words) {
  const all = await page.evaluate(() => document.documentElement.outerHTML + document.title);
  for (const word of words) assert.ok(!all.includes(word), `"${word}" is in the locked page`);
}

/** Keeps what would be shown as a notification, and as a number on the icon; nobody looks at the page. */
function recordNotes() {
  globalThis.told = [];
  globalThis.badge = 0;
  Document.prototype.hasFocus = () => false;
  globalThis.Notification = class {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor(title, { body = '' } = {}) {
      this.note = { title, body, open: true };
      globalThis.told.push(this.note);
    }
    close() {
      this.note.open = false;
    }
  };
  navigator.setAppBadge = async (count) => void (globalThis.badge = count);
  navigator.clearAppBadge = async () => void (globalThis.badge = 0);
}

test('a passphrase locks: set, opened, changed, locked by hand and by itself, taken off', async (journey) => {
  const [mine, bens] = [await device(journey), await device(journey)];
  const page = await mine.open('about:blank');
  await page.addInitScript(recordNotes);
  await page.goto(server.urls.private);
  const ben = await bens.open(server.urls.private);
  const own = await makeIdentity(page, { nickname: 'Ann' });
  const bensId = await makeIdentity(ben, { nickname: 'Ben' });
  await addContact(page, bensId, `Ben ${CANARY}`);
  await send(page, 'The key is under the mat');
  await addContact(ben, own, 'Ann');
  await bubble(ben, 'The key is under the mat').waitFor();
  const secrets = ['Ben', bensId, 'under the mat', 'Ann'];
  assert.ok((await page.content()).includes('under the mat'), 'the probe finds what is there');

  await openLockPage(page);
  await lockIs(page, 'none');
  await assertAccessibleInBothThemes(page, 'the page of the lock');
  let dialog = await dialogOf(page, 'lock-set');
  await button(dialog, 'lock-set').click();
  await dialog.getByText(t('lock-too-short', { least: 8 })).waitFor();
  await fill(dialog, 'lock-new', FIRST);
  await fill(dialog, 'lock-again', SECOND);
  await dialog.getByText(t('lock-differs')).waitFor();
  await assertAccessibleInBothThemes(page, 'a lock that is refused');
  await screens(page, 'lock-set');
  await fill(dialog, 'lock-again', FIRST);
  await button(dialog, 'lock-set').click();
  await closed(page);
  await lockIs(page, 'passphrase');
  await assertAccessibleInBothThemes(page, 'the page of the lock with one');
  await screens(page, 'lock-on');

  // A new start asks for it, and shows nothing before it is right.
  await page.reload();
  await lockedScreen(page).waitFor();
  await assertSaysNothing(page, secrets);
  await assertAccessibleInBothThemes(page, 'the locked app');
  await button(page, 'unlock').click();
  await page.getByText(t('locked-missing')).waitFor();
  await unlock(page, 'a guess of somebody');
  await page.getByText(t('error-wrong-passphrase')).waitFor();
  await screens(page, 'locked-wrong');
  await assertSaysNothing(page, secrets);
  await page.getByText(t('locked-forgotten'), { exact: true }).click();
  await page.getByText(t('locked-forgotten.text')).waitFor();
  await screens(page, 'locked-forgotten');
  await assertAccessibleInBothThemes(page, 'the locked app with its advice');
  await unlock(page, FIRST);
  await page.getByRole('heading', { name: t('settings-lock') }).waitFor();

  // Only who knows the old one changes it.
  dialog = await dialogOf(page, 'lock-change');
  await fill(dialog, 'lock-old', 'a guess of somebody');
  await fill(dialog, 'lock-new', SECOND);
  await fill(dialog, 'lock-again', SECOND);
  await button(dialog, 'lock-set').click();
  await dialog.getByText(t('error-wrong-passphrase')).waitFor();
  await assertAccessibleInBothThemes(page, 'an old passphrase that is refused');
  await screens(page, 'lock-change-wrong');
  await fill(dialog, 'lock-old', FIRST);
  await button(dialog, 'lock-set').click();
  await closed(page);
  await line(page, 'lock-at-once').click();
  await lockedScreen(page).waitFor();
  await assertSaysNothing(page, secrets);
  await unlock(page, FIRST);
  await page.getByText(t('error-wrong-passphrase')).waitFor();
  await unlock(page, SECOND);

  // Messages are told while nobody looks, and not while the app is locked.
  await page.getByRole('heading', { name: t('settings-lock') }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: t('settings-notifications') }).click();
  await page.getByRole('switch', { name: t('notifications'), exact: true }).click();
  await page.getByRole('switch', { name: t('previews') }).click();
  await send(ben, 'Which mat?');
  await page.waitForFunction(() => globalThis.told.some(({ body }) => body.includes('Which mat?')));
  await page.waitForFunction(() => document.title.startsWith('(1)') && globalThis.badge === 1);
  await page.getByRole('navigation').getByRole('link', { name: t('settings-lock') }).click();
  await page.evaluate(() => {
    const { told } = globalThis;
    addEventListener('pagehide', () => localStorage.setItem('told', JSON.stringify(told)));
  });
  await line(page, 'lock-at-once').click();
  await lockedScreen(page).waitFor();
  const before = await page.evaluate(() => JSON.parse(localStorage.getItem('told')));
  assert.ok(before.length > 0 && before.every(({ open }) => !open), 'what was told is taken back');
  await send(ben, 'The red one?');
  await assertSaysNothing(page, [...secrets, '(1)', 'red one']);
  await unlock(page, SECOND);
  await page.getByRole('heading', { name: t('settings-lock') }).waitFor();
  await page.waitForFunction(() => document.title.startsWith('(2)'));

  // By itself, after as long as was chosen.
  await page.getByRole('radio', { name: t('minutes', { count: 5 }), exact: true }).check({ force: true });
  await page.clock.install();
  await page.reload();
  await unlock(page, SECOND);
  await page.getByRole('heading', { name: t('settings-lock') }).waitFor();
  await page.clock.fastForward('04:30');
  await page.keyboard.press('Shift');
  await page.clock.fastForward('04:30');
  assert.equal(await lockedScreen(page).count(), 0, 'a touch counts');
  await page.clock.fastForward('01:00');
  await lockedScreen(page).waitFor();
  await assertSaysNothing(page, secrets);
  await unlock(page, SECOND);

  await page.getByRole('heading', { name: t('settings-lock') }).waitFor();
  dialog = await dialogOf(page, 'lock-take-off');
  await assertAccessibleInBothThemes(page, 'taking the lock off');
  await fill(dialog, 'lock-old', SECOND);
  await button(dialog, 'lock-take-off').click();
  await lockIs(page, 'none');
  await page.reload();
  await lockIs(page, 'none');
  assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'a name stayed text');
  for (const one of [mine, bens]) one.assertCalm();
});

/** A sensor for fingers, as the browser plays one. `gives`: whether the finger is right. */
async function sensor(page, options = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf: true,
      ...options,
    },
  });
  return {
    forget: () => session.send('WebAuthn.clearCredentials', { authenticatorId }),
    remove: () => session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
  };
}

test('a passkey locks: made, asked for, refused, and the advice when it is lost', async (journey) => {
  const mine = await device(journey);
  const page = await mine.open(server.urls.private);
  const own = await makeIdentity(page, { nickname: 'Cleo' });
  await openLockPage(page);

  // One that cannot keep a secret is refused before anything changes.
  const weak = await sensor(page, { hasPrf: false });
  let dialog = await dialogOf(page, 'lock-set');
  await dialog.getByRole('radio', { name: t('lock-passkey'), exact: true }).check({ force: true });
  await button(dialog, 'lock-make-passkey').click();
  await dialog.getByText(t('passkey-without-prf')).waitFor();
  await assertAccessibleInBothThemes(page, 'a passkey that is refused');
  await screens(page, 'lock-passkey-refused');
  await weak.remove();

  const finger = await sensor(page);
  await button(dialog, 'lock-make-passkey').click();
  await closed(page);
  await lockIs(page, 'passkey');
  await page.reload();
  await lockedScreen(page).waitFor();
  await assertSaysNothing(page, [own, 'Cleo']);
  await assertAccessibleInBothThemes(page, 'the app locked by a passkey');
  await screens(page, 'locked-passkey');
  // The person closes the browser's question.
  await page.evaluate(() => {
    const { credentials } = navigator;
    credentials.get = async () => {
      delete credentials.get;
      throw new DOMException('', 'NotAllowedError');
    };
  });
  await button(page, 'unlock-passkey').click();
  await page.getByText(t('passkey-cancelled')).waitFor();
  await screens(page, 'locked-passkey-refused');
  await button(page, 'unlock-passkey').click();
  await page.getByRole('heading', { name: t('settings-lock') }).waitFor();

  // A passphrase instead, and a passkey again: each opens from the other.
  dialog = await dialogOf(page, 'lock-change');
  await dialog.getByRole('radio', { name: t('lock-passphrase'), exact: true }).check({ force: true });
  await fill(dialog, 'lock-new', FIRST);
  await fill(dialog, 'lock-again', FIRST);
  await button(dialog, 'lock-set').click();
  await lockIs(page, 'passphrase');
  dialog = await dialogOf(page, 'lock-change');
  await dialog.getByRole('radio', { name: t('lock-passkey'), exact: true }).check({ force: true });
  await fill(dialog, 'lock-old', FIRST);
  await button(dialog, 'lock-make-passkey').click();
  await lockIs(page, 'passkey');

  // The passkey is lost: nobody opens it, and the device can be used again.
  await finger.forget();
  await line(page, 'lock-at-once').click();
  await button(page, 'unlock-passkey').click();
  await page.getByText(t('passkey-cancelled')).waitFor();
  await page.getByText(t('locked-passkey-lost'), { exact: true }).click();
  await page.getByText(t('locked-passkey-lost.text')).waitFor();
  await assertAccessibleInBothThemes(page, 'the advice when a passkey is lost');
  await screens(page, 'locked-passkey-lost');
  await assertSaysNothing(page, [own, 'Cleo']);

  // Whoever thinks again loses nothing; after that, all is gone, and the app is as on its first day.
  await button(page, 'anew').click();
  let ask = page.getByRole('dialog', { name: t('anew-ask'), exact: true });
  await ask.getByText(t('anew-ask.text')).waitFor();
  await assertAccessibleInBothThemes(page, 'the question before everything is erased');
  await screens(page, 'locked-anew');
  await button(ask, 'cancel').click();
  await ask.waitFor({ state: 'hidden' });
  await page.reload();
  await lockedScreen(page).waitFor();
  await page.getByText(t('locked-passkey-lost'), { exact: true }).click();
  await button(page, 'anew').click();
  ask = page.getByRole('dialog', { name: t('anew-ask'), exact: true });
  await button(ask, 'erase-do').click();
  await button(page, 'setup-start-private').waitFor();
  assert.notEqual(await makeIdentity(page, { nickname: 'Cleo' }), own, 'a new identity');
  await page.getByText(own).waitFor({ state: 'detached' });
  mine.assertCalm();
});
