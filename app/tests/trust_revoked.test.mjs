// An ID that is revoked: what its owner is told before and after.
import { after, before, test } from 'node:test';
import { assertAccessibleInBothThemes, Device, makeIdentity, screens, Server, t } from './harness.mjs';

let server;
before(async () => {
  server = await Server.start('open');
});
after(() => server.end());

const link = (page, id) => page.getByRole('navigation').getByRole('link', { name: t(id) });

test('an ID is revoked by its owner, who is told first what that means', async (journey) => {
  const device = await Device.start({ origins: [server.urls.private] });
  journey.after(() => device.end());
  const page = await device.open(server.urls.private);
  const own = await makeIdentity(page, { nickname: 'Ann' });
  await link(page, 'place-settings').click();
  await link(page, 'settings-profile').first().click();
  await page.getByRole('main').getByRole('button', { name: t('revoke'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: t('revoke'), exact: true });
  for (const point of [1, 2, 3]) await dialog.getByText(t(`revoke-what-${point}`), { exact: true }).waitFor();
  await assertAccessibleInBothThemes(page, 'revoking');
  await screens(page, 'trust-revoke');
  const go = dialog.getByRole('button', { name: t('revoke-do'), exact: true });
  const field = dialog.getByRole('textbox');
  await field.fill('ECHOECHO');
  // Only the own ID confirms it.
  await dialog.getByRole('button', { name: t('revoke-do'), exact: true, disabled: true }).waitFor();
  await field.fill(own.toLowerCase());
  await go.click();
  await dialog.getByText(t('me-is-revoked')).waitFor();
  await dialog.getByRole('button', { name: t('close'), exact: true }).first().click();
  await dialog.waitFor({ state: 'hidden' });
  // It is still said after a new start.
  await page.reload();
  await page.getByRole('main').getByText(t('me-is-revoked')).waitFor();
  await assertAccessibleInBothThemes(page, 'the profile of a revoked ID');
  await screens(page, 'trust-revoked');
  device.assertCalm();
});
