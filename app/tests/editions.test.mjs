// One person, one browser, three apps at once: each has its own identity, and none sees another's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CoreTab, Device, Server } from './harness.mjs';

const servers = {};
before(async () => {
  servers.open = await Server.start('open');
  servers.closed = await Server.start('closed');
});
after(async () => {
  for (const server of Object.values(servers)) await server.end();
});

/** An organisation with one licence. */
function license(server) {
  const admin = (...words) => JSON.parse(server.admin('admin', ...words, '--json'));
  admin('org', 'create', 'Harbour', '--seats', '5');
  const made = admin('credential', 'create', 'anna');
  admin('mdm', 'set', 'th_nickname', 'Anna of the harbour');
  return { username: 'anna', password: made.password };
}

test('three apps run side by side, and nothing of one is in another', async (t) => {
  const urls = { ...servers.open.urls, ...servers.closed.urls };
  const device = await Device.start({ origins: Object.values(urls), bypassCSP: true });
  t.after(() => device.end());
  const tabs = {};
  for (const [edition, url] of Object.entries(urls)) {
    tabs[edition] = await CoreTab.open(device, url, edition);
    assert.equal((await tabs[edition].ask('stage')).stage, 'empty', `${edition} begins empty`);
    if (edition === 'private') {
      await tabs[edition].ask('begin');
    } else if (edition === 'work') {
      const missing = await tabs[edition].answer({ command: 'begin' });
      assert.equal(missing.error.code, 'license-needed');
      const begun = await tabs[edition].ask('begin', license(servers.open));
      assert.equal(begun.plan.nickname, 'Anna of the harbour', 'parameters come first');
    } else {
      const web = await (await fetch(`${url}/web.json`)).json();
      const place = { server: url, trust: web.oppf_trusted_keys };
      const wrong = { ...place, trust: ['00'.repeat(32)] };
      const given = license(servers.closed);
      const refused = await tabs[edition].answer({ command: 'begin', ...wrong, ...given });
      assert.ok(refused.error, 'a provisioning file that nobody trusted has signed');
      await tabs[edition].ask('begin', { ...place, ...given });
    }
    await tabs[edition].ask('identity_new', { nickname: edition });
    await tabs[edition].heard('connection', { state: 'online' });
  }
  const identities = new Set();
  for (const [edition, tab] of Object.entries(tabs)) {
    const me = await tab.ask('me');
    assert.equal((await tab.ask('stage')).edition, edition);
    identities.add(me.identity);
    assert.deepEqual((await tab.ask('contacts')).contacts.filter((it) => identities.has(it.identity)), []);
    const places = await tab.page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const workers = await navigator.serviceWorker.getRegistrations();
      return [root.name, location.origin, workers.every((it) => it.scope.startsWith(location.origin))];
    });
    assert.deepEqual(places, ['', new URL(urls[edition]).origin, true]);
  }
  assert.equal(identities.size, 3, 'three identities');

  // The private app and the one for work talk freely.
  const work = (await tabs.work.ask('me')).identity;
  await tabs.private.ask('contact_add', { contact: work });
  await tabs.private.ask('send', { to: work, text: 'to the office' });
  const came = await tabs.work.heard('message', { text: 'to the office' });
  assert.equal(came.direction, 'in');

  // Erasing one leaves the others alone.
  await tabs.private.ask('erase', { confirm: (await tabs.private.ask('me')).identity });
  assert.equal((await tabs.private.ask('stage')).stage, 'empty');
  assert.equal((await tabs.work.ask('me')).identity, work);
});
