// Whether people are at work, and the logo of their organisation.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import {
  activate,
  administer,
  assertAccessibleInBothThemes,
  Device,
  license,
  newIdentity,
  screens,
  send,
  Server,
  t,
  Terminal,
} from './harness.mjs';

/** What would run if a text became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';

let server;
let admin;
let ben;
before(async () => {
  server = await Server.start('open');
  admin = (...words) => administer(server, ...words);
  admin('org', 'create', 'Harbour', '--seats', '9');
  admin('org', 'set', '--directory', 'on', '--contacts-auto', 'on');
  const pass = license(server, 'ben');
  admin('mdm', 'set', 'th_firstname', 'Ben', '--credential', 'ben');
  ben = Terminal.setUp(server, 'ben', pass);
  // An app tells its names to the organisation when it is online next.
  while (admin('member', 'show', ben.identity).firstName === null) ben.run('work', 'sync');
});
after(() => server.end());

const button = (place, id, values) => place.getByRole('button', { name: t(id, values), exact: true });

/** A picture of one colour, as a PNG. */
function png(width, height, [red, green, blue]) {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([red, green, blue]))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunk = (type, bytes) => {
    const body = Buffer.concat([Buffer.from(type), bytes]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(bytes.length, 0);
    out.set(body, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The check sum of a chunk (PNG specification, annex D). */
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** A member in front of the app, who has sent Ben a message. */
async function member(journey, name) {
  const device = await Device.start({ origins: [server.urls.work] });
  journey.after(() => device.end());
  const page = await device.open(server.urls.work);
  await activate(page, 'work', license(server, name));
  const identity = await newIdentity(page, name);
  await page.goto(`${server.urls.work}/#/chats/${ben.identity}`);
  await send(page, 'Good morning');
  return { device, page, identity };
}

const organisation = async (page) => {
  await page.goto(`${server.urls.work}/#/settings/organisation`);
  await page.getByRole('heading', { name: t('settings-organisation'), exact: true }).waitFor();
};

/** Asks the organisation for what is new. */
async function refresh(page) {
  await organisation(page);
  await page.getByRole('button', { name: t('work-sync') }).click();
  await page.getByText(t('work-synced')).first().waitFor();
}

test('a status is set, refused if it is too long, and seen by colleagues', async (journey) => {
  const { device, page, identity } = await member(journey, 'anna');

  // What Ben says about himself is seen beside his name, in shape and words.
  ben.run('work', 'availability', 'busy', '--text', `In a dive ${CANARY}`);
  await refresh(page);
  const status = `${t('availability-busy')} · In a dive ${CANARY}`;
  await page.goto(`${server.urls.work}/#/chats/${ben.identity}`);
  const header = page.getByRole('main').getByTitle(t('chat-details', { name: 'Ben' }));
  await header.getByRole('img', { name: status }).waitFor();
  await header.getByText(status).waitFor();
  const row = page.getByRole('list', { name: t('place-chats') }).getByRole('link').filter({ hasText: 'Ben' });
  await row.getByRole('img', { name: status }).waitFor();
  await assertAccessibleInBothThemes(page, 'a chat with somebody who is busy');
  await screens(page, 'availability-chat');
  await page.goto(`${server.urls.work}/#/contacts/${ben.identity}`);
  await page.getByRole('main').getByText(status).waitFor();
  await page.getByRole('tabpanel').getByRole('link').filter({ hasText: status }).waitFor();
  await assertAccessibleInBothThemes(page, 'a contact who is busy');
  await screens(page, 'availability-contact');
  await button(page, 'directory').click();
  await page.getByRole('searchbox', { name: t('directory-search') }).fill(ben.identity);
  await page.getByRole('listitem').getByText(status).waitFor();
  await assertAccessibleInBothThemes(page, 'the directory with somebody who is busy');
  await screens(page, 'availability-directory');

  // The own one: refused while it is too long, then kept, here and after a new start.
  await organisation(page);
  const form = page.getByRole('region', { name: t('availability'), exact: true });
  await form.getByRole('radio', { name: t('availability-unavailable') }).check();
  const words = form.getByRole('textbox', { name: t('availability-text') });
  await words.fill('ä'.repeat(129));
  await form.getByText(t('availability-too-long')).waitFor();
  assert.equal(await button(form, 'save').isDisabled(), true);
  await assertAccessibleInBothThemes(page, 'a status that is too long');
  await words.fill(`Until Monday ${CANARY}`);
  await button(form, 'save').click();
  await page.getByText(t('availability-saved')).first().waitFor();
  await screens(page, 'availability-own', { height: 1200 });
  await page.reload();
  await form.getByRole('radio', { name: t('availability-unavailable'), checked: true }).waitFor();
  assert.equal(await words.inputValue(), `Until Monday ${CANARY}`);

  // Ben's app hears of it with its next question, and of the end of it.
  const seen = () => {
    ben.run('work', 'sync');
    return ben.run('contact', 'list').contacts.find((one) => one.identity === identity)?.availability;
  };
  assert.deepEqual(seen(), { status: 'unavailable', text: `Until Monday ${CANARY}` });
  await form.getByRole('radio', { name: t('availability-none') }).check();
  await words.waitFor({ state: 'detached' });
  await button(form, 'save').click();
  await page.getByText(t('availability-saved')).first().waitFor();
  await form.getByRole('button', { name: t('save'), disabled: true }).waitFor();
  assert.deepEqual(seen(), { status: 'none', text: '' });
  assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'texts stayed text');
  device.assertCalm();
});

test('the logo of the organisation is shown for the ground that it is made for', async (journey) => {
  const file = (name, picture) => {
    const path = join(server.folder, name);
    writeFileSync(path, picture);
    return path;
  };
  admin('org', 'logo', 'light', file('light.png', png(120, 40, [10, 60, 120])));
  const { device, page } = await member(journey, 'lea');
  await refresh(page);
  const logo = page.getByRole('main').getByRole('img', { name: t('logo-of', { name: 'Harbour' }) });
  const inList = page
    .getByRole('navigation', { name: t('settings') })
    .getByRole('img', { name: t('logo-of', { name: 'Harbour' }) });
  await logo.waitFor();
  await inList.waitFor();
  const width = () => logo.evaluate((image) => image.naturalWidth);
  assert.equal(await width(), 120);
  await assertAccessibleInBothThemes(page, 'an organisation with a logo');
  await screens(page, 'logo', { height: 1200 });
  // One for dark ground takes its place there.
  admin('org', 'logo', 'dark', file('dark.png', png(80, 40, [240, 240, 200])));
  await page.emulateMedia({ colorScheme: 'dark' });
  await refresh(page);
  await page.waitForFunction(
    (label) => document.querySelector(`main img[alt="${label}"]`)?.naturalWidth === 80,
    t('logo-of', { name: 'Harbour' }),
  );
  await page.emulateMedia({ colorScheme: 'light' });
  await page.waitForFunction(
    (label) => document.querySelector(`main img[alt="${label}"]`)?.naturalWidth === 120,
    t('logo-of', { name: 'Harbour' }),
  );
  // It is still there after a new start, and gone when it was taken away.
  await page.reload();
  await logo.waitFor();
  admin('org', 'logo', 'light');
  admin('org', 'logo', 'dark');
  await refresh(page);
  await logo.waitFor({ state: 'detached' });
  device.assertCalm();
});
