// The way from nothing to an open app: which step it is, what was typed, what the core said.
import { Failure } from '../core/core';
import { app, type Plan } from './app.svelte';
import { ask } from './ask';

export type Step = 'welcome' | 'access' | 'choose' | 'stir' | 'name' | 'safe' | 'export' | 'done' | 'offers';

/** How the identity came here: the last screen says other things. */
export type Way = 'new' | 'safe' | 'export';

class Setup {
  #steps: Step[] = $state([]);
  /** What the core does now, as the id of a text; empty while it waits for the person. */
  busy = $state('');
  error: unknown = $state();
  way: Way = $state('new');
  nickname = $state('');
  /** Hexadecimal digits of what the person did with the pointer; may be empty. */
  entropy = '';
  /** The identity is there, and the last screens are still to be seen. */
  isFinishing = $state(false);

  readonly step: Step = $derived(this.#steps.at(-1) ?? this.#first());
  readonly plan: Plan = $derived(app.stage?.plan ?? {});

  /** Whether there is a step to go back to. Not behind what the core has done. */
  get canGoBack(): boolean {
    return this.#steps.length > 1 && this.busy === '' && !this.isFinishing;
  }

  go(step: Step): void {
    this.error = undefined;
    if (this.#steps.length === 0) this.#steps = [this.step];
    this.#steps.push(step);
  }

  back = (): void => {
    this.error = undefined;
    this.#steps.pop();
  };

  /** Where a set-up begins that was left: what is done is not asked for again. */
  #first(): Step {
    return app.stage?.stage === 'no_identity' ? 'choose' : 'welcome';
  }

  /** Makes the profile, with the organisation's licence if there is one. */
  async begin(fields: Record<string, unknown> = {}): Promise<void> {
    const done = await this.#do('setup-busy-begin', () => ask('begin', fields));
    if (!done) return;
    this.#steps = ['choose'];
    this.nickname = this.plan.nickname ?? '';
    await this.#follow();
  }

  /** What the organisation has decided already is not asked. */
  async #follow(): Promise<void> {
    const { plan } = this;
    if (plan.id_export && plan.id_export_password) {
      await this.bring('export', { export: plan.id_export, password: plan.id_export_password });
    } else if (plan.safe_restore) {
      this.go('safe');
    } else if (plan.skip_wizard) {
      await this.make();
    }
  }

  /** A new identity. */
  async make(): Promise<void> {
    await this.#finish('new', 'setup-busy-new', () =>
      ask('identity_new', {
        nickname: this.nickname.trim(),
        ...(this.entropy === '' ? {} : { entropy: this.entropy }),
      }),
    );
  }

  /** An identity that exists, from a backup of it. */
  async bring(way: 'safe' | 'export', fields: Record<string, unknown>): Promise<void> {
    const command = way === 'safe' ? 'identity_restore_safe' : 'identity_import';
    await this.#finish(way, `setup-busy-${way}`, () => ask(command, fields));
  }

  async #finish(way: Way, busy: string, work: () => Promise<unknown>): Promise<void> {
    // Set before: the stage becomes "open" while the answer is still on its way.
    this.isFinishing = true;
    this.way = way;
    if (await this.#do(busy, work)) {
      if (this.plan.skip_wizard) this.end();
      else this.#steps = ['done'];
    } else {
      this.isFinishing = false;
    }
  }

  /** To the chats. */
  end(): void {
    this.entropy = '';
    this.isFinishing = false;
    this.#steps = [];
  }

  async #do(busy: string, work: () => Promise<unknown>): Promise<boolean> {
    this.busy = busy;
    this.error = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      this.error = error;
      return false;
    } finally {
      this.busy = '';
    }
  }

  /** Whether the last refusal was one of these: it is shown at the field then. */
  failedWith(...codes: string[]): boolean {
    return this.error instanceof Failure && codes.includes(this.error.code);
  }
}

export const setup = new Setup();
