// One open conversation: its messages, what is being written, and what is being done with messages.
import { getContext, setContext } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { ask, attempt, order } from './ask';
import type { Message, Part } from './shapes';
import { Timeline } from './timeline.svelte';

const KEY = Symbol('talk');

/** Windows over a conversation. */
export type Over =
  | { kind: 'forward' | 'delete'; messages: Message[] }
  | { kind: 'card' | 'details' | 'react' | 'viewer' | 'voters'; message: Message }
  | { kind: 'link'; part: Part }
  | undefined;

export class Talk {
  readonly timeline: Timeline;
  quote: Message | undefined = $state.raw();
  editing: Message | undefined = $state.raw();
  readonly selected = new SvelteSet<number>();
  selecting = $state(false);
  over: Over = $state.raw();
  /** Where the timeline shall go. A new object each time, so that the same place works twice. */
  target: { position: number } | undefined = $state.raw();
  /** Bumped whenever the field for writing shall have the focus. */
  wish = $state(0);

  constructor(readonly conversation: string) {
    this.timeline = new Timeline(conversation);
  }

  reply(message: Message): void {
    this.editing = undefined;
    this.quote = message;
    this.wish += 1;
  }

  edit(message: Message): void {
    this.quote = undefined;
    this.editing = message;
    this.wish += 1;
  }

  toggle(position: number): void {
    if (!this.selected.delete(position)) this.selected.add(position);
    this.selecting = this.selected.size > 0;
  }

  unselect(): void {
    this.selected.clear();
    this.selecting = false;
  }

  chosen = (): Message[] =>
    this.timeline.messages.filter(({ position }) => this.selected.has(position));

  /** Shows a message, wherever it is. */
  async jump(position: number): Promise<void> {
    if (this.timeline.find(position) === undefined) await this.timeline.open(position);
    this.target = { position };
  }

  /** Does something that answers with the message as it is now. */
  async change(command: string, message: Message, fields: Record<string, unknown> = {}): Promise<boolean> {
    const reply = await attempt(() =>
      ask<Message | { done: true }>(command, { message: message.position, ...fields }),
    );
    if (reply === undefined) return false;
    if ('position' in reply) this.timeline.put(reply);
    else await this.timeline.again(message.position);
    return true;
  }

  async react(message: Message, emoji: string): Promise<void> {
    const ours = (message.reactions ?? []).some((one) => one.is_ours && one.emoji === emoji);
    await this.change('react', message, { emoji, on: !ours });
  }

  async star(messages: Message[], on: boolean): Promise<void> {
    for (const message of messages) await this.change('star', message, { on });
  }

  async remove(messages: Message[], everyone: boolean): Promise<void> {
    for (const message of messages) {
      if (everyone) {
        await this.change('delete', message, { for_everyone: true });
      } else if (await order('delete', { message: message.position })) {
        this.timeline.drop(message.position);
      }
    }
  }
}

export const provideTalk = (talk: Talk): Talk => setContext(KEY, talk);
export const useTalk = (): Talk => getContext<Talk>(KEY);
