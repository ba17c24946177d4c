// What is one's own: identity, settings, links, backup, and what the organisation says about them.
import { ask, attempt, hear } from './ask';
import type { Availability } from './shapes';

export interface Me {
  identity: string;
  public_key: string;
  fingerprint: string;
  link: string;
  nickname: string;
  is_revoked: boolean;
  other_device: boolean;
  instance: string;
  /** Whether one is at work, as colleagues are told. */
  availability?: Availability;
}

export interface Settings {
  read_receipts: boolean;
  typing_indicators: boolean;
  block_unknown: boolean;
  hide_inactive: boolean;
  sort: 'first' | 'last';
  first: 'first' | 'last';
  share_picture: 'everybody' | 'nobody' | string[];
}

/** Whether something is allowed; if not, by which parameter. */
export interface Ability {
  allowed: boolean;
  parameter?: string | null;
}

export interface Abilities {
  [name: string]: unknown;
  safe?: {
    rule?: 'forbidden' | 'forced' | 'optional' | string;
    password_message?: string | null;
  };
  keep_messages_days?: number | null;
}

export interface Safe {
  is_on: boolean;
  server?: string | null;
  is_managed?: boolean;
  uploaded_at_ms?: number | null;
  uploaded_bytes?: number;
  fault?: 'unreachable' | 'refused' | 'too_large' | 'bad_answer' | null;
  retention_days?: number;
}

export interface Link {
  state: 'none' | 'waiting' | 'linked';
  address: string | null;
}

export interface Work {
  organisation: string;
  support_url: string;
  username: string;
  is_licensed: boolean;
  locked: string | null;
  displaced: string | null;
  /** Whether another app uses the ID; else the organisation has let go of it. */
  is_elsewhere: boolean;
  needs_credentials: boolean;
  has_directory: boolean;
  categories: Record<string, string>;
}

export type Parameters = Record<string, { value: unknown; origin: 'device' | 'organisation' }>;

class Mine {
  me: Me | undefined = $state.raw();
  settings: Settings | undefined = $state.raw();
  abilities: Abilities | undefined = $state.raw();
  safe: Safe | undefined = $state.raw();
  links: { email: Link; phone: Link } | undefined = $state.raw();
  work: Work | undefined = $state.raw();
  parameters: Parameters = $state.raw({});
  #heard = false;

  /** Reads everything, and again whenever it changes. */
  async load(): Promise<void> {
    this.#listen();
    await Promise.all([
      this.#read('me', (me: Me) => (this.me = me)),
      this.#read('settings', (settings: Settings) => (this.settings = settings)),
      this.#read('safe', (safe: Safe) => (this.safe = safe)),
      this.#read('links', (links: { email: Link; phone: Link }) => (this.links = links)),
      this.policy(),
    ]);
  }

  /** What the organisation says. */
  async policy(): Promise<void> {
    await Promise.all([
      this.#read('abilities', (abilities: Abilities) => (this.abilities = abilities)),
      this.#read('policy', (reply: { parameters: Parameters }) => (this.parameters = reply.parameters)),
      this.#read('work_status', (work: Work) => (this.work = work)),
    ]);
  }

  /** Changes settings; what they are then is what the core answers. */
  async change(change: Partial<Record<keyof Settings, unknown>>): Promise<void> {
    const settings = await attempt(() => ask<Settings>('settings', change));
    // A refusal has to move the switch back: a new object, even if nothing changed.
    this.settings = settings ?? (this.settings && { ...this.settings });
  }

  /** Why something is locked: the sentence for the person, or an empty one. */
  parameterOf(ability: string): string {
    const found = this.abilities?.[ability] as Ability | boolean | string | undefined;
    if (found === undefined || found === true || found === 'allowed') return '';
    if (typeof found === 'object') return found.allowed ? '' : (found.parameter ?? ability);
    return typeof found === 'string' ? found : ability;
  }

  /** Whether the organisation has set this parameter. */
  isSet(parameter: string): boolean {
    return parameter in this.parameters;
  }

  #listen(): void {
    if (this.#heard) return;
    this.#heard = true;
    const again: Record<string, () => void> = {
      me: () => {
        void this.#read('me', (me: Me) => (this.me = me));
        // An ID that is used here again is news about the standing, too.
        if (this.work?.displaced) void this.policy();
      },
      other_device: () => void this.#read('me', (me: Me) => (this.me = me)),
      safe: () => void this.#read('safe', (safe: Safe) => (this.safe = safe)),
      links: () => void this.#read('links', (links: { email: Link; phone: Link }) => (this.links = links)),
    };
    const policy = (): void => void this.policy();
    for (const name of ['policy', 'organisation', 'locked', 'unlocked', 'displaced', 'credentials_needed']) {
      again[name] = policy;
    }
    for (const [name, run] of Object.entries(again)) hear(name, run);
  }

  async #read<T>(command: string, keep: (reply: T) => void): Promise<void> {
    try {
      keep(await ask<T>(command));
    } catch {
      // Some questions make no sense in every edition; what is not known is not shown.
    }
  }
}

export const mine = new Mine();
