// Every part in every state, in the colours of each edition: usable for everybody.
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { Device, Server, WEB, assertAccessibleInBothThemes, screens } from './harness.mjs';

const built = existsSync(join(WEB, 'dist/editions/private/design.html'));
const servers = [];
before(async () => {
  if (built) servers.push(await Server.start('open'), await Server.start('closed'));
});
after(async () => {
  for (const server of servers) await server.end();
});

for (const edition of ['private', 'work', 'onprem']) {
  test(`the parts in the colours of "${edition}"`, { skip: !built && 'built without --design' }, async (t) => {
    const url = servers.map((server) => server.urls[edition]).find((one) => one !== undefined);
    const device = await Device.start({ origins: [url] });
    t.after(() => device.end());
    const page = await device.open(`${url}/design.html`);
    await page.getByRole('heading', { name: 'Design' }).waitFor();
    await assertAccessibleInBothThemes(page, edition);
    const height = await page.evaluate(() => document.querySelector('main').scrollHeight);
    await screens(page, `design-${edition}`, { height });
    await page.getByRole('button', { name: 'Dialog' }).click();
    await page.getByRole('dialog').waitFor();
    await assertAccessibleInBothThemes(page, `${edition}, a dialog`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Pin' }).waitFor();
    await assertAccessibleInBothThemes(page, `${edition}, a menu`);
    await page.keyboard.press('Enter');
    await page.getByText('Pinned').waitFor();
    await assertAccessibleInBothThemes(page, `${edition}, a toast`);
    device.assertCalm();
  });
}
