// Measures, as a person meets it: npm run measure. Prints figures; asserts nothing, machines differ.
import { Device, Person, Server } from './harness.mjs';

const ROUNDS = 5;
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];

const server = await Server.start('open');
const url = server.urls.private;
const first = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const device = await Device.start({ origins: [url] });
  const page = await device.context.newPage();
  const start = performance.now();
  await page.goto(url);
  await page.getByRole('button', { name: 'Begin' }).waitFor();
  first.push(performance.now() - start);
  await device.end();
}
console.log(`first visit to the first button:       ${Math.round(median(first))} ms (median of ${ROUNDS})`);

const device = await Device.start({ origins: [url] });
const person = await Person.open(device, url);
await person.makeIdentity('Anna');
await person.page.evaluate(() => navigator.serviceWorker.ready);
const again = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const start = performance.now();
  await person.page.reload();
  await person.button('New chat').first().waitFor();
  again.push(performance.now() - start);
}
console.log(`start of an app that is set up:        ${Math.round(median(again))} ms (median of ${ROUNDS})`);
await device.end();
await server.end();
