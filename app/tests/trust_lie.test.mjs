// A directory that lies about a key: the scanned code shows it, and a warning stays until somebody has asked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addContact,
  assertAccessibleInBothThemes,
  cameraSeeing,
  Device,
  makeIdentity,
  screens,
  Server,
  shownCode,
  t,
} from './harness.mjs';

const CANARY = '<img src=x onerror="globalThis.caught=1">';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

const link = (page, id) => page.getByRole('navigation').getByRole('link', { name: t(id) });
const line = (page, id) => page.getByRole('main').getByRole('button', { name: t(id) });
const button = (page, id) => page.getByRole('button', { name: t(id), exact: true });

/** A device, and a new identity on it; `lie`: a key that the directory claims for everybody. */
async function person(journey, nickname, { lie, ...options } = {}) {
  const device = await Device.start({ origins: [server.urls.private], serviceWorkers: 'block', ...options });
  journey.after(() => device.end());
  const lies = [];
  if (lie !== undefined) {
    await device.context.route(/\/identity\/(fetch_bulk|[0-9A-Z]{8})$/, async (route) => {
      const response = await route.fetch();
      const told = await response.text();
      const changed = told.replaceAll(/("publicKey":\s*")[^"]+/g, `$1${lie}`);
      if (changed !== told) lies.push(route.request().url());
      await route.fulfill({ response, body: changed });
    });
  }
  const page = await device.open(server.urls.private);
  const identity = await makeIdentity(page, { nickname });
  return { device, page, identity, lies };
}

async function openTrust(page) {
  await link(page, 'place-settings').click();
  await link(page, 'settings-trust').click();
  await page.getByRole('heading', { name: t('settings-trust') }).waitFor();
}

test('a lying directory is found out by a scan, and the warning stays until it is put away', async (journey) => {
  const ben = await person(journey, 'Ben');
  await openTrust(ben.page);
  await line(ben.page, 'own-code').click();
  const code = ben.page.getByRole('img', { name: t('own-code-of', { id: ben.identity }) });
  const flags = cameraSeeing(journey, await shownCode(code));
  const bens = (await ben.page.getByRole('dialog').innerText()).match(/([0-9a-f]{4} ){7}[0-9a-f]{4}/)[0];

  // The key of somebody who would like to read what Ann writes to Ben.
  const lie = Buffer.alloc(32, 9).toString('base64');
  const ann = await person(journey, 'Ann', { lie, flags, permissions: ['camera'] });
  const page = ann.page;
  const name = `Ben ${CANARY}`;
  await addContact(page, ben.identity, name);
  assert.notEqual(ann.lies.length, 0, 'the directory lied');
  await openTrust(page);
  await line(page, 'trust-scan').click();
  const told = page.getByRole('dialog', { name: t('scan-wrong'), exact: true });
  await told.getByText(t('error-key-mismatch', { id: ben.identity }), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'a code with another key');
  await screens(page, 'trust-wrong');
  await told.getByRole('button', { name: t('close'), exact: true }).last().click();

  const warning = page.getByRole('main').getByRole('alert');
  for (const place of ['', `#/contacts/${ben.identity}`]) {
    if (place !== '') await page.goto(`${server.urls.private}/${place}`);
    await warning.getByText(t('key-warning', { name })).waitFor();
    // Both keys can be compared with what Ben sees.
    await warning.getByText(bens, { exact: true }).waitFor();
    await warning.getByText(t('key-warning-do'), { exact: true }).waitFor();
    await assertAccessibleInBothThemes(page, `a warning ${place}`);
    await screens(page, `trust-warning${place === '' ? '' : '-contact'}`);
  }
  const head = page.getByRole('main').getByRole('img', { name: t('trust-unverified'), exact: true });
  await head.waitFor();
  // It is still there after a new start, until somebody has dealt with it.
  await page.reload();
  await button(page, 'key-warning-asked').click();
  await warning.waitFor({ state: 'detached' });
  await head.waitFor();
  await page.reload();
  await head.waitFor();
  assert.equal(await warning.count(), 0, 'what was put away stays away');
  assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'a name stayed text');
  for (const one of [ann, ben]) one.device.assertCalm();
});
