// What an organisation decides: its rules in the app, and the end and return of a licence.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  activate,
  administer,
  assertAccessibleInBothThemes,
  bubble,
  de,
  Device,
  license,
  newIdentity,
  screens,
  send,
  Server,
  t,
  Terminal,
} from './harness.mjs';

/** What would run if a name became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';
const SUPPORT = 'https://help.example/';

let server;
let admin;
before(async () => {
  server = await Server.start('open');
  admin = (...words) => administer(server, ...words);
  admin('org', 'create', `Harbour ${CANARY}`, '--seats', '9');
  admin('org', 'set', '--support-url', SUPPORT, '--contacts-auto', 'on');
});
after(() => server.end());

async function device(journey, options = {}) {
  const started = await Device.start({ origins: [server.urls.work], ...options });
  journey.after(() => started.end());
  return started;
}

/** What is on a page of the settings. */
async function settings(page, name, words) {
  await page.goto(`${server.urls.work}/#/settings/${name}`);
  await page.getByRole('heading', { name: words(`settings-${name}`), exact: true }).waitFor();
}

test('what the organisation has set is locked, and says why', async (journey) => {
  const rules = {
    th_block_unknown: 'true',
    th_disable_create_group: 'true',
    th_disable_id_export: 'true',
    th_readonly_profile: 'true',
    th_nickname: '<img src=x onerror="caught=1">',
  };
  const pass = license(server, 'anna');
  for (const [name, value] of Object.entries(rules)) {
    admin('mdm', 'set', name, value, '--credential', 'anna');
  }
  const mine = await device(journey, { locale: 'de-DE' });
  const page = await mine.open(server.urls.work);
  await activate(page, 'work', pass, de);
  await newIdentity(page, undefined, de);
  const why = (parameter) => `${de('set-by-organisation')} ${de(`purpose-${parameter}`)}`;

  await settings(page, 'privacy', de);
  const unknown = page.getByRole('switch', { name: de('block-unknown') });
  await unknown.waitFor();
  assert.equal(await unknown.isChecked(), true, 'it is as the organisation wants it');
  assert.equal(await unknown.isDisabled(), true, 'and stays so');
  await page.getByText(why('th-block-unknown')).waitFor();
  await assertAccessibleInBothThemes(page, 'a locked switch');
  await screens(page, 'rule');

  await settings(page, 'profile', de);
  await page.getByText(why('th-readonly-profile')).first().waitFor();
  const nickname = page.getByRole('textbox', { name: de('nickname'), exact: true });
  assert.equal(await nickname.inputValue(), rules.th_nickname);
  assert.equal(await nickname.isDisabled(), true);
  await assertAccessibleInBothThemes(page, 'a locked profile');
  await screens(page, 'profile-locked', { height: 1300 });

  await settings(page, 'backup', de);
  await page.getByText(why('th-disable-id-export')).waitFor();
  await assertAccessibleInBothThemes(page, 'an export that is forbidden');

  // Everything that was set stands in one list, with its organisation.
  await settings(page, 'organisation', de);
  await page.getByRole('heading', { name: `Harbour ${CANARY}` }).waitFor();
  for (const name of Object.keys(rules)) {
    await page.getByText(`${name} · ${de('origin-organisation')}`).waitFor();
  }
  await assertAccessibleInBothThemes(page, 'the rules of the organisation');
  await screens(page, 'rules', { height: 1400 });

  await page.goto(`${server.urls.work}/#/contacts`);
  await page.getByRole('button', { name: de('group-new'), exact: true }).click();
  await page.getByRole('dialog').getByText(why('th-disable-create-group')).waitFor();
  await assertAccessibleInBothThemes(page, 'a group that is forbidden');
  assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'names stayed text');
  mine.assertCalm();
});

test('a licence that was withdrawn closes the app until there is one again', async (journey) => {
  const ben = Terminal.setUp(server, 'ben', license(server, 'ben'));
  const mine = await device(journey);
  // The browser writes every refusal of a server into its console.
  mine.expected.push(/the server responded with a status of 40[13]/);
  const page = await mine.open(server.urls.work);
  const pass = license(server, 'carla');
  await activate(page, 'work', pass);
  const identity = await newIdentity(page, 'Carla');
  const button = (id) => page.getByRole('button', { name: t(id), exact: true });
  await page.goto(`${server.urls.work}/#/chats/${ben.identity}`);
  await send(page, 'Before the end');

  // It is noticed at once by whoever is connected.
  admin('credential', 'withdraw', 'carla');
  await page.getByRole('heading', { name: t('withdrawn') }).waitFor();
  await page.getByRole('log').waitFor({ state: 'detached' });
  assert.equal(await page.getByText('Before the end').count(), 0, 'nothing of the chats is to be seen');
  assert.equal(await page.getByRole('link', { name: t('work-support') }).getAttribute('href'), SUPPORT);
  await assertAccessibleInBothThemes(page, 'a licence that was withdrawn');
  await screens(page, 'withdrawn');
  // A new start and another address lead nowhere else.
  await page.reload();
  await page.getByRole('heading', { name: t('withdrawn') }).waitFor();
  await page.goto(`${server.urls.work}/#/settings/data`);
  await page.getByRole('heading', { name: t('withdrawn') }).waitFor();
  await button('withdrawn-check').click();
  await page.getByRole('heading', { name: t('withdrawn') }).waitFor();

  admin('credential', 'restore', 'carla');
  await button('withdrawn-check').click();
  await page.getByRole('heading', { name: t('withdrawn') }).waitFor({ state: 'detached' });
  await page.goto(`${server.urls.work}/#/chats/${ben.identity}`);
  await bubble(page, 'Before the end').waitFor();

  // Other credentials of the organisation open it as well.
  admin('credential', 'set', 'carla', '--username', 'former');
  const fresh = license(server, 'carla-again');
  await settings(page, 'organisation', t);
  await page.getByRole('button', { name: t('work-sync') }).click();
  const closed = page.getByRole('heading', { name: t('credentials-needed') });
  await closed.waitFor();
  await assertAccessibleInBothThemes(page, 'credentials that are not known');
  await button('credentials-give').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: t('setup-username'), exact: true }).fill(fresh.username);
  await dialog.getByLabel(t('setup-password'), { exact: true }).fill('a wrong one');
  await dialog.getByRole('button', { name: t('setup-activate') }).click();
  await dialog.getByRole('alert').waitFor();
  await assertAccessibleInBothThemes(page, 'credentials that are refused');
  await screens(page, 'credentials-refused');
  await dialog.getByLabel(t('setup-password'), { exact: true }).fill(fresh.password);
  await dialog.getByRole('button', { name: t('setup-activate') }).click();
  await closed.waitFor({ state: 'detached' });
  await page.goto(`${server.urls.work}/#/chats/${ben.identity}`);
  await send(page, 'And after it');
  ben.reads('And after it');
  assert.equal(admin('member', 'show', identity).withdrawnAt, null);
  mine.assertCalm();
});

test('an ID that the organisation let go is told so, and another one can begin', async (journey) => {
  const mine = await device(journey);
  mine.expected.push(/the server responded with a status of 40[13]/);
  const page = await mine.open(server.urls.work);
  await activate(page, 'work', license(server, 'dora'));
  const identity = await newIdentity(page, 'Dora');
  admin('member', 'detach', identity, '--confirm', identity);
  await page.getByRole('heading', { name: t('released') }).waitFor();
  await assertAccessibleInBothThemes(page, 'an ID that was let go');
  await screens(page, 'released');
  // Trying again asks the server, which says the same.
  const asked = page.waitForEvent('websocket');
  await page.getByRole('button', { name: t('released-reclaim') }).click();
  await asked;
  await page.getByRole('heading', { name: t('released') }).waitFor();
  await page.getByRole('button', { name: t('displaced-anew') }).click();
  await page.getByRole('dialog', { name: t('erase') }).waitFor();
  await assertAccessibleInBothThemes(page, 'the question before another ID');
  mine.assertCalm();
});
