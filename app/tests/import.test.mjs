// An ID by its export: as a text, as a file, and by the camera from the code on another screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  assertAccessibleInBothThemes,
  cameraSeeing,
  de,
  Device,
  makeIdentity,
  screens,
  Server,
  shownCode,
  t,
} from './harness.mjs';

const NICKNAME = '<img src=x onerror="caught=1">';
const PASSWORD = 'Two lamps on the pier';

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

const button = (place, id, words = t) => place.getByRole('button', { name: words(id), exact: true });
const heading = (page, id, words = t) => page.getByRole('heading', { name: words(id), exact: true });

/** Exports the ID; the text, and the code as it is drawn. */
async function exported(page) {
  await page.goto(`${server.urls.private}/#/settings/backup`);
  await page.getByRole('button', { name: t('export-make') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('export-password'), { exact: true }).fill('short');
  await dialog.getByLabel(t('safe-again'), { exact: true }).fill('short');
  await button(dialog, 'export-make').click();
  await dialog.getByText(t('lock-too-short', { least: 8 })).waitFor();
  await assertAccessibleInBothThemes(page, 'a password for an export that is too short');
  await dialog.getByLabel(t('export-password'), { exact: true }).fill(PASSWORD);
  await dialog.getByLabel(t('safe-again'), { exact: true }).fill(PASSWORD);
  await button(dialog, 'export-make').click();
  const code = dialog.getByRole('img', { name: t('export-code') });
  await code.waitFor();
  await assertAccessibleInBothThemes(page, 'the export');
  await screens(page, 'export', { height: 1000 });
  return [(await dialog.locator('output').innerText()).trim(), await shownCode(code)];
}

/** To the screen that asks for the export. */
async function openImport(page, words) {
  await button(page, 'setup-start-private', words).click();
  await page.getByRole('button', { name: words('setup-from-export') }).click();
  await heading(page, 'setup-export', words).waitFor();
}

/** Types both, and tries. */
async function bring(page, text, password, words) {
  if (text !== undefined) await page.getByLabel(words('setup-export-text'), { exact: true }).fill(text);
  await page.getByLabel(words('setup-export-password'), { exact: true }).fill(password);
  await button(page, 'setup-restore', words).click();
}

/** The ID is back: which one. */
async function isBack(page, words) {
  await heading(page, 'setup-done-export', words).waitFor();
  const identity = (await page.locator('output').first().textContent()).trim();
  await button(page, 'setup-go-on', words).click();
  await button(page, 'setup-to-chats', words).click();
  await page.getByRole('navigation').waitFor();
  return identity;
}

test('an ID comes back from its export by text, by file and by camera', async (journey) => {
  const url = server.urls.private;
  const first = await device(journey);
  const old = await first.open(url);
  const identity = await makeIdentity(old, { nickname: NICKNAME });
  const [text, code] = await exported(old);

  // By text, in German: what is wrong with it stands at the field where it is wrong.
  const second = await device(journey, { locale: 'de-DE' });
  const page = await second.open(url);
  await openImport(page, de);
  await page.getByText(de('setup-without'), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'the way from an export');
  await button(page, 'setup-restore', de).click();
  await page.getByText(de('setup-export-missing'), { exact: true }).waitFor();
  await page.getByText(de('setup-password-missing'), { exact: true }).waitFor();
  await bring(page, text.slice(0, -7), PASSWORD, de);
  await page.getByText(de('error-backup-no-export'), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'an export that is too short');
  await screens(page, 'import-damaged', { height: 1000 });
  const other = text.startsWith('A') ? 'B' : 'A';
  const notOpened = page.getByText(de('error-backup-not-opened'), { exact: true });
  await bring(page, `${other}${text.slice(1)}`, PASSWORD, de);
  await notOpened.waitFor();
  await bring(page, text, 'not the password', de);
  await heading(page, 'setup-busy-export', de).waitFor({ state: 'detached' });
  await notOpened.waitFor();
  await assertAccessibleInBothThemes(page, 'a wrong password of an export');
  await screens(page, 'import-wrong', { height: 1000 });
  // As people write it down, in small letters and groups, from the file that the export makes.
  const asked = page.waitForEvent('filechooser');
  await button(page, 'choose-file', de).click();
  await (await asked).setFiles({
    name: 'id.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(`${text.toLowerCase().replaceAll('-', ' ')}\n`),
  });
  const field = await page.getByLabel(de('setup-export-text'), { exact: true }).elementHandle();
  await page.waitForFunction(([it, end]) => it.value.endsWith(end), [field, text.slice(-4).toLowerCase()]);
  await bring(page, undefined, PASSWORD, de);
  assert.equal(await isBack(page, de), identity);
  await heading(old, 'displaced').waitFor();

  // By camera. It sees the other screen at once; the password is still asked for.
  const flags = cameraSeeing(journey, code);
  const third = await device(journey, { flags, permissions: ['camera'] });
  const scanning = await third.open(url);
  await openImport(scanning, t);
  await button(scanning, 'scan-qr').click();
  await scanning.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(await scanning.getByLabel(t('setup-export-text'), { exact: true }).inputValue(), text);
  await assertAccessibleInBothThemes(scanning, 'a scanned export');
  await bring(scanning, undefined, PASSWORD, t);
  assert.equal(await isBack(scanning, t), identity);
  await heading(page, 'displaced', de).waitFor();
  await screens(page, 'displaced-german');
  for (const tab of [old, page, scanning]) {
    assert.equal(await tab.evaluate(() => globalThis.caught), undefined, 'names stayed text');
  }
  for (const one of [first, second, third]) one.assertCalm();
});

test('the code of a contact is told from the code of an export', async (journey) => {
  const first = await device(journey);
  const old = await first.open(server.urls.private);
  await makeIdentity(old, { nickname: 'Ann' });
  await old.goto(`${server.urls.private}/#/settings/profile`);
  await old.getByRole('button', { name: t('own-code') }).first().click();
  const code = old.getByRole('dialog').getByRole('img').first();
  await code.waitFor();
  const flags = cameraSeeing(journey, await shownCode(code));
  const second = await device(journey, { flags, permissions: ['camera'] });
  const page = await second.open(server.urls.private);
  await openImport(page, t);
  await button(page, 'scan-qr').click();
  await page.getByRole('dialog').getByText(t('scan-other'), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'another code');
  await screens(page, 'import-other-code');
  first.assertCalm();
  second.assertCalm();
});
