// Pictures of people and groups: read once, kept as addresses of blobs.
import { SvelteMap } from 'svelte/reactivity';
import { askFile, hear } from './ask';

class Pictures {
  /** The address, or `null` if there is no picture. */
  readonly #known = new SvelteMap<string, string | null>();
  readonly #asked = new Set<string>();
  #listening = false;

  /** The picture of a conversation, an identity or "me"; `undefined` until it is there. */
  of(who: string): string | undefined {
    const known = this.#known.get(who);
    if (known === undefined && !this.#asked.has(who)) {
      this.#asked.add(who);
      queueMicrotask(() => void this.#read(who));
    }
    return known ?? undefined;
  }

  /** Reads it again: it was changed here. */
  forget(who: string): void {
    this.#asked.add(who);
    void this.#read(who);
  }

  async #read(who: string): Promise<void> {
    if (!this.#listening) {
      this.#listening = true;
      hear<{ contact: string }>('contact', ({ contact }) => this.#again(contact));
      hear<{ conversation: string }>('conversation', (event) => this.#again(event.conversation));
      hear('me', () => this.#again('me'));
    }
    const answer = await askFile('picture', { of: who }).catch(() => undefined);
    const before = this.#known.get(who);
    this.#known.set(who, answer?.file ? URL.createObjectURL(answer.file) : null);
    if (before) URL.revokeObjectURL(before);
  }

  #again(who: string): void {
    if (this.#asked.has(who)) void this.#read(who);
  }
}

export const pictures = new Pictures();
