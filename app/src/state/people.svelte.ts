// Who everybody is: contacts by identity, and the own identity.
import { SvelteMap } from 'svelte/reactivity';
import { t } from '../texts';
import { ask, attempt, hear } from './ask';
import type { Contact, Me, Message } from './shapes';

class People {
  me: Me | undefined = $state.raw();
  readonly contacts = new SvelteMap<string, Contact>();
  loaded = $state(false);
  /** Names of people in groups who are no contacts, as messages told them. */
  readonly #heard = new Map<string, string>();
  #due: ReturnType<typeof setTimeout> | undefined;

  readonly sorted = $derived.by(() => {
    const order = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
    return [...this.contacts.values()].sort((a, b) =>
      order.compare(a.display_name.replace(/^~/, ''), b.display_name.replace(/^~/, '')),
    );
  });

  /** Reads everybody, and from then on whoever changes. */
  /** The screens are drawn anew with another language: one listener is enough. */
  #listens = false;

  async start(): Promise<void> {
    if (this.#listens) return this.#read();
    this.#listens = true;
    for (const event of ['contact', 'key_mismatch', 'organisation', 'policy']) {
      hear(event, () => this.reload());
    }
    hear('me', () => void this.#readMe());
    await Promise.all([this.#readMe(), this.#read()]);
  }

  /** Once for many changes at a time. */
  reload(): void {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => void this.#read(), 120);
  }

  /** Keeps what messages say about names; to be called before they are shown. */
  learn(messages: readonly (Message | null | undefined)[]): void {
    for (const message of messages) {
      if (!message) continue;
      if (message.sender_name) this.#heard.set(message.sender, message.sender_name);
      for (const [identity, name] of Object.entries(message.names ?? {})) {
        this.#heard.set(identity, name);
      }
    }
  }

  isMe = (identity: string): boolean => identity === this.me?.identity;

  /** What somebody is called here. */
  name(identity: string): string {
    if (this.isMe(identity)) return t('person-me');
    return this.contacts.get(identity)?.display_name ?? this.#heard.get(identity) ?? identity;
  }

  /** As `name`, but the own nickname for ourselves. */
  ownName(): string {
    return this.me?.nickname || this.me?.identity || '';
  }

  async #readMe(): Promise<void> {
    this.me = await attempt(() => ask<Me>('me'));
  }

  async #read(): Promise<void> {
    const reply = await attempt(() => ask<{ contacts: Contact[] }>('contacts'));
    if (reply === undefined) return;
    const here = new Set(reply.contacts.map((contact) => contact.identity));
    for (const contact of reply.contacts) this.contacts.set(contact.identity, contact);
    for (const identity of this.contacts.keys()) {
      if (!here.has(identity)) this.contacts.delete(identity);
    }
    this.loaded = true;
  }
}

export const people = new People();
