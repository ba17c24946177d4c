// The core in a real browser, below the interface: nothing is lost when tabs die, networks are cut
// or the disk is full.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CoreTab, Device, Server } from './harness.mjs';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

/** Two people who know each other, each on a device. */
async function pair(t) {
  const [anna, ben] = [await device(t), await device(t)];
  const [a, b] = [await tab(anna), await tab(ben)];
  const ids = { anna: await a.setUp('Anna'), ben: await b.setUp('Ben') };
  await a.ask('contact_add', { contact: ids.ben });
  await b.ask('contact_add', { contact: ids.anna });
  return { anna, ben, a, b, ids };
}

async function device(t) {
  const started = await Device.start({ origins: [server.urls.private], bypassCSP: true });
  t.after(() => started.end());
  return started;
}

const tab = (device) => CoreTab.open(device, server.urls.private);

test('a message crosses, and is there when the tab was closed', async (t) => {
  const { anna, a, b, ids } = await pair(t);
  const sent = await a.ask('send', { to: ids.ben, text: 'Hello *Ben*' });
  await a.heard('state', { message_id: sent.message_id, state: 'delivered' });
  await b.heard('message', { message_id: sent.message_id });
  assert.deepEqual(await b.texts(ids.anna), ['Hello *Ben*']);
  await a.page.close();
  const again = await tab(anna);
  const stage = await again.ask('stage');
  assert.equal(stage.stage, 'open');
  assert.deepEqual(await again.texts(ids.ben), ['Hello *Ben*']);
});

test('what was written without a network is sent once it is back', async (t) => {
  const { anna, a, b, ids } = await pair(t);
  anna.expected.push(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket/);
  await server.stop();
  await a.heard('connection', { state: 'waiting' });
  const texts = ['one', 'two', 'three'];
  for (const text of texts) await a.ask('send', { to: ids.ben, text });
  await server.run();
  for (const text of texts) await b.heard('message', { text });
  assert.deepEqual(await b.texts(ids.anna), texts);
});

test('a tab that is killed in the middle of sending loses nothing and repeats nothing', async (t) => {
  const { anna, a, b, ids } = await pair(t);
  const texts = Array.from({ length: 40 }, (_, number) => `number ${number}`);
  const first = texts.slice(0, 20).map((text) => a.ask('send', { to: ids.ben, text }));
  await Promise.all(first);
  // More are asked for, and nobody waits for the answers.
  await a.page.evaluate(
    ([to, texts]) => {
      for (const text of texts) void globalThis.core.ask({ command: 'send', to, text });
    },
    [ids.ben, texts.slice(20)],
  );
  await a.page.close();
  const again = await tab(anna);
  await again.ask('stage');
  await again.heard('connection', { state: 'online' });
  const kept = await again.texts(ids.ben);
  assert.ok(kept.length >= 20, 'what was answered is there');
  assert.deepEqual(kept, texts.slice(0, kept.length), 'in order, each once');
  const last = await again.ask('send', { to: ids.ben, text: 'last' });
  await again.heard('state', { message_id: last.message_id, state: 'delivered' });
  assert.deepEqual(await b.texts(ids.anna), [...kept, 'last']);
});

test('a second tab is told so, and can take over', async (t) => {
  const anna = await device(t);
  const first = await tab(anna);
  const identity = await first.setUp('Anna');
  const second = await tab(anna);
  assert.equal((await second.ask('stage')).stage, 'elsewhere');
  assert.equal((await first.ask('release')).stage, 'elsewhere');
  assert.equal((await second.ask('take_over')).stage, 'open');
  assert.equal((await second.ask('me')).identity, identity);
});

test('a file crosses whole; a cut in the middle of it is survived', async (t) => {
  const { anna, a, b, ids } = await pair(t);
  anna.expected.push(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_|WebSocket/);
  const bytes = 6_000_000;
  const sent = await a.ask('send_file', { to: ids.ben, caption: 'look' }, bytes);
  await a.heard('progress');
  await server.stop();
  await a.heard('connection', { state: 'waiting' });
  await server.run();
  await a.heard('state', { message_id: sent.message_id, state: 'delivered' });
  const came = await b.heard('message', { message_id: sent.message_id });
  await b.ask('download', { message: came.position });
  await b.heard('media', { position: came.position });
  const whole = await b.until(async (message) => {
    const { file } = await globalThis.core.ask({ command: 'media', message, which: 'file' });
    if (file === undefined) return undefined;
    const piece = new Uint8Array(await file.arrayBuffer());
    return [piece.length, piece.every((byte, at) => byte === (at * 31) % 251)];
  }, came.position);
  assert.deepEqual(whole, [bytes, true]);
});

test('the worker hears its port and nothing else', async (t) => {
  const anna = await device(t);
  const page = await anna.context.newPage();
  await page.goto(`${server.urls.private}/web.json`);
  const answers = await page.evaluate(async () => {
    const names = await (await fetch('/sw.js')).text();
    const worker = new Worker(`/${names.match(/assets\/worker-[^"'` ]+\.js/)[0]}`, { type: 'module' });
    const answered = [];
    worker.onmessage = ({ data }) => answered.push(data);
    const [first, second] = [new MessageChannel(), new MessageChannel()];
    second.port1.onmessage = ({ data }) => answered.push(data);
    const options = { edition: 'private', locale: 'en', version: '0.1.0' };
    worker.postMessage({ port: first.port2, ...options }, [first.port2]);
    worker.postMessage({ port: second.port2, ...options }, [second.port2]);
    worker.postMessage({ id: 1, request: { command: 'stage' } });
    second.port1.postMessage({ id: 2, request: { command: 'stage' } });
    const good = await new Promise((resolve) => {
      first.port1.onmessage = ({ data }) => resolve(data);
      first.port1.postMessage({ id: 3, request: { command: 'stage' } });
    });
    return { good: good.id, answered };
  });
  assert.deepEqual(answers, { good: 3, answered: [] });
});
