// The list of conversations, the connection, and who types.
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { ask, attempt, hear, order } from './ask';
import { people } from './people.svelte';
import type { Chat, Group, Visibility } from './shapes';

/** How long "types" stays without being said again. */
const TYPING_MS = 25_000;
/** Many events in a row are one new look. */
const PAUSE_MS = 80;

interface Connection {
  state: 'offline' | 'connecting' | 'online' | 'waiting' | 'stopped';
  reason?: string;
  retry_in_ms?: number;
}

/** A group of which nothing but itself is known. */
const bare = (group: Group): Chat => ({
  conversation: group.id,
  title: group.display_name,
  group,
  unread_count: 0,
  visibility: 'normal',
  is_marked_unread: false,
});

class Chats {
  list: Chat[] = $state.raw([]);
  /** Groups without a message: in no list of chats, and still to be found and written in. */
  silent: Chat[] = $state.raw([]);
  loaded = $state(false);
  connection: Connection = $state.raw({ state: 'connecting' });
  /** Contacts that type now. */
  readonly typing = new SvelteMap<string, ReturnType<typeof setTimeout>>();
  /** Conversations that are chosen for something to be done with all of them. */
  readonly chosen = new SvelteSet<string>();
  choosing = $state(false);
  #due: ReturnType<typeof setTimeout> | undefined;
  #reading = false;
  #again = false;

  readonly normal = $derived(
    this.list
      .filter((chat) => chat.visibility !== 'archived')
      .sort((a, b) => Number(b.visibility === 'pinned') - Number(a.visibility === 'pinned')),
  );
  readonly archived = $derived(this.list.filter((chat) => chat.visibility === 'archived'));
  readonly unread = $derived(
    this.normal.reduce((sum, chat) => sum + (muted(chat) ? 0 : chat.unread_count), 0),
  );

  /** The screens are drawn anew with another language: one listener is enough. */
  #listens = false;

  async start(): Promise<void> {
    if (this.#listens) return this.read();
    this.#listens = true;
    const again = [
      'message',
      'message_changed',
      'conversation',
      'conversation_read',
      'contact',
      'queue_drained',
      'missed',
      'state',
      'media',
      'organisation',
    ];
    for (const event of again) hear(event, () => this.reload());
    hear<{ contact: string; is_typing: boolean }>('typing', (event) => this.#types(event));
    hear<Connection>('connection', (event) => {
      this.connection = event;
    });
    await this.read();
  }

  reload(): void {
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      void this.read();
    }, PAUSE_MS);
  }

  async read(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    const [reply, all] = await Promise.all([
      attempt(() => ask<{ chats: Chat[] }>('chats')),
      attempt(() => ask<{ groups: Group[] }>('groups')),
    ]);
    this.#reading = false;
    if (reply !== undefined) {
      people.learn(reply.chats.map((chat) => chat.last_message));
      this.list = reply.chats;
      const listed = new Set(reply.chats.map((chat) => chat.conversation));
      this.silent = (all?.groups ?? []).filter(({ id }) => !listed.has(id)).map(bare);
      this.loaded = true;
    }
    if (this.#again) {
      this.#again = false;
      this.reload();
    }
  }

  find = (conversation: string): Chat | undefined =>
    [...this.list, ...this.silent].find((chat) => chat.conversation === conversation);

  async visibility(conversation: string, visibility: Visibility): Promise<void> {
    await this.#do('chat_visibility', { conversation, visibility });
  }

  async mute(conversation: string, hours: number | 'forever' | 'mentions' | 'off'): Promise<void> {
    await this.#do('chat_mute', {
      conversation,
      is_muted: hours !== 'off' && hours !== 'mentions',
      ...(typeof hours === 'number' ? { until_ms: Date.now() + hours * 3_600_000 } : {}),
      ...(hours === 'mentions' ? { mentions_only: true } : {}),
    });
  }

  async unreadMark(conversation: string, on: boolean): Promise<void> {
    await this.#do('chat_unread', { conversation, on });
  }

  async markRead(conversation: string, position: number): Promise<void> {
    await ask('mark_read', { conversation, position }).catch(() => undefined);
    this.reload();
  }

  async empty(conversation: string): Promise<void> {
    await this.#do('chat_empty', { conversation });
  }

  async #do(command: string, fields: Record<string, unknown>): Promise<void> {
    await order(command, fields);
    await this.read();
  }

  #types({ contact, is_typing }: { contact: string; is_typing: boolean }): void {
    clearTimeout(this.typing.get(contact));
    this.typing.delete(contact);
    if (is_typing) {
      this.typing.set(contact, setTimeout(() => this.typing.delete(contact), TYPING_MS));
    }
  }
}

/** Whether a conversation is silent now. */
export const muted = (chat: Chat): boolean =>
  chat.is_muted ?? (typeof chat.muted_until_ms === 'number' && chat.muted_until_ms > Date.now());

export const chats = new Chats();
