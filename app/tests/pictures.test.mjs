// Pictures, animations, films and other files: several at once, pasted, looked at by keyboard.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  Server,
  animation,
  assertAccessibleInBothThemes,
  choose,
  composer,
  filmed,
  hand,
  painted,
  pair,
  screens,
  sendFiles,
  t as words,
} from './harness.mjs';

/** What would run if it became markup. */
const CANARY = '<img src=x onerror="globalThis.caught=1">';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

const log = (page) => page.getByRole('log');
const button = (within, id, values) =>
  within.getByRole('button', { name: words(id, values), exact: true });
/** A picture in the chat, by what it is called. */
const shown = (page, name) => button(log(page), 'open-named', { name }).getByRole('img', { name, exact: true });
/** How wide and high a picture is in truth, once it is there. */
const measure = async (picture) => {
  await picture.waitFor();
  return picture.evaluate(async (image) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
};

test('several pictures go at once, each with its words, in the size that was chosen', async (t) => {
  const { ann, ben, calm } = await pair(t, server.urls.private);
  const wide = { width: 2400, height: 1500 };
  const dialog = await choose(
    ann,
    [
      await painted(ann, 'one.png', { colour: 'teal' }),
      await painted(ann, 'two.jpg', { ...wide, type: 'image/jpeg', colour: 'brown' }),
      { name: `${CANARY}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 nothing') },
    ],
    'attach-pictures',
  );
  const captions = { 'one.png': `First ${CANARY}`, 'two.jpg': 'Second' };
  for (const [name, caption] of Object.entries(captions)) {
    await dialog.getByLabel(words('caption-of', { name }), { exact: true }).fill(caption);
  }
  await assertAccessibleInBothThemes(ann, 'several files to be sent');
  await screens(ann, 'media-several');
  await dialog.getByLabel(words('attach-size'), { exact: true }).selectOption('small');

  // What is dropped meanwhile comes along, and what is not wanted is left out.
  await hand(ann, 'drop', await painted(ann, 'three.webp', { type: 'image/webp', colour: 'olive' }));
  const four = ann.getByRole('dialog', { name: words('attach-title', { count: 4 }) });
  await button(four, 'attach-remove', { name: `${CANARY}.pdf` }).click();
  const three = ann.getByRole('dialog', { name: words('attach-title', { count: 3 }) });
  await sendFiles(three);

  await shown(ben, captions['one.png']).waitFor();
  const [width] = await measure(shown(ben, 'Second'));
  assert.ok(width > 200 && width <= 1000, `a small picture is ${width} wide`);
  await shown(ben, words('kind-picture')).waitFor();
  assert.equal(await log(ben).getByRole('article').count(), 3);
  await assertAccessibleInBothThemes(ben, 'a chat with pictures');
  await screens(ben, 'media-pictures');

  // Looked at: by keys from one to the next, nearer and further, saved, and away.
  const first = button(log(ben), 'open-named', { name: captions['one.png'] });
  await first.focus();
  await ben.keyboard.press('Enter');
  const viewer = ben.getByRole('dialog', { name: words('viewer'), exact: true });
  const seen = (name) => viewer.getByRole('img', { name, exact: true });
  await seen(captions['one.png']).waitFor();
  await assertAccessibleInBothThemes(ben, 'a picture that is looked at');
  await screens(ben, 'media-viewer');
  await ben.keyboard.press('ArrowRight');
  await seen('Second').waitFor();
  await ben.keyboard.press('ArrowRight');
  await seen(words('kind-picture')).waitFor();
  assert.equal(await button(viewer, 'viewer-after').count(), 0, 'it is the last one');
  await button(viewer, 'viewer-before').click();
  await seen('Second').waitFor();
  const nearness = () => seen('Second').evaluate((image) => Number(getComputedStyle(image).scale) || 1);
  assert.equal(await nearness(), 1);
  await ben.keyboard.press('+');
  assert.ok((await nearness()) > 1, 'it is nearer');
  await button(viewer, 'viewer-further').click();
  await ben.keyboard.press('0');
  assert.equal(await nearness(), 1);
  const download = ben.waitForEvent('download');
  await button(viewer, 'save').click();
  const file = await download;
  assert.match(file.suggestedFilename(), /^two\.jpe?g$/);
  assert.equal(readFileSync(await file.path()).readUInt16BE(0), 0xffd8, 'it is a JPEG');
  await ben.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  await calm();
});

test('a pasted picture, an animation, a film and a document are shown as what they are', async (t) => {
  const { ann, ben, devices, calm } = await pair(t, server.urls.private);
  await composer(ann).focus();
  await hand(ann, 'paste', await painted(ann, 'pasted.png', { width: 300, height: 500 }));
  const pasted = ann.getByRole('dialog', { name: words('attach-title', { count: 1 }) });
  await pasted.getByLabel(words('caption'), { exact: true }).fill('From the clipboard');
  await assertAccessibleInBothThemes(ann, 'a pasted picture to be sent');
  await screens(ann, 'media-one');
  await sendFiles(pasted);
  assert.deepEqual(await measure(shown(ben, 'From the clipboard')), [300, 500]);

  await sendFiles(await choose(ann, animation('blink.gif')));
  assert.deepEqual(await measure(shown(ben, words('kind-animation'))), [2, 2]);

  const film = await filmed(ann, 'film.webm');
  const filming = await choose(ann, film);
  await filming.getByLabel(words('caption'), { exact: true }).fill('A film');
  await sendFiles(filming);
  await button(log(ben), 'open-named', { name: 'A film' }).click();
  const viewer = ben.getByRole('dialog', { name: words('viewer'), exact: true });
  await viewer.locator('video').waitFor();
  await ben.waitForFunction(() => (document.querySelector('dialog video')?.currentTime ?? 0) > 0);
  await screens(ben, 'media-film');
  await ben.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });

  // A document, and a picture that goes unchanged as a file.
  const pdf = { name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%nothing\n') };
  await sendFiles(await choose(ann, pdf));
  await log(ben).getByTitle(words('save-named', { name: 'plan.pdf' }), { exact: true }).waitFor();
  const whole = await painted(ann, 'whole.png');
  const asFile = await choose(ann, whole);
  await asFile.getByRole('switch', { name: words('attach-as-file') }).click();
  await sendFiles(asFile);
  const tile = log(ben).getByTitle(words('save-named', { name: 'whole.png' }), { exact: true });
  const download = ben.waitForEvent('download');
  await tile.click();
  assert.deepEqual(readFileSync(await (await download).path()), whole.buffer);
  await assertAccessibleInBothThemes(ben, 'a chat with files of many kinds');
  await screens(ben, 'media-kinds');

  // The pictures of a chat that is left are let go, and no cache of the browser holds any.
  const addresses = await ben.evaluate(() =>
    [...document.querySelectorAll('[role="log"] img')].map((image) => image.src),
  );
  assert.ok(addresses.length >= 2 && addresses.every((address) => address.startsWith('blob:')));
  await ben.getByRole('link', { name: words('place-settings') }).first().click();
  await log(ben).waitFor({ state: 'detached' });
  devices[1].expected.push(/ERR_FILE_NOT_FOUND/);
  const left = await ben.evaluate(async (addresses) => {
    const reach = (address) =>
      new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve(true);
        image.onerror = () => resolve(false);
        image.src = address;
      });
    const reached = await Promise.all(addresses.map(reach));
    const kept = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) kept.push(request.url);
    }
    return { reached, kept };
  }, addresses);
  assert.ok(left.reached.every((one) => !one), 'every address is revoked');
  assert.ok(left.kept.every((one) => !/blob/.test(one)), left.kept.join(' '));
  await calm();
});
