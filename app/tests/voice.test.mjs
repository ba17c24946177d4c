// A voice message between two browsers: recorded with a pause, thrown away, sent, and listened to.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server, assertAccessibleInBothThemes, composer, pair, screens, t as words } from './harness.mjs';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

const log = (page) => page.getByRole('log');
const button = (within, id, values) =>
  within.getByRole('button', { name: words(id, values), exact: true });
/** How high the bars of a drawn wave are. */
const bars = (wave) =>
  wave.locator('rect').evaluateAll((all) => all.map((one) => Number(one.getAttribute('height'))));
const different = (heights) => new Set(heights.map((height) => Math.round(height))).size;

/** Waits until the recorder shows so many seconds. */
const spoken = (recorder, time) => recorder.getByRole('timer').filter({ hasText: time }).waitFor();

test('a voice message is recorded with a pause, sent, and listened to', async (t) => {
  const { ann, ben, calm } = await pair(t, server.urls.private, { permissions: ['microphone'] });
  const recorder = ann.getByRole('group', { name: words('voice-record') });

  // Thrown away: nothing is sent, and the field for writing is there again.
  await button(ann, 'voice-record').click();
  await spoken(recorder, '0:01');
  await button(recorder, 'voice-cancel').click();
  await recorder.waitFor({ state: 'detached' });
  await composer(ann).waitFor();
  assert.equal(await log(ann).getByRole('article').count(), 0);

  // With a pause, while which the time stands still.
  await button(ann, 'voice-record').click();
  await spoken(recorder, '0:01');
  await ann.waitForFunction(() => {
    const heights = [...document.querySelectorAll('[role="group"] rect')].map((one) => one.getAttribute('height'));
    return new Set(heights).size > 2;
  });
  await button(recorder, 'voice-pause').click();
  const resume = button(recorder, 'voice-resume');
  await resume.waitFor();
  const still = await bars(recorder);
  await assertAccessibleInBothThemes(ann, 'a recording');
  await screens(ann, 'media-recording');
  assert.deepEqual(await bars(recorder), still, 'a paused recording hears nothing');
  await recorder.getByRole('timer').filter({ hasText: '0:01' }).waitFor();
  await resume.click();
  await spoken(recorder, '0:03');
  await button(recorder, 'send').click();
  await recorder.waitFor({ state: 'detached' });

  // Ben sees its wave before it is played, and that it was not played yet.
  const play = button(log(ben), 'play');
  await play.waitFor();
  const wave = log(ben).getByRole('slider', { name: words('voice-place') });
  await ben.waitForFunction(
    () => new Set([...document.querySelectorAll('[role="slider"] rect')].map((one) => one.getAttribute('height'))).size > 3,
  );
  assert.ok(different(await bars(wave)) > 3, 'the wave is drawn from the sound');
  const length = Number(await wave.getAttribute('aria-valuemax'));
  assert.ok(length >= 2 && length <= 6, `it lasts ${length} s`);
  const fresh = log(ben).getByRole('img', { name: words('not-played') });
  await fresh.waitFor();
  await assertAccessibleInBothThemes(ben, 'a voice message');

  // A place in it is chosen by pointing and by keys, before it is played and after.
  const at = () => wave.getAttribute('aria-valuenow').then(Number);
  const { width, height } = await wave.boundingBox();
  await wave.click({ position: { x: width / 2, y: height / 2 } });
  const middle = await at();
  assert.ok(middle > 0 && middle < length, `the middle is at ${middle} of ${length} s`);
  await wave.press('Home');
  assert.equal(await at(), 0);
  await wave.press('ArrowRight');
  assert.ok((await at()) >= 1);
  await wave.press('Home');
  await play.click();
  await button(log(ben), 'pause').click();
  await play.waitFor();
  await fresh.waitFor({ state: 'detached' });
  await play.click();
  const faster = button(log(ben), 'speed', { speed: 1 });
  await faster.click();
  await button(log(ben), 'speed', { speed: 1.5 }).waitFor();
  assert.equal(await ben.evaluate(() => document.querySelector('audio').playbackRate), 1.5);
  await screens(ben, 'media-voice');
  // It ends by itself, and begins anew.
  await play.waitFor();
  assert.equal(await at(), 0);

  // It is played after a new start too, and its sender hears it as well.
  await ben.reload();
  await button(log(ben), 'play').waitFor();
  assert.equal(await fresh.count(), 0);
  await button(log(ann), 'play').click();
  await button(log(ann), 'pause').waitFor();
  await calm();
});
