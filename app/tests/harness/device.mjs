// A device: a browser with a memory of its own, watched for everything that must not happen.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** What a browser says in the console that is no fault of the page. */
const HARMLESS = [/Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED)/];

export class Device {
  /** A fresh browser. `origins`: the only places that it may speak with. `flags`: of Chromium, besides the usual ones. */
  static async start({ origins, locale = 'en-GB', permissions = [], flags = [], ...options }) {
    const device = new Device(origins);
    device.context = await chromium.launchPersistentContext(device.folder, {
      executablePath: '/usr/bin/chromium',
      args: [...FLAGS, ...flags],
      locale,
      permissions,
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    device.context.on('request', (request) => device.#asked(request.url()));
    device.context.on('page', (page) => device.#watch(page));
    for (const page of device.context.pages()) device.#watch(page);
    return device;
  }

  constructor(origins) {
    this.origins = new Set(origins);
    this.folder = mkdtempSync(join(tmpdir(), 'dreiklang-browser-'));
    /** What went wrong, in words: errors, refusals of the policy, requests to elsewhere. */
    this.faults = [];
    /** Faults that a journey expects: tests remove what they provoked. */
    this.expected = [];
  }

  #asked(url) {
    const { protocol, origin } = new URL(url);
    if (['blob:', 'data:'].includes(protocol)) return;
    // Chromium names sockets by their own scheme.
    const plain = origin.replace(/^ws/, 'http');
    if (!this.origins.has(plain)) this.faults.push(`a request to ${url}`);
  }

  #watch(page) {
    page.on('pageerror', (error) => this.faults.push(`an error: ${error.stack ?? error}`));
    page.on('websocket', (socket) => this.#asked(socket.url()));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const text = `${message.text()} (${message.location().url})`;
      if (![...HARMLESS, ...this.expected].some((known) => known.test(text))) {
        this.faults.push(`in the console: ${text}`);
      }
    });
  }

  /** A tab with the app. */
  async open(url) {
    const page = this.context.pages().find((one) => one.url() === 'about:blank');
    const tab = page ?? (await this.context.newPage());
    await tab.goto(url);
    return tab;
  }

  /** Fails if anything happened that must not. */
  assertCalm() {
    assert.deepEqual(this.faults, []);
  }

  async end() {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Until nothing fades any more: half-way colours are measured wrongly. A theme comes a frame after it was asked
 * for, and what ends may begin something else. What is folded away never ends its fading.
 */
const settled = (page) =>
  page.evaluate(async () => {
    const moving = () =>
      document
        .getAnimations()
        .filter((one) => one.effect?.getTiming().iterations !== Infinity && one.playState === 'running')
        .filter((one) => one.effect?.target?.checkVisibility() ?? true);
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    let still = 0;
    while (still < 3) {
      await frame();
      const seen = moving();
      still = seen.length === 0 ? still + 1 : 0;
      await Promise.all(seen.map((one) => one.finished.catch(() => undefined)));
    }
  });

/** Fails with what axe finds: what a person with other senses or hands could not use. */
export async function assertAccessible(page, what = 'the page') {
  await settled(page);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${what}: ${id}: ${help}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  );
  assert.deepEqual(found, []);
}

/** The same in both themes. */
export async function assertAccessibleInBothThemes(page, what) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await assertAccessible(page, `${what}, ${colorScheme}`);
  }
}
