// Two people who have each other's chat open, each in a browser of their own.
import assert from 'node:assert/strict';
import { Device } from './device.mjs';
import { addContact, makeIdentity } from './people.mjs';

/** Ann and Ben. `options`: of their devices. `t`: the test that they live for. */
export async function pair(t, url, options = {}) {
  const start = () => Device.start({ origins: [url], ...options });
  const devices = [await start(), await start()];
  t.after(() => Promise.all(devices.map((device) => device.end())));
  const [ann, ben] = await Promise.all(devices.map((device) => device.open(url)));
  const anns = await makeIdentity(ann, { nickname: 'Ann' });
  const bens = await makeIdentity(ben, { nickname: 'Ben' });
  await addContact(ann, bens, 'Ben');
  await addContact(ben, anns, 'Ann');
  /** Fails if a text became markup, or if anything else happened that must not. */
  const calm = async () => {
    for (const page of [ann, ben]) {
      assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'text stayed text');
    }
    for (const device of devices) device.assertCalm();
  };
  return { ann, ben, anns, bens, devices, calm };
}
