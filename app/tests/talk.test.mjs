// Two people set their apps up and talk, as people do: by what is on the screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  assertAccessibleInBothThemes,
  Device,
  Person,
  screens,
  Server,
} from './harness.mjs';

/** What would run if it became markup, or leave the page if it became a link. */
const CANARY = '<img src=x onerror="globalThis.caught=1"><script>globalThis.caught=1</script>';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

async function device(t, options = {}) {
  const started = await Device.start({ origins: [server.urls.private], ...options });
  t.after(() => started.end());
  return started;
}

test('two people meet, write, and find everything again without a network', async (t) => {
  const [first, second] = [await device(t), await device(t)];
  const anna = await Person.open(first, server.urls.private);
  const ben = await Person.open(second, server.urls.private);
  await anna.button('Begin').waitFor();
  await assertAccessibleInBothThemes(anna.page, 'welcome');
  await screens(anna.page, 'welcome');
  const annas = await anna.makeIdentity(`Anna ${CANARY}`.slice(0, 32));
  const bens = await ben.makeIdentity('Ben');
  await assertAccessibleInBothThemes(anna.page, 'no chats');
  await anna.add(bens, `Ben ${CANARY}`);
  await ben.add(annas, 'Anna');

  await anna.say('Hello *Ben*, how are you?');
  await ben.sees('how are you?');
  assert.equal(await ben.log.locator('.bold').first().innerText(), 'Ben');
  await ben.say(CANARY);
  await anna.sees(CANARY);
  await ben.say('https://example.org/ and 🎉');
  await anna.sees('🎉');
  await assertAccessibleInBothThemes(anna.page, 'a conversation');
  await screens(anna.page, 'conversation');
  for (const { page } of [anna, ben]) {
    assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'text stayed text');
  }

  // A start without a network: the files from the service worker, the messages from the database.
  await anna.page.evaluate(() => navigator.serviceWorker.ready);
  first.expected.push(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket|Failed to fetch/);
  await first.context.setOffline(true);
  await anna.page.reload();
  await anna.sees(CANARY);
  await first.context.setOffline(false);
  await anna.say('back again');
  await ben.sees('back again');
  for (const one of [first, second]) one.assertCalm();
});
