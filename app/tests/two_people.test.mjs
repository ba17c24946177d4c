// Two people who have never met make an identity each, and write to each other.
import { after, before, test } from 'node:test';
import {
  Device,
  Server,
  addContact,
  assertAccessibleInBothThemes,
  bubble,
  makeIdentity,
  screens,
  send,
} from './harness.mjs';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

test('two new people write to each other', async (t) => {
  const url = server.urls.private;
  const devices = [await Device.start({ origins: [url] }), await Device.start({ origins: [url] })];
  t.after(() => Promise.all(devices.map((device) => device.end())));
  const [one, other] = await Promise.all(devices.map((device) => device.open(url)));
  await makeIdentity(one, { nickname: 'Ann' });
  const bens = await makeIdentity(other, { nickname: 'Ben' });
  await addContact(one, bens, 'Ben');
  await send(one, 'Are we still on for Sunday?');
  await other.getByText('Are we still on for Sunday?').first().click();
  await bubble(other, 'Are we still on for Sunday?').waitFor();
  await send(other, 'Yes! I bring the map.');
  await bubble(one, 'Yes! I bring the map.').waitFor();
  await assertAccessibleInBothThemes(one, 'a chat');
  await screens(one, 'chat');
  await one.reload();
  await bubble(one, 'Yes! I bring the map.').waitFor();
  for (const device of devices) device.assertCalm();
});
