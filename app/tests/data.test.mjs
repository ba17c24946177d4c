// What people take out of the app: everything that the server keeps about them, and a conversation as a page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { assertAccessibleInBothThemes, bubble, de, pair, screens, send, Server, t } from './harness.mjs';

/** What would run if a text became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

/** The file that something gives, its name and its text. */
async function saved(page, act) {
  const coming = page.waitForEvent('download');
  await act();
  const file = await coming;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

test('a person gets what the server keeps, and takes a conversation along as a page', async (journey) => {
  const url = server.urls.private;
  const { ann, ben, anns, bens, calm } = await pair(journey, url);
  await send(ann, `Remember this ${CANARY}`);
  await bubble(ben, `Remember this ${CANARY}`).waitFor();
  await send(ben, 'I shall');
  await bubble(ann, 'I shall').waitFor();

  await ann.goto(`${url}/#/settings/data`);
  await ann.getByRole('heading', { name: t('settings-data'), exact: true }).waitFor();
  await ann.getByText(t('my-data.hint')).waitFor();
  await assertAccessibleInBothThemes(ann, 'the page of the own data');
  await screens(ann, 'data');
  const stored = await saved(ann, () => ann.getByRole('button', { name: t('my-data-do'), exact: true }).click());
  assert.equal(stored.name, `${anns}-server.json`);
  const document = JSON.parse(stored.text);
  assert.equal(document.format, 'dreiklang-personal-data');
  assert.equal(document.identity, anns);
  assert.equal(document.tables.identities[0].identity, anns);
  assert.deepEqual(document.tables.identities[0].revocation_key, { withheld: true });
  assert.ok(!stored.text.includes('Remember this'), 'the server does not know what was said');
  assert.match(stored.text, /\n {2}"identity": /, 'people can read it');

  await ann.goto(`${url}/#/chats/${bens}`);
  await bubble(ann, 'I shall').waitFor();
  const header = ann.getByRole('main').getByRole('button', { name: t('more'), exact: true }).first();
  await header.click();
  const choice = ann.getByRole('menuitem', { name: t('export-chat'), exact: true });
  await choice.waitFor();
  await assertAccessibleInBothThemes(ann, 'the menu of an open chat');
  const kept = await saved(ann, () => choice.click());
  await ann.getByText(t('export-chat-done')).waitFor();
  assert.equal(kept.name, 'Ben.html');
  assert.match(kept.text, /^<!doctype html>/);
  assert.ok(kept.text.includes('lang="en"') && kept.text.includes(t('page-exported')));
  assert.ok(!kept.text.includes('<img') && !kept.text.includes('<script'), 'text stayed text');

  // Read as any browser shows it.
  const page = await ann.context().newPage();
  await page.setContent(kept.text);
  await page.getByRole('heading', { name: 'Ben', exact: true }).waitFor();
  await page.getByText(`Remember this ${CANARY}`).waitFor();
  await page.getByText('I shall').waitFor();
  assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'the page runs nothing');
  await assertAccessibleInBothThemes(page, 'the saved conversation');
  await screens(page, 'saved-chat');
  await page.close();

  // The same in German.
  await ann.goto(`${url}/#/settings/appearance`);
  await ann.getByRole('radio', { name: 'Deutsch' }).check();
  await ann.goto(`${url}/#/settings/data`);
  await ann.getByRole('heading', { name: de('settings-data'), exact: true }).waitFor();
  await ann.getByText(de('my-data.hint')).waitFor();
  await screens(ann, 'data-de');
  await calm();
});
