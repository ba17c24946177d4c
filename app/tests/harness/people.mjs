// What people do, by the names that they see: the journeys find everything as a person does.
import { readFileSync } from 'node:fs';
import { FluentBundle, FluentResource } from '@fluent/bundle';

const bundle = new FluentBundle('en-GB', { useIsolating: false });
for (const file of ['app', 'setup', 'failures']) {
  const source = readFileSync(new URL(`../../../locales/en/${file}.ftl`, import.meta.url), 'utf8');
  bundle.addResource(new FluentResource(source), { allowOverrides: true });
}

/** A text of the app in English; a test that names a text that is gone fails. */
export function t(id, values = {}) {
  const [name, attribute] = id.split('.');
  const message = bundle.getMessage(name);
  const pattern = attribute === undefined ? message?.value : message?.attributes[attribute];
  if (pattern == null) throw new Error(`there is no text ${id}`);
  return bundle.formatPattern(pattern, values);
}

const button = (page, id, values) => page.getByRole('button', { name: t(id, values), exact: true });

/** Goes through the set-up of the private app; returns the new identity. */
export async function makeIdentity(page, { nickname = '' } = {}) {
  await button(page, 'setup-start-private').click();
  await page.getByRole('button', { name: t('setup-new') }).click();
  await button(page, 'setup-stir-skip').click();
  await page.getByLabel(t('nickname'), { exact: true }).fill(nickname);
  await button(page, 'setup-make').click();
  const identity = await page.locator('output').first().textContent({ timeout: 60_000 });
  await button(page, 'setup-go-on').click();
  await button(page, 'setup-to-chats').click();
  await page.getByRole('navigation').waitFor();
  return identity.trim();
}

/** Adds somebody by their identity and opens the chat with them. */
export async function addContact(page, identity, name = '') {
  await button(page, 'more').first().click();
  await page.getByRole('menuitem', { name: t('contact-add') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('contact-id'), { exact: true }).fill(identity);
  await dialog.getByLabel(t('contact-name'), { exact: true }).fill(name);
  await dialog.getByRole('button', { name: t('add'), exact: true }).click();
  await composer(page).waitFor();
}

/** Where one writes. */
export const composer = (page) => page.getByPlaceholder(t('compose'));

/** Writes and sends a text in the open chat. */
export async function send(page, text) {
  await composer(page).fill(text);
  await button(page, 'send').click();
  await bubble(page, text).waitFor();
}

/** A message in the open chat. */
export const bubble = (page, text) => page.getByRole('log').getByText(text, { exact: true });
