// An app of a closed instance whose organisation holds a part of the key: without its word it stays shut.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  activate,
  administer,
  assertAccessibleInBothThemes,
  bubble,
  de,
  Device,
  license,
  newIdentity,
  screens,
  send,
  Server,
} from './harness.mjs';

let server;
let admin;
before(async () => {
  server = await Server.start('closed', {
    DREIKLANG_WORK__REMOTE_SECRET: 'true',
    DREIKLANG_WORK__REMOTE_SECRET_INTERVAL_S: '10',
  });
  admin = (...words) => administer(server, ...words);
  admin('org', 'create', 'Harbour', '--seats', '5');
  admin('mdm', 'set', 'th_enable_remote_secret', 'true');
});
after(() => server.end());

/** The app has asked for its key, which it does from then on again and again. */
const keyGiven = (device) =>
  device.context.waitForEvent('response', {
    predicate: (response) =>
      response.url().endsWith('/remote-secret') && response.request().method() === 'POST' && response.ok(),
    timeout: 60_000,
  });

test('what is kept opens only while the organisation gives the key', async (journey) => {
  const device = await Device.start({ origins: [server.urls.onprem], locale: 'de-DE' });
  journey.after(() => device.end());
  // The browser writes every refusal of a server into its console.
  device.expected.push(/the server responded with a status of 40[13]/);
  const page = await device.open(server.urls.onprem);
  await activate(page, 'onprem', license(server, 'anna'), de);
  const identity = await newIdentity(page, 'Anna', de);
  await page.goto(`${server.urls.onprem}/#/contacts`);
  await page.getByRole('button', { name: de('group-new'), exact: true }).click();
  await page.getByRole('dialog').getByLabel(de('group-name'), { exact: true }).fill('Notizen');
  await page.getByRole('dialog').getByRole('button', { name: de('group-create-notes') }).click();
  const given = keyGiven(device);
  await send(page, 'Nur für mich', de);
  await given;

  // A new start asks for the key, and gets it.
  const again = keyGiven(device);
  await page.reload();
  await again;
  await bubble(page, 'Nur für mich').waitFor();

  // The running app is shut by the next question at the latest, and a new start finds it shut.
  admin('member', 'withdraw', identity, '--confirm', identity);
  await page.getByRole('heading', { name: de('withdrawn') }).waitFor();
  await page.reload();
  const locked = page.getByRole('heading', { name: de('remote-locked') });
  await locked.waitFor();
  assert.equal(await page.getByText('Nur für mich').count(), 0);
  await assertAccessibleInBothThemes(page, 'an app that the organisation has locked');
  await screens(page, 'remote-locked');
  const retry = page.getByRole('button', { name: de('try-again') });
  await retry.click();
  await page.getByRole('alert').waitFor();
  await assertAccessibleInBothThemes(page, 'an app that stays locked');
  await screens(page, 'remote-locked-still');

  admin('member', 'restore', identity);
  await retry.click();
  await bubble(page, 'Nur für mich').waitFor();
  device.assertCalm();
});
