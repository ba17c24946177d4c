// The app as a whole: which edition this is, the core, and the stage the profile is on.
import type { Core } from '../core/core';
import { language } from '../texts';

export type Edition = 'private' | 'work' | 'onprem';

/** Where the profile is; the last three only the page can know. */
export type StageName =
  | 'empty'
  | 'locked'
  | 'remote_locked'
  | 'no_identity'
  | 'open'
  | 'elsewhere'
  | 'unsupported'
  | 'broken';

export interface Stage {
  stage: StageName;
  lock?: 'none' | 'passphrase' | 'passkey';
  instance?: string;
  [field: string]: unknown;
}

function edition(): Edition {
  const name = document.documentElement.dataset['edition'];
  return name === 'work' || name === 'onprem' ? name : 'private';
}

class App {
  readonly edition: Edition = edition();
  stage: Stage | undefined = $state();
  #core: Core | undefined;

  /** The core. There is one from `start` on, on every stage but "elsewhere" and "unsupported". */
  get core(): Core {
    if (this.#core === undefined) throw new Error('the core was not started');
    return this.#core;
  }

  /** Takes the profile for this tab, starts the core and learns the stage. */
  async start(core?: Core): Promise<void> {
    if (core === undefined && !('storage' in navigator && 'getDirectory' in navigator.storage)) {
      this.stage = { stage: 'unsupported' };
      return;
    }
    if (core === undefined && !(await this.#alone())) {
      this.stage = { stage: 'elsewhere' };
      return;
    }
    this.#core = core ?? (await started(this.edition));
    this.#core.on('stage' as never, (event: unknown) => {
      this.stage = event as Stage;
    });
    try {
      this.stage = (await this.#core.ask({ command: 'stage' } as never)).reply as unknown as Stage;
    } catch {
      this.stage = { stage: 'broken' };
    }
  }

  /** One tab holds the profile: a second one would write into the same database. */
  #alone(): Promise<boolean> {
    return new Promise((resolve) => {
      void navigator.locks.request('profile', { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        // Held until the tab is gone.
        return lock === null ? undefined : new Promise<void>(() => undefined);
      });
    });
  }
}

async function started(name: Edition): Promise<Core> {
  if (import.meta.env.DEV && !new URLSearchParams(location.search).has('core')) {
    const { fake } = await import('../core/fake');
    const { chat } = await import('../core/fake/chat');
    const stage = new URLSearchParams(location.search).get('stage');
    const open = { stage: () => ({ stage, lock: 'none', edition: name, version: 'design' }) };
    return fake(name, chat, ...(stage === null ? [] : [open]));
  }
  const { launch } = await import('../core/launch');
  return launch({ edition: name, locale: language(), version: import.meta.env.VITE_VERSION ?? '' });
}

export const app = new App();
