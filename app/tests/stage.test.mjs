// The core in a real browser before and around an open profile: scanning, locking, erasing; and
// what answers and events tell screens besides.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CoreTab, Device, Server } from './harness.mjs';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

async function tab(t) {
  const device = await Device.start({ origins: [server.urls.private], bypassCSP: true });
  t.after(() => device.end());
  return CoreTab.open(device, server.urls.private);
}

test('a camera can be read before there is a profile', async (t) => {
  const a = await tab(t);
  const scan = { command: 'qr_read', width: 100, height: 100 };
  const { reply, error } = await a.answer(scan, 10_000);
  assert.equal(error, undefined);
  assert.deepEqual(reply, {});
  assert.equal((await a.answer({ command: 'chats' })).error.code, 'not-open');
});

test('a wrong old passphrase closes nothing, and who has lost it can begin anew', async (t) => {
  const a = await tab(t);
  await a.setUp('Anna');
  const lock = (from, to) => ({ command: 'lock_set', kind: 'passphrase', from, to });
  assert.equal((await a.answer(lock(undefined, 'first secret'))).error, undefined);
  const wrong = await a.answer(lock('another secret', 'second secret'));
  assert.equal(wrong.error.code, 'wrong-passphrase');
  assert.equal((await a.ask('stage')).stage, 'open');
  assert.equal((await a.ask('lock_now')).stage, 'locked');
  const erase = (confirm) => a.answer({ command: 'erase', confirm });
  assert.equal((await erase('ANNA')).error.code, 'wrong-confirmation');
  assert.equal((await a.ask('stage')).stage, 'locked');
  assert.equal((await erase('everything')).reply.stage, 'empty');
  assert.match(await a.setUp('Anna again'), /^[0-9A-Z]{8}$/);
  assert.equal((await a.ask('stage')).lock, 'none');
});

test('progress names the file of a message, and a quote its author', async (t) => {
  const [a, b] = [await tab(t), await tab(t)];
  const [anna, ben] = [await a.setUp('Anna'), await b.setUp('Ben')];
  await a.ask('contact_add', { contact: ben, name: 'Ben Brown' });
  await b.ask('contact_add', { contact: anna });
  const sent = await a.ask('send_file', { to: ben }, 300_000);
  assert.match(sent.file.media, /./);
  await a.heard('progress', { media: sent.file.media });
  const came = await b.heard('message', { message_id: sent.message_id });
  await b.ask('download', { message: came.position });
  const { media } = await b.heard('progress');
  const { message } = await b.ask('message', { message: came.position });
  assert.equal(message.file.media, media);
  await b.ask('send', { to: anna, text: 'Shall we?' });
  const asked = await a.heard('message', { text: 'Shall we?' });
  const answer = await a.ask('send', { to: ben, text: 'Yes', quote: asked.position });
  assert.equal(answer.quote.sender_name, 'Ben Brown');
});

test('people are looked for by their addresses and not added', async (t) => {
  const a = await tab(t);
  await a.setUp('Anna');
  const wanted = { emails: ['nobody@example.com'], phones: ['+41 79 000 00 00'] };
  assert.deepEqual(await a.ask('match_contacts', wanted), { matches: [] });
  const wrong = await a.answer({ command: 'match_contacts', emails: ['nobody'] });
  assert.equal(wrong.error.code, 'bad-address');
  assert.deepEqual((await a.ask('contacts')).contacts, []);
});
