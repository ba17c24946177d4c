// How surely people are known: dots with words, codes shown and scanned, fingerprints, explanations.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addContact,
  assertAccessibleInBothThemes,
  cameraSeeing,
  Device,
  makeIdentity,
  screens,
  send,
  Server,
  shownCode,
  t,
} from './harness.mjs';

/** What would run if a name became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';

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

const link = (page, id) => page.getByRole('navigation').getByRole('link', { name: t(id) });
/** A line of the settings: its name goes on with a hint. */
const line = (page, id) => page.getByRole('main').getByRole('button', { name: t(id) });
const dots = (place, level) => place.getByRole('img', { name: t(`trust-${level}`), exact: true });
const row = (page) => page.getByRole('list', { name: t('place-chats'), exact: true }).getByRole('link');

async function openTrust(page) {
  await link(page, 'place-settings').click();
  await link(page, 'settings-trust').click();
  await page.getByRole('heading', { name: t('settings-trust') }).waitFor();
}

test('a code is shown, scanned by a camera, and makes a contact verified everywhere', async (journey) => {
  const bens = await device(journey);
  const ben = await bens.open(server.urls.private);
  const bensId = await makeIdentity(ben, { nickname: 'Ben' });
  await openTrust(ben);
  await line(ben, 'own-code').click();
  const code = ben.getByRole('img', { name: t('own-code-of', { id: bensId }) });
  await code.waitFor();
  await assertAccessibleInBothThemes(ben, 'the own code');
  await screens(ben, 'trust-own-code');
  const flags = cameraSeeing(journey, await shownCode(code));
  const fingerprint = (await ben.getByRole('dialog').innerText()).match(/([0-9a-f]{4} ){7}[0-9a-f]{4}/)[0];

  const anns = await device(journey, { flags, permissions: ['camera'] });
  const ann = await anns.open(server.urls.private);
  await makeIdentity(ann, { nickname: 'Ann' });
  await addContact(ann, bensId, `Ben ${CANARY}`);
  await send(ann, 'Hello Ben');
  await dots(row(ann), 'unverified').waitFor();
  await openTrust(ann);
  for (const question of ['server', 'key', 'blocked', 'lost']) {
    await ann.getByText(t(`ask-${question}`), { exact: true }).click();
    await ann.getByText(t(`ask-${question}.text`), { exact: true }).waitFor();
  }
  await assertAccessibleInBothThemes(ann, 'the page of trust');
  await screens(ann, 'trust', { height: 1500 });

  await line(ann, 'trust-scan').click();
  const checked = ann.getByRole('dialog', { name: t('scan-checked'), exact: true });
  await checked.getByText(t('scan-checked.text', { id: bensId })).waitFor();
  await dots(checked, 'verified').waitFor();
  await checked.getByText(fingerprint).waitFor();
  await assertAccessibleInBothThemes(ann, 'a code that was scanned');
  await screens(ann, 'trust-checked');
  await checked.getByRole('button', { name: t('close'), exact: true }).last().click();
  await checked.waitFor({ state: 'hidden' });

  // Ann compares what she sees with what Ben sees.
  await ann.goto(`${server.urls.private}/#/contacts/${bensId}`);
  const page = ann.getByRole('main');
  await page.getByRole('heading', { name: `Ben ${CANARY}` }).waitFor();
  await dots(page, 'verified').waitFor();
  await page.getByText(t('trust-verified'), { exact: true }).waitFor();
  const seen = (await page.innerText()).replaceAll(/\s/g, '');
  assert.ok(seen.includes(fingerprint.replaceAll(' ', '')), 'both see the same fingerprint');
  await assertAccessibleInBothThemes(ann, 'a verified contact');
  await screens(ann, 'trust-contact');
  await link(ann, 'place-chats').click();
  await dots(row(ann), 'verified').waitFor();
  await row(ann).click();
  await dots(ann.getByRole('main'), 'verified').waitFor();
  // It stays so after a new start.
  await ann.reload();
  await dots(ann.getByRole('main'), 'verified').waitFor();
  assert.equal(await ann.evaluate(() => globalThis.caught), undefined, 'a name stayed text');
  for (const one of [anns, bens]) one.assertCalm();
});
