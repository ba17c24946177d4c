// The app as a whole: which edition this is, the core, and the stage the profile is on.
import type { Core } from '../core/core';
import { language } from '../texts';

export type Edition = 'private' | 'work' | 'onprem';

/** Where the profile is; "broken" only the page can know. */
export type StageName =
  | 'empty'
  | 'locked'
  | 'remote_locked'
  | 'no_identity'
  | 'open'
  | 'elsewhere'
  | 'unsupported'
  | 'broken';

/** What the organisation wants of a set-up. */
export interface Plan {
  skip_wizard?: boolean;
  nickname?: string | null;
  has_license?: boolean;
  id_export?: string | null;
  id_export_password?: string | null;
  is_safe_restore_offered?: boolean;
  safe_restore?: string | null;
}

export interface Stage {
  stage: StageName;
  lock?: 'none' | 'passphrase' | 'passkey';
  /** Of a passkey: which one opens the profile. */
  credential?: string;
  instance?: string;
  version?: string;
  plan?: Plan;
  [field: string]: unknown;
}

function edition(): Edition {
  const name = document.documentElement.dataset['edition'];
  return name === 'work' || name === 'onprem' ? name : 'private';
}

/** How the tabs of one profile talk: nothing but who may have it. */
const TABS = 'profile';

class App {
  readonly edition: Edition = edition();
  stage: Stage | undefined = $state();
  #core: Core | undefined;
  #tabs: BroadcastChannel | undefined;

  /** The core. There is one from `start` on, on every stage but "unsupported". */
  get core(): Core {
    if (this.#core === undefined) throw new Error('the core was not started');
    return this.#core;
  }

  /** Starts the core and learns the stage. */
  async start(core?: Core): Promise<void> {
    if (core === undefined && !('storage' in navigator && 'getDirectory' in navigator.storage)) {
      this.stage = { stage: 'unsupported' };
      return;
    }
    this.#core = core ?? (await started(this.edition));
    this.#core.on('stage' as never, (event: unknown) => {
      const next = event as Stage;
      if (this.stage?.stage === 'open' && next.stage === 'locked') this.#forget();
      else this.stage = next;
    });
    this.#tabs = new BroadcastChannel(TABS);
    this.#tabs.onmessage = ({ data }) => void this.#asked(data);
    await this.#ask('stage');
  }

  /** Takes the profile over from the tab that has it. */
  async takeOver(): Promise<void> {
    const told = new Promise<void>((resolve) => {
      const heard = ({ data }: MessageEvent): void => {
        if (data === 'released') resolve();
      };
      this.#tabs?.addEventListener('message', heard);
      // A tab that was closed meanwhile does not answer, and has let go.
      setTimeout(resolve, 4_000);
    });
    this.#tabs?.postMessage('release');
    await told;
    await this.#ask('take_over');
  }

  /** What has shown messages remembers them, page and worker alike: only a new start forgets. */
  #forget(): void {
    this.stage = undefined;
    location.reload();
  }

  async #asked(word: unknown): Promise<void> {
    if (word !== 'release' || this.stage?.stage === 'elsewhere') return;
    await this.#ask('release');
    this.#tabs?.postMessage('released');
  }

  async #ask(command: 'stage' | 'take_over' | 'release'): Promise<void> {
    try {
      this.stage = (await this.core.ask({ command } as never)).reply as unknown as Stage;
    } catch {
      this.stage = { stage: 'broken' };
    }
  }
}

async function started(name: Edition): Promise<Core> {
  if (import.meta.env.DEV && !new URLSearchParams(location.search).has('core')) {
    const { fake } = await import('../core/fake');
    const { chat } = await import('../core/fake/chat');
    const { pages } = await import('../core/fake/pages');
    const script = pages(name);
    return fake(name, script, chat, { stage: script['stage'] ?? (() => ({})) });
  }
  const { launch } = await import('../core/launch');
  return launch({ edition: name, locale: language(), version: import.meta.env.VITE_VERSION ?? '' });
}

export const app = new App();
