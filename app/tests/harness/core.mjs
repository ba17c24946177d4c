// A tab that speaks with the core directly, through the same port as the page: for what happens
// below the interface (kills, cuts, full disks), whatever the interface looks like.
import assert from 'node:assert/strict';

/** How long an answer or an event may take. */
const PATIENCE_MS = 30_000;

/** A core of its own in a tab of a device that was started with `bypassCSP: true`. */
export class CoreTab {
  static async open(device, url, edition = 'private') {
    const tab = new CoreTab();
    tab.page = await device.context.newPage();
    // Any file of the origin will do: no page of ours starts a worker there.
    await tab.page.goto(`${url}/web.json`);
    await tab.page.evaluate(async (edition) => {
      const names = await (await fetch('/sw.js')).text();
      const script = names.match(/assets\/worker-[^"'` ]+\.js/)[0];
      const worker = new Worker(`/${script}`, { type: 'module' });
      const { port1, port2 } = new MessageChannel();
      const waiting = new Map();
      const heard = [];
      const listeners = new Set();
      let next = 1;
      port1.onmessage = ({ data }) => {
        if (data.event === undefined) {
          waiting.get(data.id)(data);
          return;
        }
        heard.push(data.event);
        for (const listener of listeners) listener();
      };
      const ask = (request, file) =>
        new Promise((resolve) => {
          waiting.set(next, resolve);
          port1.postMessage({ id: next++, request, file });
        });
      globalThis.core = { ask, heard, listeners };
      worker.postMessage({ port: port2, edition, locale: 'en', version: '0.1.0' }, [port2]);
    }, edition);
    return tab;
  }

  /** The answer: `{reply}` or `{error}`. `bytes`: a file of so many bytes goes along. */
  async answer(request, bytes) {
    return this.page.evaluate(
      async ([request, bytes]) => {
        const piece = new Uint8Array(bytes ?? 0).map((_, at) => (at * 31) % 251);
        const file = bytes === undefined ? undefined : new File([piece], 'pieces.bin');
        const { reply, error, file: out } = await globalThis.core.ask(request, file);
        return { reply, error, size: out?.size };
      },
      [request, bytes],
    );
  }

  /** The reply of a request that must succeed. */
  async ask(command, fields = {}, bytes) {
    const { reply, error } = await this.answer({ command, ...fields }, bytes);
    assert.equal(error, undefined, `${command}: ${JSON.stringify(error)}`);
    return reply;
  }

  /** Waits for an event of this name with these fields, also an earlier one. */
  async heard(event, fields = {}) {
    return this.page.evaluate(
      ([wanted, patience]) => {
        const { heard, listeners } = globalThis.core;
        const fits = (event) => Object.entries(wanted).every(([name, value]) => event[name] === value);
        return new Promise((resolve, reject) => {
          const look = () => {
            const found = heard.find(fits);
            if (found === undefined) return;
            listeners.delete(look);
            clearTimeout(late);
            resolve(found);
          };
          const late = setTimeout(() => {
            const names = heard.slice(-12).map((event) => JSON.stringify(event).slice(0, 200));
            reject(new Error(`not heard: ${JSON.stringify(wanted)}; but\n${names.join('\n')}`));
          }, patience);
          listeners.add(look);
          look();
        });
      },
      [{ event, ...fields }, PATIENCE_MS],
    );
  }

  /** Asks in the page until something comes back. */
  async until(look, argument) {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      const found = await this.page.evaluate(look, argument);
      if (found !== undefined) return found;
    }
    throw new Error('it did not happen');
  }

  /** A new identity; says which. */
  async setUp(nickname) {
    await this.ask('stage');
    await this.ask('begin');
    await this.ask('identity_new', { nickname });
    await this.heard('connection', { state: 'online' });
    return (await this.ask('me')).identity;
  }

  /** The texts of a conversation, the oldest first. */
  async texts(conversation) {
    const { messages } = await this.ask('history', { conversation, limit: 1000 });
    return messages.filter(({ type }) => type === 'text').map(({ text }) => text);
  }
}
