// A new ID with the chance of one's own hand, its Safe backup, and the ID back in another browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addContact,
  assertAccessibleInBothThemes,
  bubble,
  Device,
  screens,
  send,
  Server,
  t,
  Terminal,
} from './harness.mjs';

/** What would run if a name became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';
const PASSWORD = 'Harbour lights at 5 in the morning';

let server;
let ben;
before(async () => {
  server = await Server.start('open');
  ben = Terminal.setUp(server, 'ben');
});
after(() => server.end());

async function device(journey) {
  const started = await Device.start({ origins: [server.urls.private] });
  journey.after(() => started.end());
  // The browser writes every refusal of a server into its console.
  started.expected.push(/the server responded with a status of 404/);
  return started;
}

const button = (place, id, values) => place.getByRole('button', { name: t(id, values), exact: true });
const heading = (page, id) => page.getByRole('heading', { name: t(id), exact: true });
const list = (page) => page.getByRole('list', { name: t('place-chats'), exact: true });

/** Moves over the field until it is full, as a hand would. */
async function stir(page) {
  const field = page.getByRole('application', { name: t('setup-stir-field') });
  const { x, y, width, height } = await field.boundingBox();
  const go = button(page, 'setup-stir-next');
  for (let turn = 0; turn < 40 && !(await go.isVisible()); turn += 1) {
    const side = turn % 2 === 0 ? 0.05 : 0.95;
    await page.mouse.move(x + width * side, y + (height * (turn % 12)) / 12, { steps: 16 });
  }
  await page.getByRole('status').filter({ hasText: t('setup-stir-enough') }).waitFor({ state: 'attached' });
  await go.click();
}

/** Makes an ID with everything that the set-up offers, and switches Safe on at its end. */
async function setUp(page) {
  await heading(page, 'setup-welcome-private').waitFor();
  await assertAccessibleInBothThemes(page, 'the first screen');
  await screens(page, 'welcome');
  await button(page, 'setup-start-private').click();
  await heading(page, 'setup-choose').waitFor();
  await assertAccessibleInBothThemes(page, 'the choice');
  await page.getByRole('button', { name: t('setup-new') }).click();
  await heading(page, 'setup-stir').waitFor();
  await assertAccessibleInBothThemes(page, 'the field');
  await stir(page);
  await page.getByLabel(t('nickname'), { exact: true }).fill(`Ann ${CANARY}`);
  await assertAccessibleInBothThemes(page, 'the nickname');
  // Too long is said before it is tried; 32 bytes are the limit.
  await page.getByText(t('nickname-too-long'), { exact: true }).waitFor();
  await page.getByLabel(t('nickname'), { exact: true }).fill('<img src=x onerror="caught=1">');
  await button(page, 'setup-make').click();
  const identity = (await page.locator('output').first().textContent()).trim();
  await heading(page, 'setup-done-new').waitFor();
  await assertAccessibleInBothThemes(page, 'the new ID');
  await screens(page, 'done');
  await button(page, 'setup-go-on').click();
  await heading(page, 'offers').waitFor();
  await assertAccessibleInBothThemes(page, 'the offers');
  await screens(page, 'offers');
  await page.getByRole('button', { name: t('offer-safe') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('safe-password'), { exact: true }).fill(PASSWORD);
  await dialog.getByLabel(t('safe-again'), { exact: true }).fill(`${PASSWORD}!`);
  await button(dialog, 'safe-turn-on').click();
  await dialog.getByText(t('lock-differs'), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'two passwords that differ');
  await dialog.getByLabel(t('safe-again'), { exact: true }).fill(PASSWORD);
  await button(dialog, 'safe-turn-on').click();
  await page.getByText(t('offer-safe-done'), { exact: true }).waitFor();
  await button(page, 'setup-to-chats').click();
  await page.getByRole('navigation').waitFor();
  return identity;
}

/** What is worth a backup: a contact with a name, a group, a setting, and messages that stay. */
async function live(page, url, identity) {
  await addContact(page, ben.identity, `Ben ${CANARY}`);
  await send(page, 'A message stays where it is');
  ben.reads('A message stays where it is');
  await button(page, 'more').first().click();
  await page.getByRole('menuitem', { name: t('group-new') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('group-name'), { exact: true }).fill(`Crew ${CANARY}`);
  await dialog.getByRole('checkbox', { name: 'Ben' }).click();
  await button(dialog, 'group-create').click();
  await page.getByRole('main', { name: `Crew ${CANARY}` }).waitFor();
  await send(page, 'To the whole crew');
  await page.goto(`${url}/#/settings/privacy`);
  await page.getByRole('switch', { name: t('read-receipts') }).click();
  await page.goto(`${url}/#/settings/backup`);
  await button(page, 'safe-backup').click();
  await page.getByText(t('safe-backup-done'), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'the backup');
  await screens(page, 'backup', { height: 1400 });
  assert.match(identity, /^[0-9A-Z]{8}$/);
}

/** Tries an ID and a password. */
async function restore(page, identity, password) {
  await page.getByRole('textbox', { name: t('own-id'), exact: true }).fill(identity);
  await page.getByLabel(t('setup-safe-password'), { exact: true }).fill(password);
  await button(page, 'setup-restore').click();
}

test('an ID comes back from Safe with contacts, groups and settings, and without messages', async (journey) => {
  const url = server.urls.private;
  const old = await device(journey);
  const before = await old.open(url);
  const identity = await setUp(before);
  await live(before, url, identity);

  // The wizard says what will not come along before anything is done.
  const fresh = await device(journey);
  const page = await fresh.open(url);
  await button(page, 'setup-start-private').click();
  await page.getByText(t('setup-move'), { exact: true }).click();
  await page.getByText(t('setup-move-private-1'), { exact: true }).waitFor();
  await page.getByText(t('setup-move-private-2'), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'what does not move');
  await screens(page, 'choose', { height: 1000 });
  await page.getByRole('button', { name: t('setup-from-safe') }).click();
  await heading(page, 'setup-safe').waitFor();
  await page.getByText(t('setup-without'), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'the way from Safe');
  await screens(page, 'safe', { height: 1000 });

  // Typing errors, a wrong password and an ID without a backup are each said where they are.
  await button(page, 'setup-restore').click();
  await page.getByText(t('setup-safe-id-wrong'), { exact: true }).waitFor();
  await page.getByText(t('setup-password-missing'), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'fields that are empty');
  const notFound = page.getByText(t('error-backup-not-found'), { exact: true });
  await restore(page, identity.toLowerCase(), 'a wrong password');
  await notFound.waitFor();
  await assertAccessibleInBothThemes(page, 'a wrong password');
  await screens(page, 'safe-not-found', { height: 1000 });
  await restore(page, ben.identity, PASSWORD);
  await heading(page, 'setup-busy-safe').waitFor();
  await notFound.waitFor();

  await restore(page, identity, PASSWORD);
  await heading(page, 'setup-done-safe').waitFor();
  assert.equal((await page.locator('output').first().textContent()).trim(), identity);
  await assertAccessibleInBothThemes(page, 'the ID is back');
  await button(page, 'setup-go-on').click();
  await button(page, 'setup-to-chats').click();

  // Contacts, groups and settings are back; not one message is.
  await page.goto(`${url}/#/settings/privacy`);
  const receipts = page.getByRole('switch', { name: t('read-receipts') });
  await receipts.waitFor();
  assert.equal(await receipts.isChecked(), false, 'settings came along');
  await page.goto(`${url}/#/contacts`);
  await page.getByRole('tabpanel').getByRole('link', { name: `Ben ${CANARY}` }).waitFor();
  await page.goto(`${url}/#/chats/${ben.identity}`);
  await page.getByRole('log').waitFor();
  assert.equal(await bubble(page, 'A message stays where it is').count(), 0);
  await page.goto(`${url}/#/chats`);
  await list(page).getByRole('link').filter({ hasText: `Crew ${CANARY}` }).click();
  await page.getByRole('main', { name: `Crew ${CANARY}` }).waitFor();
  await send(page, 'Back again');
  ben.reads('Back again');
  assert.equal(await bubble(page, 'To the whole crew').count(), 0);

  // The browser that had it so far is told so, keeps everything, and says what can be done.
  await heading(before, 'displaced').waitFor();
  await button(before, 'displaced-reclaim').waitFor();
  await button(before, 'displaced-anew').waitFor();
  await assertAccessibleInBothThemes(before, 'an ID that is used elsewhere');
  await screens(before, 'displaced');
  for (const tab of [before, page]) {
    assert.equal(await tab.evaluate(() => globalThis.caught), undefined, 'names stayed text');
  }
  old.assertCalm();
  fresh.assertCalm();
});
