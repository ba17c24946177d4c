// The shell of all three apps: it loads under the strict policy and speaks with nobody else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device, Server, assertAccessibleInBothThemes, screens } from './harness.mjs';

const servers = [];
before(async () => {
  servers.push(await Server.start('open'), await Server.start('closed'));
});
after(async () => {
  for (const server of servers) await server.end();
});

const NAMES = { private: 'Dreiklang', work: 'Dreiklang Work', onprem: 'Dreiklang OnPrem' };
const urls = () => Object.assign({}, ...servers.map((server) => server.urls));

for (const [edition, name] of Object.entries(NAMES)) {
  test(`the app "${edition}" loads calmly`, async (t) => {
    const url = urls()[edition];
    const device = await Device.start({ origins: [url] });
    t.after(() => device.end());
    const page = await device.context.newPage();
    const answer = await page.goto(url);
    const policy = answer.headers()['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
    assert.equal(await page.title(), name);
    await page.locator('main').waitFor();
    assert.equal(await page.locator('html').getAttribute('data-edition'), edition);
    await assertAccessibleInBothThemes(page, edition);
    await screens(page, `shell-${edition}`);
    device.assertCalm();
  });
}

test('everything that the page names carries its fingerprint', async () => {
  const html = await (await fetch(urls().private)).text();
  const tags = html.match(/<(script|link)[^>]*\/assets\/[^>]*>/g);
  assert.ok(tags.length >= 3);
  for (const tag of tags) assert.match(tag, / integrity="sha384-[^"]+" crossorigin="anonymous"/);
});

test('each origin ships its own manifest, icons and worker', async () => {
  const seen = new Set();
  for (const [edition, url] of Object.entries(urls())) {
    const manifest = await (await fetch(`${url}/app.webmanifest`)).json();
    assert.equal(manifest.name, NAMES[edition]);
    for (const { src, type } of manifest.icons) {
      const icon = await fetch(url + src);
      assert.equal(icon.status, 200);
      assert.equal(icon.headers.get('content-type'), type);
    }
    seen.add(await (await fetch(`${url}/sw.js`)).text());
  }
  assert.equal(seen.size, 3);
});

test('a browser that was here once starts the app without a network', async (t) => {
  const url = urls().private;
  const device = await Device.start({ origins: [url] });
  t.after(() => device.end());
  const page = await device.open(url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await device.context.setOffline(true);
  await page.reload();
  await page.locator('main').waitFor();
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const stored = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return stored.flat().map((request) => new URL(request.url).pathname);
  });
  assert.ok(kept.includes('/'));
  assert.deepEqual(kept.filter((path) => path.startsWith('/api') || path === '/chat'), []);
  device.assertCalm();
});
