// Real servers: an open and a closed instance in folders of their own, on ports that were free.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DIST, program } from './places.mjs';

/** How long a server may take until it listens. */
const READY_MS = 30_000;

/** Which apps a kind of instance serves. */
const EDITIONS = { open: ['private', 'work'], closed: ['onprem'] };

/** One running server. */
export class Server {
  /** Makes an instance and starts it; it knows its addresses then. */
  static async start(kind = 'open', settings = {}) {
    const server = new Server(kind, settings);
    await server.#make();
    await server.run();
    return server;
  }

  constructor(kind, settings) {
    this.kind = kind;
    this.settings = settings;
    /** The origin of each edition. */
    this.urls = {};
    this.folder = mkdtempSync(join(tmpdir(), `dreiklang-${kind}-`));
    this.data = join(this.folder, 'server');
  }

  async #make() {
    const [chat, api] = await freePorts();
    const options = {
      'data-dir': this.data,
      kind: this.kind,
      host: 'localhost',
      name: 'Test',
      'chat-port': chat,
      'api-port': api,
    };
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    execFileSync(program('dreiklang-server'), ['init', '--loopback', ...words]);
  }

  /** Where its configuration is, for the commands of administration. */
  get config() {
    return join(this.data, 'config.toml');
  }

  /** Starts it; again after `stop`, with the same addresses for browsers. */
  async run() {
    const listen = Object.fromEntries(
      EDITIONS[this.kind].map((edition) => {
        const port = this.urls[edition] === undefined ? 0 : new URL(this.urls[edition]).port;
        return [`DREIKLANG_WEB__${edition.toUpperCase()}_LISTEN`, `["127.0.0.1:${port}"]`];
      }),
    );
    this.child = spawn(program('dreiklang-server'), ['--config', this.config, 'serve'], {
      env: {
        ...process.env,
        DREIKLANG_WEB__FOLDER: DIST,
        DREIKLANG_WEB__PLAIN: 'true',
        DREIKLANG_LOG__FORMAT: 'json',
        ...listen,
        ...this.settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.log = [];
    await new Promise((resolve, reject) => {
      const fail = (why) => {
        clearTimeout(late);
        this.child.kill('SIGKILL');
        reject(new Error(`${why}:\n${this.log.join('\n')}`));
      };
      const late = setTimeout(() => fail('not ready'), READY_MS);
      this.child.once('exit', (code) => fail(`ended with ${code}`));
      for (const stream of [this.child.stdout, this.child.stderr]) {
        createInterface(stream).on('line', (line) => {
          this.log.push(line);
          const said = read(line);
          if (said['web.url'] !== undefined) this.urls[said['web.edition']] = said['web.url'];
          if (said.message !== 'ready') return;
          clearTimeout(late);
          resolve();
        });
      }
    });
  }

  /** A command of its administration; what it printed. */
  admin(...words) {
    return execFileSync(program('dreiklang-server'), ['--config', this.config, ...words], {
      encoding: 'utf8',
    });
  }

  async stop() {
    if (this.child === undefined || this.child.exitCode !== null) return;
    this.child.removeAllListeners('exit');
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  /** Stops it and forgets everything. */
  async end() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Two ports that nobody listens on. */
async function freePorts() {
  const listeners = [createServer(), createServer()];
  for (const listener of listeners) await once(listener.listen(0, '127.0.0.1'), 'listening');
  const ports = listeners.map((listener) => listener.address().port);
  for (const listener of listeners) await once(listener.close(), 'close');
  return ports;
}

/** A line of the log; its fields may stand beside or below each other. */
function read(line) {
  try {
    const said = JSON.parse(line);
    return { ...said, ...said.fields };
  } catch {
    return {};
  }
}
