// A group of two browsers, through the screens: made, written in, renamed, lost, left, ended.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addContact,
  assertAccessibleInBothThemes,
  bubble,
  composer,
  Device,
  makeIdentity,
  screens,
  send,
  Server,
  t,
} from './harness.mjs';

/** What would run if a name became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

const button = (place, id, values) => place.getByRole('button', { name: t(id, values), exact: true });
const row = (page, name) =>
  page
    .getByRole('list', { name: t('place-chats'), exact: true })
    .getByRole('link')
    .filter({ hasText: name });
const openDetails = (page) => button(page, 'details').click();

/** Makes a group with the only contact. */
async function makeGroup(page, name, member) {
  await button(page, 'more').first().click();
  await page.getByRole('menuitem', { name: t('group-new') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('group-name'), { exact: true }).fill(name);
  await dialog.getByRole('checkbox', { name: member }).click();
  await assertAccessibleInBothThemes(page, 'a new group');
  await button(dialog, 'group-create').click();
  await page.getByRole('main', { name }).waitFor();
  await composer(page).waitFor();
}

/** Presses the red button, reads what it means, and says yes. */
async function agree(page, id) {
  const dialog = page.getByRole('dialog');
  await dialog.getByText(t(`${id}-ask.text`)).waitFor();
  await button(dialog, id).click();
  await dialog.waitFor({ state: 'hidden' });
}

test('a group is made, renamed, and nobody writes in it who is not in it', async (journey) => {
  const url = server.urls.private;
  const devices = [await Device.start({ origins: [url] }), await Device.start({ origins: [url] })];
  journey.after(() => Promise.all(devices.map((device) => device.end())));
  const [ann, ben] = await Promise.all(devices.map((device) => device.open(url)));
  const anns = await makeIdentity(ann, { nickname: 'Ann' });
  const bens = await makeIdentity(ben, { nickname: 'Ben' });
  await addContact(ann, bens, 'Ben');
  await addContact(ben, anns, 'Ann');

  await makeGroup(ann, `Walk ${CANARY}`, 'Ben');
  await send(ann, 'Who comes along?');
  await row(ben, `Walk ${CANARY}`).click();
  await bubble(ben, 'Who comes along?').waitFor();
  await send(ben, 'I do');
  await bubble(ann, 'I do').waitFor();

  await openDetails(ann);
  await button(ann, 'group-rename').click();
  await ann.getByRole('dialog').getByLabel(t('group-name'), { exact: true }).fill(`Hike ${CANARY}`);
  await button(ann.getByRole('dialog'), 'save-changes').click();
  const named = t('notice-renamed', { sender: 'Ann', to: `Hike ${CANARY}` });
  await ben.getByRole('log').getByText(named).waitFor();
  await row(ben, `Hike ${CANARY}`).waitFor();
  await assertAccessibleInBothThemes(ann, 'the page of a group');
  await screens(ann, 'group');

  await button(ann, 'more-named', { name: 'Ben' }).click();
  await ann.getByRole('menuitem', { name: t('group-remove') }).click();
  await agree(ann, 'group-remove');
  const ended = ben.getByRole('main').getByText(t('membership-removed.text'));
  await ended.waitFor();
  await composer(ben).waitFor({ state: 'detached' });
  await assertAccessibleInBothThemes(ben, 'a group without us');
  await screens(ben, 'group-removed');

  // Who is taken in again writes again.
  await button(ann, 'group-add').click();
  await ann.getByRole('dialog').getByRole('checkbox', { name: 'Ben' }).click();
  await button(ann.getByRole('dialog'), 'add').click();
  await composer(ben).waitFor();
  await send(ben, 'Back again');
  await bubble(ann, 'Back again').waitFor();

  await openDetails(ben);
  await button(ben, 'group-leave').click();
  await agree(ben, 'group-leave');
  await ben.getByRole('main').getByText(t('membership-left.text')).first().waitFor();
  await composer(ben).waitFor({ state: 'detached' });
  await ann.getByRole('log').getByText(t('notice-left', { people: 'Ben' })).waitFor();

  for (const page of [ann, ben]) {
    assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'a name stayed text');
  }

  // A second one is ended by whoever made it.
  await makeGroup(ann, 'Lake', 'Ben');
  await row(ben, 'Lake').click();
  await composer(ben).waitFor();
  await openDetails(ann);
  await button(ann, 'group-disband').click();
  await agree(ann, 'group-disband');
  await composer(ben).waitFor({ state: 'detached' });
  await ben.getByRole('main').getByText(t('membership-removed.text')).first().waitFor();
  for (const device of devices) device.assertCalm();
});
