// The list of chats and the contacts in it: everything that can be done with them, through the screens.
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

async function device(journey) {
  const started = await Device.start({ origins: [server.urls.private] });
  journey.after(() => started.end());
  return started;
}

const button = (place, id, values) => place.getByRole('button', { name: t(id, values), exact: true });
const chatList = (page, id = 'place-chats') => page.getByRole('list', { name: t(id), exact: true });
const row = (page, name, list) => chatList(page, list).getByRole('link').filter({ hasText: name });
const place = (page, id) =>
  page.getByRole('navigation', { name: t('navigation') }).getByRole('link', { name: t(id) });

/** What the menu of a row offers, as a press of the other button opens it. */
async function choose(page, name, id, values, list) {
  await row(page, name, list).click({ button: 'right' });
  await page.getByRole('menuitem', { name: t(id, values), exact: true }).click();
}

/** Says yes in the dialog that asks. */
async function agree(page, id) {
  await button(page.getByRole('dialog'), id).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** The names in the list, from above. */
const names = (page) =>
  chatList(page)
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.querySelector('bdi')?.textContent));

async function refuses(page, identity, words) {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('contact-id'), { exact: true }).fill(identity);
  await button(dialog, 'add').click();
  await dialog.getByRole('alert').filter({ hasText: words }).waitFor();
  assert.doesNotMatch(await dialog.innerText(), /dreiklang /, 'no command of the terminal');
}

test('chats are pinned, silenced, marked, found, archived and emptied', async (journey) => {
  const [mine, bens] = [await device(journey), await device(journey)];
  const [page, ben] = await Promise.all([mine, bens].map((one) => one.open(server.urls.private)));
  const own = await makeIdentity(page, { nickname: 'Ann' });
  const bensId = await makeIdentity(ben, { nickname: 'Ben' });
  // Who writes last stands above: the older chat is the one that gets pinned.
  await addContact(page, bensId, `Ben ${CANARY}`);
  await send(page, 'Hello Ben');
  await addContact(ben, own, 'Ann');
  await bubble(ben, 'Hello Ben').waitFor();
  // A group of one's own is the second chat.
  await button(page, 'more').first().click();
  await page.getByRole('menuitem', { name: t('group-new') }).click();
  await page.getByRole('dialog').getByLabel(t('group-name'), { exact: true }).fill('Notes');
  await button(page.getByRole('dialog'), 'group-create-notes').click();
  await page.getByRole('main', { name: 'Notes' }).waitFor();
  await composer(page).waitFor();
  await send(page, 'Buy bread');
  await row(page, 'Notes').getByText('Buy bread').waitFor();
  assert.deepEqual(await names(page), ['Notes', `Ben ${CANARY}`]);

  await choose(page, 'Ben', 'pin');
  await row(page, 'Ben').getByRole('img', { name: t('pinned') }).waitFor();
  assert.deepEqual(await names(page), [`Ben ${CANARY}`, 'Notes']);

  await choose(page, 'Ben', 'mute-forever');
  await row(page, 'Ben').getByRole('img', { name: t('muted') }).waitFor();
  await choose(page, 'Notes', 'mute-mentions');
  await row(page, 'Notes').getByRole('img', { name: t('mute-mentions') }).waitFor();
  await choose(page, 'Ben', 'mute-off');
  await row(page, 'Ben').getByRole('img', { name: t('muted') }).waitFor({ state: 'detached' });
  await choose(page, 'Ben', 'mark-unread');
  await row(page, 'Ben').getByRole('img', { name: t('marked-unread') }).waitFor();
  await row(page, 'Ben').click({ button: 'right' });
  await page.getByRole('menuitem', { name: t('mark-read') }).waitFor();
  await assertAccessibleInBothThemes(page, 'the menu of a chat');
  await page.getByRole('menuitem', { name: t('mark-read') }).click();
  await row(page, 'Ben').getByRole('img', { name: t('marked-unread') }).waitFor({ state: 'detached' });

  await send(ben, 'One from Ben');
  await row(page, 'Ben').getByText('One from Ben').waitFor();
  await row(page, 'Ben').getByText('1', { exact: true }).waitFor();
  await place(page, 'place-chats').getByText(t('unread-count', { count: 1 })).waitFor({ state: 'attached' });
  await assertAccessibleInBothThemes(page, 'the list of chats');
  await screens(page, 'list');

  const search = page.getByRole('searchbox', { name: t('chat-search') });
  await search.fill('note');
  await row(page, 'Ben').waitFor({ state: 'detached' });
  await row(page, 'Notes').waitFor();
  await search.fill('nobody at all');
  await page.getByText(t('search-nothing', { words: 'nobody at all' })).waitFor();
  await button(page, 'search-clear').click();
  await row(page, 'Ben').waitFor();

  await choose(page, 'Notes', 'archive');
  await row(page, 'Notes').waitFor({ state: 'detached' });
  await row(page, t('place-archive')).click();
  await row(page, 'Notes', 'place-archive').waitFor();
  await assertAccessibleInBothThemes(page, 'the archive');
  await choose(page, 'Notes', 'unarchive', {}, 'place-archive');
  await page.getByText(t('archive-empty'), { exact: true }).waitFor();
  await place(page, 'place-chats').click();
  await row(page, 'Notes').click();
  await bubble(page, 'Buy bread').waitFor();
  await choose(page, 'Notes', 'chat-empty');
  await page.getByText(t('chat-empty-ask.text')).waitFor();
  await assertAccessibleInBothThemes(page, 'the question before a chat is emptied');
  await agree(page, 'chat-empty');
  await row(page, 'Notes').getByText('Buy bread').waitFor({ state: 'detached' });
  await bubble(page, 'Buy bread').waitFor({ state: 'detached' });
  // What was emptied and marked is so after a new start too.
  await page.reload();
  await row(page, 'Ben').getByRole('img', { name: t('pinned') }).waitFor();
  assert.equal(await page.getByText('Buy bread').count(), 0);
  // A group without a message is in no list of chats, and still among the groups.
  await place(page, 'place-contacts').click();
  await page.getByRole('tab', { name: t('tab-groups') }).click();
  await page.getByRole('tabpanel').getByRole('link', { name: 'Notes' }).click();
  await page.getByRole('main', { name: 'Notes' }).waitFor();
  await send(page, 'Buy milk');
  await row(page, 'Notes').getByText('Buy milk').waitFor();
  assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'a name stayed text');
  for (const one of [mine, bens]) one.assertCalm();
});

test('a contact is refused with words, renamed, blocked, unblocked and removed', async (journey) => {
  const [mine, bens] = [await device(journey), await device(journey)];
  const [page, ben] = await Promise.all([mine, bens].map((one) => one.open(server.urls.private)));
  const own = await makeIdentity(page, { nickname: 'Ann' });
  const bensId = await makeIdentity(ben, { nickname: 'Ben' });

  await place(page, 'place-contacts').click();
  await page.getByText(t('contacts-empty'), { exact: true }).waitFor();
  await button(page, 'contact-add').first().click();
  await refuses(page, 'BEN', t('error-not-an-identity', { text: 'BEN' }));
  // The browser writes every answer that is not a success into its console.
  mine.expected.push(/the server responded with a status of 404/);
  await refuses(page, 'ZZZZZZZZ', t('error-unknown-identity', { id: 'ZZZZZZZZ' }));
  await refuses(page, own, t('error-own-identity'));
  await assertAccessibleInBothThemes(page, 'a contact that is refused');
  await button(page.getByRole('dialog'), 'cancel').click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await place(page, 'place-chats').click();
  await addContact(page, bensId, 'Benno');
  await send(page, 'Hello');
  await addContact(ben, own, 'Ann');
  await bubble(ben, 'Hello').waitFor();
  await place(page, 'place-contacts').click();
  const contacts = page.getByRole('tabpanel', { name: t('tab-people') });
  await contacts.getByRole('link', { name: 'Benno' }).click();
  await button(page, 'contact-rename').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('first-name'), { exact: true }).fill('Ben');
  await dialog.getByLabel(t('last-name'), { exact: true }).fill(CANARY);
  await assertAccessibleInBothThemes(page, 'another name');
  await button(dialog, 'save-changes').click();
  await contacts.getByRole('link', { name: `Ben ${CANARY}` }).waitFor();
  await page.getByRole('heading', { name: `Ben ${CANARY}` }).waitFor();

  await button(page, 'block').click();
  await page.getByText(t('block-ask.text')).waitFor();
  await agree(page, 'block');
  await page.getByText(t('blocked.text')).waitFor();
  await contacts.getByRole('link', { name: t('blocked') }).waitFor();
  await assertAccessibleInBothThemes(page, 'a blocked contact');
  await screens(page, 'contact-blocked');
  await send(ben, 'Do you hear me?');
  await button(page, 'unblock').click();
  await page.getByText(t('blocked.text')).waitFor({ state: 'detached' });
  await contacts.getByText(bensId).waitFor();
  await send(ben, 'And now?');
  await button(page, 'contact-write').click();
  await bubble(page, 'And now?').waitFor();

  await place(page, 'place-contacts').click();
  await contacts.getByRole('link', { name: 'Ben' }).click();
  await button(page, 'contact-remove').click();
  await page.getByText(t('contact-remove-ask.text')).waitFor();
  await agree(page, 'contact-remove');
  await page.getByText(t('contacts-empty'), { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'a name stayed text');
  for (const one of [mine, bens]) one.assertCalm();
});
