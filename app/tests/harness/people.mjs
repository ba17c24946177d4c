// What people do, by the names that they see: the journeys find everything as a person does.
import { readFileSync } from 'node:fs';
import { FluentBundle, FluentResource } from '@fluent/bundle';

/** The texts of the app in a language, by id; one that names a text that is gone fails. */
function texts(language, region) {
  const bundle = new FluentBundle(region, { useIsolating: false });
  for (const file of ['app', 'setup', 'failures', 'page']) {
    const place = new URL(`../../../locales/${language}/${file}.ftl`, import.meta.url);
    bundle.addResource(new FluentResource(readFileSync(place, 'utf8')), { allowOverrides: true });
  }
  return (id, values = {}) => {
    const [name, attribute] = id.split('.');
    const message = bundle.getMessage(name);
    const pattern = attribute === undefined ? message?.value : message?.attributes[attribute];
    if (pattern == null) throw new Error(`there is no text ${id}`);
    return bundle.formatPattern(pattern, values);
  };
}

/** A text in English, the language of most journeys. */
export const t = texts('en', 'en-GB');

/** The same in German. */
export const de = texts('de', 'de-DE');

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
export const composer = (page, words = t) => page.getByPlaceholder(words('compose'));

/** Writes and sends a text in the open chat. */
export async function send(page, text, words = t) {
  await composer(page, words).fill(text);
  await page.getByRole('button', { name: words('send'), exact: true }).click();
  await bubble(page, text).waitFor();
}

/** A message in the open chat. */
export const bubble = (page, text) => page.getByRole('log').getByText(text, { exact: true });
