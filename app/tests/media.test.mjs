// Two people send each other what is no text: files, pictures, photos, and places.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Device, Server, addContact, makeIdentity, t as words } from './harness.mjs';

/** What would run if it became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';
const PLACE = { latitude: 46.5476, longitude: 7.9852, accuracy: 12 };

let server;
let devices = [];
let ann;
let ben;
before(async () => {
  server = await Server.start('open');
  const origins = [server.urls.private];
  const permissions = ['geolocation', 'microphone', 'camera'];
  devices = [
    await Device.start({ origins, permissions, geolocation: PLACE }),
    await Device.start({ origins, permissions }),
  ];
  [ann, ben] = await Promise.all(devices.map((device) => device.open(server.urls.private)));
  const anns = await makeIdentity(ann, { nickname: 'Ann' });
  const bens = await makeIdentity(ben, { nickname: 'Ben' });
  await addContact(ann, bens, 'Ben');
  await addContact(ben, anns, 'Ann');
});
after(async () => {
  await Promise.all(devices.map((device) => device.end()));
  await server?.end();
});

const log = (page) => page.getByRole('log');
const button = (within, id, values) =>
  within.getByRole('button', { name: words(id, values), exact: true });

/** Chooses what to attach. */
async function attach(page, id) {
  await button(page, 'attach').click();
  await page.getByRole('menuitem', { name: words(id), exact: true }).click();
}

/** Fails if a name became markup, or if anything else happened that must not. */
async function assertCalm() {
  for (const page of [ann, ben]) {
    assert.equal(await page.evaluate(() => globalThis.caught), undefined, 'text stayed text');
  }
  for (const device of devices) device.assertCalm();
}

test('a file from the picker arrives, and is saved with the same bytes', async () => {
  const name = `${CANARY}.bin`;
  const content = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 31) % 251));
  const chooser = ann.waitForEvent('filechooser');
  await attach(ann, 'attach-file');
  await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer: content });
  const dialog = ann.getByRole('dialog');
  await dialog.getByText(name).first().waitFor();
  await button(dialog, 'send').click();
  await dialog.waitFor({ state: 'detached' });
  // A name that no disk would take is changed before it is sent.
  const shown = name.replaceAll(/[<>"]/g, '_');
  const tile = log(ben).getByTitle(words('save-named', { name: shown }), { exact: true });
  await tile.waitFor();
  const download = ben.waitForEvent('download');
  await tile.click();
  assert.deepEqual(readFileSync(await (await download).path()), content);
  await assertCalm();
});

test('a dropped picture arrives with its caption, and is looked at by keyboard', async () => {
  const caption = `The lake ${CANARY}`;
  await ann.evaluate(async () => {
    const canvas = new OffscreenCanvas(320, 200);
    const context = canvas.getContext('2d');
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 320, 200);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([blob], 'lake.png', { type: 'image/png' }));
    const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
    document.body.dispatchEvent(drop);
  });
  const dialog = ann.getByRole('dialog');
  await dialog.getByLabel(words('caption'), { exact: true }).fill(caption);
  await button(dialog, 'send').click();
  await dialog.waitFor({ state: 'detached' });
  const picture = button(log(ben), 'open-named', { name: caption });
  await picture.getByRole('img', { name: caption }).waitFor();
  await picture.focus();
  await ben.keyboard.press('Enter');
  const viewer = ben.getByRole('dialog', { name: words('viewer'), exact: true });
  await viewer.getByRole('img', { name: caption }).waitFor();
  await ben.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  await assertCalm();
});

test('a place is sent, and no map is asked for', async () => {
  await attach(ann, 'attach-place');
  const dialog = ann.getByRole('dialog');
  await button(dialog, 'place-here').click();
  const where = dialog.getByLabel(words('place-where'), { exact: true });
  await ann.waitForFunction((field) => field.value !== '', await where.elementHandle());
  assert.equal(await where.inputValue(), '46.547600, 7.985200');
  await dialog.getByLabel(words('place-name'), { exact: true }).fill(CANARY);
  await button(dialog, 'send').click();
  await dialog.waitFor({ state: 'detached' });
  const place = log(ben).getByTitle(words('place-open', { name: CANARY }), { exact: true });
  await place.waitFor();
  assert.match(await place.innerText(), /46\.5476, 7\.9852/);
  assert.equal(await place.locator('img').count(), 0, 'there is no map without an operator’s');
  await assertCalm();
});

test('a photo is taken and arrives', async () => {
  const photos = log(ben).getByRole('button', { name: words('open-named', { name: words('kind-picture') }) });
  await attach(ann, 'attach-camera');
  const camera = ann.getByRole('dialog', { name: words('attach-camera') });
  await ann.waitForFunction(() => (document.querySelector('dialog video')?.videoWidth ?? 0) > 0);
  await button(camera, 'camera-take').click();
  const dialog = ann.getByRole('dialog', { name: words('attach-title', { count: 1 }) });
  await button(dialog, 'send').click();
  await dialog.waitFor({ state: 'detached' });
  await photos.getByRole('img').last().waitFor();
  await assertCalm();
});
