// A new version, and a server that is away: the app says so in words and goes on by itself.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  WEB,
} from './harness.mjs';

const PRIVATE = 'editions/private';
let server;
let dist;
before(async () => {
  // A copy of its own, which the journey replaces as a new release would.
  dist = mkdtempSync(join(tmpdir(), 'dreiklang-dist-'));
  cpSync(join(WEB, 'dist'), dist, { recursive: true });
  server = await Server.start('open', { DREIKLANG_WEB__FOLDER: dist });
});
after(async () => {
  await server.end();
  rmSync(dist, { recursive: true, force: true });
});

async function device(journey, options = {}) {
  const started = await Device.start({ origins: [server.urls.private], ...options });
  journey.after(() => started.end());
  return started;
}

/** The version that the worker of the served release knows. */
const version = () => /shell-([0-9a-f]{16})/.exec(readFileSync(join(dist, PRIVATE, 'sw.js'), 'utf8'))[1];

/** Puts another release into the folder of the server: another title in the page, another worker. */
function release(next) {
  const place = join(dist, PRIVATE);
  const old = version();
  const changes = [
    ['index.html', '</title>', ` ${next}</title>`],
    ['sw.js', old, next],
  ];
  for (const [file, from, to] of changes) {
    const path = join(place, file);
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(from), `${file} has ${from}`);
    writeFileSync(path, text.replaceAll(from, to));
    // A server sends a compressed twin where there is one.
    for (const ending of ['br', 'gz']) rmSync(`${path}.${ending}`, { force: true });
  }
}

test('a new version is offered, and comes when the person says so', async (journey) => {
  const own = await device(journey);
  const page = await own.open(server.urls.private);
  await makeIdentity(page, { nickname: 'Ann' });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const before = await page.title();
  release('00000000000000ff');
  // The server reads its folder when it starts.
  await server.stop();
  await server.run();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  const offer = page.getByText(t('update-ready'), { exact: true });
  await offer.waitFor();
  assert.equal(await page.title(), before, 'nothing changes by itself');
  await assertAccessibleInBothThemes(page, 'the offer of a new version');
  await screens(page, 'update');

  // A new start without an answer is still the old version, and asks again.
  await page.reload();
  await offer.waitFor();
  assert.equal((await page.title()).includes('ff'), false);
  await page.getByRole('button', { name: t('update-now'), exact: true }).click();
  await page.waitForFunction(() => document.title.includes('00000000000000ff'));
  await page.getByRole('navigation').waitFor();
  assert.equal(await offer.count(), 0);
  const kept = await page.evaluate(async () => (await caches.keys()).filter((it) => it.startsWith('shell-')));
  assert.deepEqual(kept, ['shell-00000000000000ff'], 'what belongs to the old version is gone');
  own.assertCalm();
});

test('the app says that the server is away, keeps what is written, and sends it later', async (journey) => {
  const [anns, bens] = [await device(journey), await device(journey)];
  // A browser writes each attempt that fails into its console.
  for (const one of [anns, bens]) one.expected.push(/WebSocket connection to .* failed|ERR_CONNECTION/);
  const [ann, ben] = [await anns.open(server.urls.private), await bens.open(server.urls.private)];
  const own = await makeIdentity(ann, { nickname: 'Ann' });
  const bensId = await makeIdentity(ben, { nickname: 'Ben' });
  await addContact(ann, bensId, 'Ben');
  await send(ann, 'Before');
  await addContact(ben, own, 'Ann');
  await bubble(ben, 'Before').waitFor();
  await ann.waitForFunction(() => navigator.serviceWorker.controller !== null);

  await server.stop();
  const status = ann.getByRole('status').filter({ hasText: /\S/ });
  await status.filter({ hasText: t('connection-waiting') })
    .or(status.filter({ hasText: t('connection-offline') })).first().waitFor();
  await assertAccessibleInBothThemes(ann, 'an app whose server is away');
  await screens(ann, 'away');
  await send(ann, 'While the server was away');

  // A start without the server: from the cache and the local database.
  await ann.reload();
  await bubble(ann, 'While the server was away').waitFor();
  await composer(ann).waitFor();
  await status.first().waitFor();

  // It comes back by itself, nobody presses anything.
  await server.run();
  await status.first().waitFor({ state: 'detached', timeout: 90_000 });
  await bubble(ben, 'While the server was away').waitFor({ timeout: 90_000 });
  assert.equal(await bubble(ben, 'While the server was away').count(), 1);
  for (const one of [anns, bens]) one.assertCalm();
});
