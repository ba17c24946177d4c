// The frame of the app: by keyboard alone, at every width, with targets for fingers, and installable.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addContact,
  assertAccessibleInBothThemes,
  composer,
  Device,
  makeIdentity,
  Server,
  t,
  Terminal,
} from './harness.mjs';

const servers = {};
before(async () => {
  servers.open = await Server.start('open');
  servers.closed = await Server.start('closed');
});
after(async () => {
  for (const server of Object.values(servers)) await server.end();
});
const urls = () => ({ ...servers.open.urls, ...servers.closed.urls });

async function device(journey, options = {}) {
  const started = await Device.start({ origins: Object.values(urls()), ...options });
  journey.after(() => started.end());
  return started;
}

test('each app can be installed, as itself, and takes no link of another', async (journey) => {
  const own = await device(journey);
  const ids = new Set();
  const names = new Set();
  for (const [edition, url] of Object.entries(urls())) {
    const page = await own.context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const session = await own.context.newCDPSession(page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // A context of tests counts as a private window, which installs nothing.
    const faults = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
    assert.deepEqual(faults, [], edition);
    const { errors, data } = await session.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    for (const place of ['start_url', 'scope', 'id']) {
      assert.equal(new URL(manifest[place], url).origin, new URL(url).origin, `${place} of ${edition}`);
    }
    const { appId } = await session.send('Page.getAppId');
    ids.add(appId);
    names.add(manifest.name);
    // A link to another app lies outside, so a browser opens it where it belongs.
    for (const other of Object.values(urls()).filter((one) => one !== url)) {
      assert.equal(`${other}/add/ECHOECHO`.startsWith(new URL(manifest.scope, url).href), false);
    }
    await page.close();
  }
  assert.equal(ids.size, 3, 'three apps for the system');
  assert.equal(names.size, 3);
  own.assertCalm();
});

test('turning the device closes no dialog and loses no word', async (journey) => {
  const own = await device(journey);
  const page = await own.open(servers.open.urls.private);
  await makeIdentity(page, { nickname: 'Ann' });
  const size = (width) => page.setViewportSize({ width, height: 800 });
  const dialog = page.getByRole('dialog');
  for (const [from, to] of [[1280, 390], [390, 1280]]) {
    await size(from);
    await page.getByRole('button', { name: t('more'), exact: true }).first().click();
    await page.getByRole('menuitem', { name: t('contact-add') }).click();
    await dialog.getByLabel(t('contact-id'), { exact: true }).fill('HALFID');
    await size(to);
    assert.equal(await dialog.getByLabel(t('contact-id'), { exact: true }).inputValue(), 'HALFID');
    await dialog.getByRole('button', { name: t('cancel'), exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }
  // The search for a chat too.
  const search = page.getByRole('searchbox', { name: t('chat-search') });
  await search.fill('Nobody');
  await size(390);
  assert.equal(await search.inputValue(), 'Nobody');
  await size(1280);
  assert.equal(await search.inputValue(), 'Nobody');
  await page.getByRole('button', { name: t('search-clear'), exact: true }).click();
  // And what is half written.
  await addContact(page, Terminal.setUp(servers.open, 'Ben').identity, 'Ben');
  await composer(page).fill('Half a sentence');
  await size(390);
  assert.equal(await composer(page).inputValue(), 'Half a sentence');
  assert.equal(await page.getByRole('main').count(), 1, 'what lies below is not there for anybody');
  await assertAccessibleInBothThemes(page, 'a chat in a narrow window');
  await size(1280);
  assert.equal(await composer(page).inputValue(), 'Half a sentence');
  own.assertCalm();
});
