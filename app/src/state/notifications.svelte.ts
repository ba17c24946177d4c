// Telling of new messages while nobody looks: notifications, the number on the icon and in the title.
import { t } from '../texts';
import { trusted } from '../trusted';
import { ask, hear, order } from './ask';
import { mine } from './mine.svelte';
import { preferences } from './preferences.svelte';
import { route } from './route.svelte';
import type { Part } from './shapes';
import { toasts } from './toasts.svelte';
import { web } from './web';

interface Incoming {
  conversation: string;
  direction?: 'in' | 'out';
  title?: string;
  sender_name?: string;
  text?: string;
  type?: string;
  parts?: Part[];
}

interface ChatLine {
  unread_count: number;
  is_marked_unread?: boolean;
  is_muted?: boolean;
  mentions_only?: boolean;
}

const is = (): boolean => 'Notification' in globalThis;

class Notifications {
  permission: NotificationPermission | 'impossible' = $state(is() ? Notification.permission : 'impossible');
  /** Whether the server can wake this browser while the app is closed. */
  push: 'unknown' | 'on' | 'off' | 'impossible' = $state('unknown');
  unread = $state(0);
  #started = false;
  /** What is on the screen of the device now. */
  readonly #told = new Set<Notification>();
  #due: ReturnType<typeof setTimeout> | undefined;

  readonly are: 'on' | 'off' | 'refused' | 'impossible' = $derived.by(() => {
    if (this.permission === 'impossible') return 'impossible';
    if (this.permission === 'denied') return 'refused';
    return this.permission === 'granted' && preferences.notifications ? 'on' : 'off';
  });

  /** Whether the organisation lets a notification say what a message says. */
  readonly mayPreview: boolean = $derived(mine.parameterOf('message_preview') === '');

  /** Asks the person, and lets the server wake the browser. */
  async turnOn(): Promise<void> {
    if (this.are === 'impossible') return;
    this.permission = await Notification.requestPermission();
    if (this.permission !== 'granted') return;
    preferences.set({ notifications: true });
    await this.#subscribe();
  }

  async turnOff(): Promise<void> {
    preferences.set({ notifications: false });
    const subscription = await (await registration())?.pushManager?.getSubscription();
    await subscription?.unsubscribe();
    await order('push_set', { endpoint: null });
    this.push = 'off';
  }

  /** Hears messages from now on. To be called once the profile is open. */
  start(): void {
    void this.#lookAtPush();
    if (this.#started) return;
    this.#started = true;
    const count = (): void => this.#recount();
    for (const name of ['conversation', 'conversation_read', 'queue_drained', 'missed']) hear(name, count);
    hear<Incoming>('message', (message) => {
      count();
      if (document.hidden || !document.hasFocus()) void this.#tell(message);
    });
    count();
  }

  /** Takes back what was told, and the number on the icon: the app is locked. */
  hush(): void {
    for (const note of this.#told) note.close();
    this.#told.clear();
    if ('clearAppBadge' in navigator) void navigator.clearAppBadge().catch(() => undefined);
  }

  /** Once for many events at a time. */
  #recount(): void {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => void this.#count(), 150);
  }

  async #count(): Promise<void> {
    try {
      const { chats } = await ask<{ chats: ChatLine[] }>('chats');
      this.unread = chats.reduce((sum, chat) => sum + chat.unread_count, 0);
    } catch {
      this.unread = 0;
    }
    const name = document.title.replace(/^\(\d+\) /, '');
    document.title = this.unread > 0 ? `(${this.unread}) ${name}` : name;
    if ('setAppBadge' in navigator) {
      const set = this.unread > 0 ? navigator.setAppBadge(this.unread) : navigator.clearAppBadge();
      await set.catch(() => undefined);
    }
  }

  async #tell(message: Incoming): Promise<void> {
    if (message.direction === 'out' || this.are !== 'on' || (await silent(message))) return;
    const open = preferences.previews && this.mayPreview;
    const sender = message.sender_name ?? '';
    const title = open ? (message.title ?? sender) : t('notification-new');
    const words = message.type === 'text' ? (message.text ?? '') : t('notification-other');
    const body = !open ? '' : title === sender ? words : `${sender}: ${words}`;
    const note = new Notification(title, {
      body,
      icon: '/icon-192.png',
      // One for each conversation; without previews one for all, or the number would tell how many write.
      tag: open ? `chat-${message.conversation}` : 'new-messages',
    });
    this.#told.add(note);
    note.onclose = () => this.#told.delete(note);
    note.onclick = () => {
      window.focus();
      if (open) route.go(['chats', message.conversation]);
      note.close();
    };
  }

  async #subscribe(): Promise<void> {
    const key = (await web()).vapid_public_key;
    const manager = (await registration())?.pushManager;
    if (key === undefined || manager === undefined) {
      this.push = 'impossible';
      return;
    }
    try {
      const subscription = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      await ask('push_set', { endpoint: subscription.endpoint });
      this.push = 'on';
    } catch (error) {
      this.push = 'off';
      // Without push the open app still tells; that is worth saying, not worth failing.
      if (error instanceof DOMException) toasts.show(t('push-failed'));
      else toasts.failed(error);
    }
  }

  async #lookAtPush(): Promise<void> {
    const manager = (await registration())?.pushManager;
    if (manager === undefined || (await web()).vapid_public_key === undefined) {
      this.push = 'impossible';
      return;
    }
    const subscription = await manager.getSubscription();
    this.push = subscription === null ? 'off' : 'on';
    // Browsers renew addresses; the server is told at every start.
    if (subscription !== null && this.are === 'on') {
      await ask('push_set', { endpoint: subscription.endpoint }).catch(() => undefined);
    }
  }
}

/** The service worker's registration, if this page has one. */
async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return navigator.serviceWorker?.getRegistration(trusted('/sw.js'));
}

/** A mention of everybody names nobody. */
const ofMe = ({ kind, identity, is_me }: Part): boolean =>
  kind === 'mention' && (is_me === true || identity === undefined);

/** Whether the person wants to hear nothing of this message. */
async function silent({ conversation, parts }: Incoming): Promise<boolean> {
  try {
    const { chats } = await ask<{ chats: (ChatLine & { conversation: string })[] }>('chats');
    const chat = chats.find((one) => one.conversation === conversation);
    if (chat?.mentions_only === true) return parts?.some(ofMe) !== true;
    return chat?.is_muted === true;
  } catch {
    return false;
  }
}

export const notifications = new Notifications();
