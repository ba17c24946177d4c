// The messages of one conversation: a window that moves, never the whole of it.
import { ask, attempt, hear } from './ask';
import { people } from './people.svelte';
import type { Message, MessageState } from './shapes';

/** How many messages are asked for at a time. */
const PAGE = 60;
/** How many are kept, and so stand in the page: what is beyond falls off at the other end. */
const MOST = 360;

interface Page {
  messages: Message[];
  has_older?: boolean;
  has_newer?: boolean;
}

export class Timeline {
  /** Oldest first. Replaced as a whole, so that a change costs one comparison a row. */
  messages: Message[] = $state.raw([]);
  hasOlder = $state(false);
  hasNewer = $state(false);
  loaded = $state(false);
  /** What came in while this was open: said to those who do not see it. */
  news: Message | undefined = $state.raw();
  #busy = false;
  readonly #stops: (() => void)[] = [];

  constructor(readonly conversation: string) {
    const mine = (event: { conversation: string }) => event.conversation === this.conversation;
    this.#stops.push(
      hear<Message>('message', (event) => mine(event) && this.#came(event)),
      hear<Message>('message_changed', (event) => mine(event) && this.put(event)),
      hear<{ conversation: string; position: number; state: MessageState }>(
        'state',
        (event) => mine(event) && this.#moved(event.position, event.state),
      ),
      hear<{ conversation: string; position: number }>(
        'media',
        (event) => mine(event) && void this.again(event.position),
      ),
      hear<{ conversation: string }>(
        'conversation',
        (event) => mine(event) && void this.#changed(),
      ),
      hear('queue_drained', () => void this.#changed()),
      hear('missed', () => void this.reload()),
    );
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  /** The end, or the surroundings of a message. */
  async open(around?: number): Promise<void> {
    const page = await this.#page(around === undefined ? {} : { around });
    if (page === undefined) {
      this.loaded = true;
      return;
    }
    this.messages = page.messages;
    this.hasOlder = page.has_older ?? page.messages.length >= PAGE;
    this.hasNewer = page.has_newer ?? false;
    this.loaded = true;
  }

  async older(): Promise<void> {
    const first = this.messages[0];
    if (!this.hasOlder || first === undefined || this.#busy) return;
    const page = await this.#page({ before: first.position });
    if (page === undefined || this.messages[0] !== first) return;
    const all = [...page.messages, ...this.messages];
    this.hasOlder = page.has_older ?? page.messages.length >= PAGE;
    if (all.length > MOST) this.hasNewer = true;
    this.messages = all.slice(0, MOST);
  }

  async newer(): Promise<void> {
    const last = this.messages.at(-1);
    if (last === undefined) return this.open();
    if (this.#busy) return;
    const page = await this.#page({ after: last.position });
    if (page === undefined || this.messages.at(-1) !== last) return;
    const all = [...this.messages, ...page.messages];
    this.hasNewer = page.has_newer ?? page.messages.length >= PAGE;
    if (all.length > MOST) this.hasOlder = true;
    this.messages = all.slice(-MOST);
  }

  /** Reads what is shown again, where it is. */
  async reload(): Promise<void> {
    const middle = this.messages[Math.floor(this.messages.length / 2)];
    await this.open(this.hasNewer ? middle?.position : undefined);
  }

  /** Reads one message again. */
  async again(position: number): Promise<void> {
    if (this.find(position) === undefined) return;
    const reply = await ask<{ message?: Message | null }>('message', { message: position }).catch(
      () => undefined,
    );
    if (reply?.message) this.put(reply.message);
  }

  find = (position: number): Message | undefined =>
    this.messages.find((message) => message.position === position);

  /** A message as it is now: in its place, or at the end if it is new. */
  put(message: Message): void {
    people.learn([message]);
    const at = this.messages.findIndex(({ position }) => position === message.position);
    if (at >= 0) {
      this.messages = this.messages.with(at, message);
      return;
    }
    const last = this.messages.at(-1);
    if (this.hasNewer || (last !== undefined && message.position < last.position)) return;
    this.messages = [...this.messages, message].slice(-MOST);
  }

  drop(position: number): void {
    this.messages = this.messages.filter((message) => message.position !== position);
  }

  #came(message: Message): void {
    this.put(message);
    this.news = message;
  }

  #moved(position: number, state: MessageState): void {
    const message = this.find(position);
    if (message) this.put({ ...message, state, state_at_ms: Date.now() });
    // What can be done with it may have changed with the state.
    if (state === 'sent' || state === 'failed') void this.again(position);
  }

  /** Something about the whole: more at its end, or all gone. */
  async #changed(): Promise<void> {
    if (!this.loaded || this.hasNewer) return;
    const page = await this.#page({});
    if (page === undefined || this.hasNewer) return;
    const first = page.messages[0];
    if (first === undefined) {
      this.messages = [];
      this.hasOlder = false;
      return;
    }
    const kept = this.messages.filter((message) => message.position < first.position);
    this.messages = [...kept, ...page.messages].slice(-MOST);
    if (kept.length === 0) this.hasOlder = page.has_older ?? page.messages.length >= PAGE;
  }

  async #page(from: Record<string, number>): Promise<Page | undefined> {
    this.#busy = true;
    const page = await attempt(() =>
      ask<Page>('history', { conversation: this.conversation, limit: PAGE, ...from }),
    );
    this.#busy = false;
    people.learn(page?.messages ?? []);
    return page;
  }
}
