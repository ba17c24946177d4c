// Organisations and their members: made by administration, set up through the screens or in a terminal.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { t as english } from './people.mjs';
import { program } from './places.mjs';

/** How often somebody looks whether a text has come. */
const TURNS = 20;

/** A command of administration; what it says. */
export const administer = (server, ...words) => JSON.parse(server.admin('admin', ...words, '--json'));

/** A licence for one person. */
export function license(server, username) {
  return { username, password: administer(server, 'credential', 'create', username).password };
}

/** Types what the administrator gave; ends where the ID is chosen. */
export async function activate(page, edition, { username, password }, t = english) {
  const button = (id) => page.getByRole('button', { name: t(id), exact: true });
  await button(`setup-start-${edition}`).click();
  await page.getByRole('textbox', { name: t('setup-username'), exact: true }).fill(username);
  await page.getByLabel(t('setup-password'), { exact: true }).fill(password);
  await button('setup-activate').click();
  await page.getByRole('heading', { name: t('setup-choose') }).waitFor();
}

/** The rest of the way to the chats; returns the new identity. */
export async function newIdentity(page, nickname, t = english) {
  const button = (id) => page.getByRole('button', { name: t(id), exact: true });
  await page.getByRole('button', { name: t('setup-new') }).click();
  await button('setup-stir-skip').click();
  const field = page.getByLabel(t('nickname'), { exact: true });
  if (nickname !== undefined) await field.fill(nickname);
  await button('setup-make').click();
  const identity = await page.locator('output').first().textContent({ timeout: 60_000 });
  await button('setup-go-on').click();
  await button('setup-to-chats').click();
  await page.getByRole('navigation').waitFor();
  return identity.trim();
}

/** Somebody with the terminal app, which does one thing after the other. */
export class Terminal {
  /** Sets the app up; `work` only: an OnPrem app asks for more. */
  static setUp(server, name, pass) {
    const one = new Terminal(server, name, pass === undefined ? 'private' : 'work');
    const instance = join(server.folder, 'for-terminals.json');
    writeFileSync(instance, server.admin('gen', 'instance'));
    const words = ['setup', '--instance', instance, '--nickname', name, '--no-passphrase'];
    if (pass !== undefined) {
      const secret = join(one.folder, 'password');
      writeFileSync(secret, `${pass.password}\n`);
      words.push('--license-username', pass.username, '--license-password-file', secret);
    }
    one.run(...words);
    one.identity = one.run('me').identity;
    return one;
  }

  constructor(server, name, app) {
    this.name = name;
    this.app = app;
    this.folder = join(server.folder, `terminal-${name}`);
    mkdirSync(this.folder, { recursive: true });
  }

  /** A command; what it says, in the end. */
  run(...words) {
    return this.lines(...words).at(-1);
  }

  /** Every line of what a command says. */
  lines(...words) {
    const place = ['--data-dir', this.folder, '--app', this.app, '--profile', this.name];
    const said = execFileSync(program('dreiklang'), [...words, ...place, '--json'], { encoding: 'utf8' });
    return said.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** Fetches until a text has come. */
  reads(text) {
    const heard = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const messages = this.lines('receive');
      if (messages.some((message) => message.text === text)) return;
      heard.push(...messages.map((message) => JSON.stringify(message).slice(0, 200)));
    }
    throw new Error(`${this.name} did not get: ${text}; but\n${heard.join('\n')}`);
  }
}
