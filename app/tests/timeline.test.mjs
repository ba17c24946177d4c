// Finding one's way in what was written: the first unread message, the newest one, days, stars,
// faces that are looked up, people who are meant, cards, and links that lie about where they lead.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  assertAccessibleInBothThemes,
  bubble,
  composer,
  pair,
  screens,
  send,
  Server,
  t as words,
} from './harness.mjs';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

const log = (page) => page.getByRole('log');
const button = (within, id, values) =>
  within.getByRole('button', { name: words(id, values), exact: true });
const place = (page, id) =>
  page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${words(id)}`) });
const menuItem = (page, id) => page.getByRole('menuitem', { name: words(id), exact: true });

/** A message with all that belongs to it. */
const message = (page, text) => log(page).getByRole('article').filter({ hasText: text }).last();

/** The row of a chat in the list. */
const row = (page, name) =>
  page
    .getByRole('list', { name: words('place-chats'), exact: true })
    .getByRole('link')
    .filter({ hasText: name });

test('what came meanwhile begins where it was left, and stars are found again', async (t) => {
  const { ann, ben, calm } = await pair(t, server.urls.private);
  await send(ann, 'Before');
  await bubble(ben, 'Before').waitFor();
  await message(ann, 'Before').getByRole('img', { name: words('state-read') }).waitFor();

  // Ben looks elsewhere; much is written.
  await place(ben, 'place-contacts').click();
  await ben.getByRole('heading', { name: words('place-contacts') }).first().waitFor();
  for (let number = 1; number <= 40; number += 1) await send(ann, `Line ${number}`);
  await place(ben, 'place-chats').click();
  await row(ben, 'Ann').getByLabel(words('unread-count', { count: 40 })).waitFor();
  await assertAccessibleInBothThemes(ben, 'a list with unread messages');
  await screens(ben, 'timeline-unread-list');

  // It opens at the first unread message; what is further down is not read yet.
  await row(ben, 'Ann').click();
  const divider = log(ben).getByRole('separator').filter({ hasText: words('unread-here') });
  await divider.waitFor();
  assert.ok(await isSeen(divider), 'the first unread message is in sight');
  assert.equal(await isSeen(bubble(ben, 'Line 40')), false);
  await log(ben).getByText(words('day-today'), { exact: true }).first().waitFor();
  const down = ben.getByRole('button', { name: new RegExp(`^${words('to-end')}`) });
  await down.waitFor();
  await assertAccessibleInBothThemes(ben, 'a chat in the middle of unread messages');
  await screens(ben, 'timeline-unread');
  await down.click();
  await row(ben, 'Ann').getByLabel(words('unread-count', { count: 40 })).waitFor({ state: 'hidden' });
  await message(ann, 'Line 40').getByRole('img', { name: words('state-read') }).waitFor();
  assert.ok(await isSeen(bubble(ben, 'Line 40')));
  await down.waitFor({ state: 'detached' });

  // What is read stays where it is while more comes.
  await message(ben, 'Line 12').scrollIntoViewIfNeeded();
  await down.waitFor();
  const at = () => bubble(ben, 'Line 12').evaluate((one) => Math.round(one.getBoundingClientRect().top));
  const before = await at();
  await send(ann, 'One more');
  await button(ben, 'to-end-unread', { count: 1 }).waitFor();
  assert.equal(await at(), before, 'nothing moved');

  // By keyboard: up through the messages, a star, and to it from the list of stars.
  await button(ben, 'to-end-unread', { count: 1 }).click();
  await message(ben, 'One more').focus();
  for (let step = 0; step < 34; step += 1) await ben.keyboard.press('ArrowUp');
  await ben.keyboard.press('Enter');
  await menuItem(ben, 'star').press('Enter');
  await message(ben, 'Line 7').getByRole('img', { name: words('starred') }).waitFor();
  await button(ben, 'more').first().click();
  await menuItem(ben, 'place-starred').click();
  await ben.getByRole('heading', { name: words('place-starred') }).waitFor();
  await assertAccessibleInBothThemes(ben, 'starred messages');
  await screens(ben, 'timeline-starred');
  await ben.getByRole('link').filter({ hasText: 'Line 7' }).click();
  await bubble(ben, 'Line 7').waitFor();
  assert.ok(await isSeen(bubble(ben, 'Line 7')), 'the star leads to its message');
  await calm();
});

test('emojis, mentions, cards and links', async (t) => {
  const { ann, ben, bens, calm } = await pair(t, server.urls.private);

  // An emoji by its name, alone: shown large.
  await button(ann, 'emojis').click();
  const picker = ann.getByRole('dialog', { name: words('emojis') });
  await picker.getByLabel(words('emoji-search')).fill('red heart');
  await picker.getByRole('button', { name: 'red heart', exact: true }).waitFor();
  await assertAccessibleInBothThemes(ann, 'emojis');
  await screens(ann, 'timeline-emojis');
  await picker.getByRole('button', { name: 'red heart', exact: true }).click();
  await ann.keyboard.press('Escape');
  await button(ann, 'send').click();
  await bubble(ben, '❤️').waitFor();
  const size = (one) => one.evaluate((part) => Number.parseFloat(getComputedStyle(part).fontSize));
  await send(ann, 'small');
  assert.ok((await size(bubble(ben, '❤️'))) > 1.5 * (await size(bubble(ben, 'small'))));

  // A reaction that is not among the quick ones.
  await bubble(ben, 'small').hover();
  await button(message(ben, 'small'), 'react').click();
  const reactions = ben.getByRole('dialog', { name: words('react') });
  await reactions.getByLabel(words('emoji-search')).fill('rocket');
  await reactions.getByRole('button', { name: 'rocket', exact: true }).click();
  await button(log(ann), 'reaction-named', { emoji: '🚀', names: 'Ben' }).waitFor();

  // A card of a contact, by the contacts' own picker.
  await button(ann, 'attach').click();
  await menuItem(ann, 'attach-card').click();
  const card = ann.getByRole('dialog', { name: words('attach-card') });
  await assertAccessibleInBothThemes(ann, 'a card to be sent');
  await card.getByRole('button', { name: 'Ben' }).click();
  await card.waitFor({ state: 'detached' });
  const sent = log(ben).getByRole('button', { name: bens });
  await sent.click();
  const shown = ben.getByRole('dialog', { name: words('kind-card') });
  await shown.getByText(bens, { exact: true }).waitFor();
  await assertAccessibleInBothThemes(ben, 'a card that came');
  await screens(ben, 'timeline-card');
  assert.equal(await button(shown, 'contact-add').count(), 0, 'nobody adds themselves');
  await ben.keyboard.press('Escape');

  // The card of somebody unknown: added by hand, and written to.
  await log(ann).getByRole('button', { name: bens }).click();
  await button(ann.getByRole('dialog', { name: words('kind-card') }), 'contact-write').click();
  await composer(ann).waitFor();

  // Links: an honest one goes away at once, one that deceives is explained first.
  const honest = 'https://example.org/way';
  const lying = 'https://example.org@elsewhere.example/';
  await send(ann, honest);
  const leads = log(ben).getByRole('link', { name: honest });
  assert.equal(await leads.getAttribute('href'), honest);
  assert.equal(await leads.getAttribute('rel'), 'noopener noreferrer');
  await composer(ann).fill(lying);
  await button(ann, 'send').click();
  await log(ben).getByRole('link').filter({ hasText: 'elsewhere' }).click();
  const asked = ben.getByRole('dialog', { name: words('link-ask') });
  await asked.getByText(words('link-user_name')).waitFor();
  await asked.getByText('elsewhere.example', { exact: true }).waitFor();
  await assertAccessibleInBothThemes(ben, 'a link that deceives');
  await screens(ben, 'timeline-link');
  await button(asked, 'link-leave').click();
  await asked.waitFor({ state: 'detached' });

  // Somebody is meant: only in groups.
  await button(ann, 'more').first().click();
  await menuItem(ann, 'group-new').click();
  const dialog = ann.getByRole('dialog');
  await dialog.getByLabel(words('group-name'), { exact: true }).fill('Choir');
  await dialog.getByRole('checkbox', { name: 'Ben' }).click();
  await button(dialog, 'group-create').click();
  await ann.getByRole('main', { name: 'Choir' }).waitFor();
  await composer(ann).pressSequentially('Come, @B');
  await ann.getByRole('listbox', { name: words('mention') }).getByRole('option', { name: 'Ben' }).waitFor();
  await assertAccessibleInBothThemes(ann, 'somebody to be mentioned');
  await ann.keyboard.press('Enter');
  await button(ann, 'send').click();
  await row(ben, 'Choir').click();
  await message(ben, 'Come').getByText('@Ben', { exact: true }).waitFor();
  assert.doesNotMatch(await log(ben).textContent(), new RegExp(bens), 'a name, not an ID');
  await screens(ben, 'timeline-mention');
  await calm();
});

/** Whether all of it is inside of the window and of what scrolls. */
const isSeen = (place) =>
  place.evaluate((one) => {
    const { top, bottom, left, right } = one.getBoundingClientRect();
    const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return middle !== null && (one.contains(middle) || middle.contains(one)) && bottom <= innerHeight && top >= 0;
  });
