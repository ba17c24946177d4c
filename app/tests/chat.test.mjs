// What two people do with messages: answer, react, edit, delete, vote, forward, and choose several.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Device,
  Server,
  addContact,
  assertAccessibleInBothThemes,
  bubble,
  composer,
  makeIdentity,
  screens,
  send,
  t as words,
} from './harness.mjs';

/** What would run if it became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

const log = (page) => page.getByRole('log');

/** A message with all that belongs to it. */
const message = (page, text) => log(page).getByRole('article').filter({ hasText: text }).last();

/** Chooses something from the menu of a message. */
async function choose(page, text, id) {
  await message(page, text).getByText(text).last().click({ button: 'right' });
  await page.getByRole('menuitem', { name: words(id), exact: true }).click();
}

const button = (within, id, values) =>
  within.getByRole('button', { name: words(id, values), exact: true });

/** Two people who have each other's chat open. */
async function pair(t) {
  const url = server.urls.private;
  const devices = [await Device.start({ origins: [url] }), await Device.start({ origins: [url] })];
  t.after(() => Promise.all(devices.map((device) => device.end())));
  const [ann, ben] = await Promise.all(devices.map((device) => device.open(url)));
  const anns = await makeIdentity(ann, { nickname: 'Ann' });
  const bens = await makeIdentity(ben, { nickname: 'Ben' });
  await addContact(ann, bens, 'Ben');
  await addContact(ben, anns, 'Ann');
  const calm = async () => {
    for (const page of [ann, ben]) {
      assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'text stayed text');
    }
    for (const device of devices) device.assertCalm();
  };
  return { ann, ben, calm };
}

test('messages are written, answered, reacted to, edited, and deleted', async (t) => {
  const { ann, ben, calm } = await pair(t);

  // What is typed is announced, what is sent is formatted, and what was read says so in words.
  await composer(ann).pressSequentially('A *bold* and _slanted_ ');
  await ben.getByRole('main').last().getByText(words('typing')).waitFor();
  await composer(ann).pressSequentially('word');
  const preview = ann.getByRole('group', { name: words('preview'), exact: true });
  await preview.getByText('bold', { exact: true }).waitFor();
  await button(ann, 'send').click();
  const bold = message(ben, 'slanted').getByText('bold', { exact: true });
  await bold.waitFor();
  assert.ok(Number(await bold.evaluate((part) => getComputedStyle(part).fontWeight)) >= 600);
  const slanted = message(ben, 'slanted').getByText('slanted', { exact: true });
  assert.equal(await slanted.evaluate((part) => getComputedStyle(part).fontStyle), 'italic');
  await message(ann, 'slanted').getByRole('img', { name: words('state-read') }).waitFor();

  // An answer shows what it answers, and leads to it.
  await send(ben, CANARY);
  await bubble(ann, CANARY).waitFor();
  await choose(ann, CANARY, 'reply');
  await send(ann, 'An answer to that');
  const quote = message(ben, 'An answer to that').getByRole('button', { name: CANARY });
  await quote.click();
  await bubble(ben, CANARY).last().waitFor();

  // Reactions: one gives, the other gives the same, the first takes it back.
  await message(ben, 'slanted').getByText('bold', { exact: true }).click({ button: 'right' });
  await button(ben, 'react-with', { emoji: '👍' }).click();
  const thumb = (page, names) => button(log(page), 'reaction-named', { emoji: '👍', names });
  await thumb(ann, 'Ben').click();
  const both = /^👍: (.+), (.+)$/;
  await log(ben).getByRole('button', { name: both }).click();
  await thumb(ann, words('person-me')).waitFor();
  await assertAccessibleInBothThemes(ann, 'a chat with an answer and a reaction');
  await screens(ann, 'chat-answer');

  // An edit, and the details that keep what it said before.
  await send(ann, 'Firts try');
  await bubble(ben, 'Firts try').waitFor();
  await choose(ann, 'Firts try', 'edit');
  await composer(ann).fill('First try');
  await button(ann, 'edit-done').click();
  await bubble(ben, 'First try').waitFor();
  await message(ben, 'First try').getByText(words('edited')).waitFor();
  await choose(ann, 'First try', 'details');
  const details = ann.getByRole('dialog', { name: words('details') });
  await details.getByText('Firts try').waitFor();
  await assertAccessibleInBothThemes(ann, 'details of a message');
  await screens(ann, 'chat-message-details');
  await ann.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });

  // Deleted for everyone.
  await choose(ann, 'First try', 'delete');
  await button(ann.getByRole('dialog'), 'delete-everyone').click();
  await log(ben).getByText(words('message-deleted')).waitFor();
  await log(ann).getByText(words('message-deleted')).waitFor();
  assert.equal(await bubble(ben, 'First try').count(), 0);
  await calm();
});

test('a draft waits, a poll is voted in, and several messages go on', async (t) => {
  const { ann, ben, calm } = await pair(t);

  // What was begun stands there again after a new start, and in the list.
  await send(ann, 'The first word');
  await composer(ann).fill(`begun ${CANARY}`);
  await ann.getByText(words('draft')).first().waitFor();
  await ann.reload();
  await button(ann, 'send').waitFor();
  assert.equal(await composer(ann).inputValue(), `begun ${CANARY}`);
  await composer(ann).fill('');

  // A poll.
  await button(ann, 'attach').click();
  await ann.getByRole('menuitem', { name: words('attach-poll'), exact: true }).click();
  const dialog = ann.getByRole('dialog', { name: words('attach-poll') });
  await dialog.getByLabel(words('poll-question'), { exact: true }).fill(`Where to? ${CANARY}`);
  await dialog.getByLabel(words('poll-choice', { number: 1 }), { exact: true }).fill(`The sea ${CANARY}`);
  await dialog.getByLabel(words('poll-choice', { number: 2 }), { exact: true }).fill('The hills');
  await assertAccessibleInBothThemes(ann, 'a poll to be made');
  await button(dialog, 'send').click();
  const poll = (page) => page.getByRole('group', { name: /^Poll: Where to\?/ });
  await poll(ben).getByRole('radio', { name: /^The sea/ }).click();
  await poll(ann).getByText(words('poll-voters', { count: 1 })).waitFor();
  await poll(ann).getByRole('radio', { name: /^The hills/ }).click();
  await poll(ben).getByText(words('poll-voters', { count: 2 })).waitFor();
  await assertAccessibleInBothThemes(ben, 'a poll');
  await screens(ben, 'chat-poll');
  await button(poll(ann), 'poll-close').click();
  await poll(ben).getByText(words('poll-closed')).waitFor();

  // One message goes on to the same chat, then several are deleted here.
  await send(ann, 'Pass this on');
  await choose(ann, 'Pass this on', 'forward');
  const targets = ann.getByRole('dialog', { name: words('forward-title', { count: 1 }) });
  await targets.getByRole('checkbox', { name: 'Ben' }).click();
  await assertAccessibleInBothThemes(ann, 'where to forward');
  await button(targets, 'forward').click();
  await bubble(ben, 'Pass this on').nth(1).waitFor();

  await choose(ann, 'Pass this on', 'choose');
  const bar = ann.getByRole('toolbar', { name: words('choose-several') });
  await bar.getByText(words('chosen-count', { count: 1 })).waitFor();
  await log(ann).getByRole('checkbox').filter({ hasText: 'Pass this on' }).first().click();
  await bar.getByText(words('chosen-count', { count: 2 })).waitFor();
  await assertAccessibleInBothThemes(ann, 'several messages chosen');
  await screens(ann, 'chat-several');
  await button(bar, 'delete').click();
  await button(ann.getByRole('dialog'), 'delete-me').click();
  await bar.waitFor({ state: 'detached' });
  await bubble(ann, 'Pass this on').first().waitFor({ state: 'detached' });
  assert.equal(await bubble(ben, 'Pass this on').count(), 2);
  await calm();
});
