// The app of an organisation: its directory, its marks, its rules, and the end of a licence.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  activate,
  administer,
  assertAccessibleInBothThemes,
  composer,
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
const ORGANISATION = `Harbour ${CANARY}`;
const SUPPORT = 'https://help.example/?about=<img%20src=x>';

let server;
let ben;
let cleo;
before(async () => {
  server = await Server.start('open');
  const admin = (...words) => administer(server, ...words);
  admin('org', 'create', ORGANISATION, '--seats', '9');
  admin('org', 'set', '--directory', 'on', '--contacts-marked', 'on', '--contacts-auto', 'off', '--support-url', SUPPORT);
  const passes = Object.fromEntries(['ben', 'cleo'].map((name) => [name, license(server, name)]));
  const told = (name, parameter, value) => admin('mdm', 'set', parameter, value, '--credential', name);
  told('ben', 'th_firstname', 'Benjamin');
  told('ben', 'th_lastname', `Quay ${CANARY}`);
  told('ben', 'th_job_title', `Pilot ${CANARY}`);
  told('ben', 'th_department', 'Tugs');
  told('cleo', 'th_firstname', 'Cleo');
  told('cleo', 'th_lastname', 'Quayle');
  ben = Terminal.setUp(server, 'ben', passes.ben);
  cleo = Terminal.setUp(server, 'cleo', passes.cleo);
  // An app tells its names to the organisation when it is online next.
  for (const one of [ben, cleo]) {
    while (admin('member', 'show', one.identity).lastName === null) one.run('work', 'sync');
  }
  admin('contact', 'set', cleo.identity, '--first-name', 'Cleo', '--last-name', 'Quayle');
  const { id } = admin('contact', 'category', `Divers ${CANARY}`);
  admin('contact', 'assign', cleo.identity, id);
});
after(() => server.end());

async function device(journey, options = {}) {
  const started = await Device.start({ origins: [server.urls.work], ...options });
  journey.after(() => started.end());
  return started;
}

const button = (place, id, values) => place.getByRole('button', { name: t(id, values), exact: true });
const place = (page, id) =>
  page.getByRole('navigation', { name: t('navigation') }).getByRole('link', { name: t(id) });

/** A page of the settings. */
async function settings(page, name) {
  await place(page, 'place-settings').click();
  await page.getByRole('navigation', { name: t('settings') }).getByRole('link', { name: t(`settings-${name}`) }).click();
  await page.getByRole('heading', { name: t(`settings-${name}`), exact: true }).waitFor();
}

test('colleagues are found, marked, and written to', async (journey) => {
  const mine = await device(journey);
  const page = await mine.open(server.urls.work);
  await activate(page, 'work', license(server, 'anna'));
  await newIdentity(page, 'Anna');

  await settings(page, 'organisation');
  await page.getByRole('heading', { name: ORGANISATION }).waitFor();
  const support = page.getByRole('link', { name: t('work-support') });
  assert.equal(await support.getAttribute('href'), new URL(SUPPORT).href);
  assert.equal(await support.getAttribute('rel'), 'noopener noreferrer');
  await assertAccessibleInBothThemes(page, 'the organisation');
  await screens(page, 'organisation', { height: 1100 });
  await page.getByRole('button', { name: t('directory') }).click();

  // A piece of a name finds both; a category finds the one who is in it.
  await page.getByRole('heading', { name: t('directory') }).waitFor();
  await assertAccessibleInBothThemes(page, 'the directory before a search');
  const search = page.getByRole('searchbox', { name: t('directory-search') });
  await search.fill('quay');
  const people = page.getByRole('listitem');
  await people.filter({ hasText: `Pilot ${CANARY} · Tugs` }).waitFor();
  await people.filter({ hasText: 'Cleo Quayle' }).waitFor();
  await page.getByRole('status').filter({ hasText: t('people-count', { count: 2 }) }).waitFor({ state: 'attached' });
  await assertAccessibleInBothThemes(page, 'who was found');
  await screens(page, 'directory');
  await page.getByRole('button', { name: `Divers ${CANARY}` }).click();
  await people.filter({ hasText: 'Benjamin' }).waitFor({ state: 'detached' });
  await people.filter({ hasText: 'Cleo Quayle' }).waitFor();
  await search.fill('');
  await page.getByRole('status').filter({ hasText: t('people-count', { count: 1 }) }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: `Divers ${CANARY}` }).click();
  await search.fill('nobody');
  await page.getByText(t('directory-nobody'), { exact: true }).waitFor();
  await search.fill('Benjamin');
  const bensName = `Benjamin Quay ${CANARY}`;
  await button(page, 'directory-add', { name: bensName }).click();

  // The mark stands beside the name wherever it is shown, in shape and in words.
  await composer(page).waitFor();
  const mark = (within) => within.getByRole('img', { name: t('trust-work-server') });
  await mark(page.getByRole('main')).first().waitFor();
  await send(page, 'Is the tug free?');
  await mark(page.getByRole('list', { name: t('place-chats') }).getByRole('link').filter({ hasText: bensName })).waitFor();
  ben.reads('Is the tug free?');
  await page.getByTitle(t('chat-details', { name: bensName })).click();
  await mark(page.getByRole('complementary').last()).first().waitFor();
  await screens(page, 'colleague');
  await place(page, 'place-contacts').click();
  const listed = page.getByRole('tabpanel').getByRole('link', { name: bensName });
  await mark(listed).waitFor();
  await listed.click();
  await page.getByText(t('trust-work-server'), { exact: true }).last().waitFor();
  await assertAccessibleInBothThemes(page, 'a colleague');
  assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'names stayed text');
  mine.assertCalm();
});
