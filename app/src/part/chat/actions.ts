// What can be done with messages: for the menu, the keys and the bar of several.
import CheckCheck from '@lucide/svelte/icons/circle-check';
import CircleX from '@lucide/svelte/icons/circle-x';
import Copy from '@lucide/svelte/icons/copy';
import Download from '@lucide/svelte/icons/download';
import Forward from '@lucide/svelte/icons/forward';
import Info from '@lucide/svelte/icons/info';
import Pencil from '@lucide/svelte/icons/pencil';
import Reply from '@lucide/svelte/icons/reply';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import SmilePlus from '@lucide/svelte/icons/smile-plus';
import Star from '@lucide/svelte/icons/star';
import StarOff from '@lucide/svelte/icons/star-off';
import Trash from '@lucide/svelte/icons/trash-2';
import { attempt } from '../../state/ask';
import { keep } from '../../state/media.svelte';
import type { Abilities, Message } from '../../state/shapes';
import type { Talk } from '../../state/talk.svelte';
import { toasts } from '../../state/toasts.svelte';
import { t } from '../../texts';
import { plain } from '../../words';
import type { Choice } from '../choice';

/** Whether it can be done; what the core does not say is tried, and refused by it if need be. */
export function can(message: Message, what: keyof Abilities): boolean {
  const said = message.can?.[what];
  if (said !== undefined) return said;
  const live = !['deleted', 'notice', 'unsupported'].includes(message.type);
  const out = message.direction === 'out';
  switch (what) {
    case 'edit':
      return out && live && message.type === 'text' && message.state !== 'failed';
    case 'delete_for_everyone':
      return out && live && message.state !== 'failed';
    case 'resend':
      return out && message.state === 'failed';
    case 'close':
      return out && message.type === 'poll' && message.poll?.is_closed === false;
    case 'vote':
      return message.type === 'poll' && message.poll?.is_closed === false;
    case 'save':
      return message.file?.state === 'here' || (out && message.file !== undefined);
    case 'download':
      return message.file?.state === 'remote';
    case 'cancel':
      return message.file?.state === 'coming' || message.file?.state === 'sending';
    default:
      return live;
  }
}

/** What of a message is worth copying. */
export const copyable = (message: Message): string =>
  message.type === 'location'
    ? [message.location?.name, message.location?.address, message.location?.link]
        .filter(Boolean)
        .join('\n')
    : message.type === 'poll'
      ? (message.poll?.question ?? '')
      : plain(message);

export async function copy(messages: Message[]): Promise<void> {
  const text = messages.map(copyable).filter(Boolean).join('\n\n');
  if (text === '') return;
  await attempt(async () => {
    await navigator.clipboard.writeText(text);
    toasts.good(t('copied'));
  });
}

const save = (message: Message): unknown =>
  attempt(() => keep(message.position, message.file?.name ?? 'file'));

export function messageChoices(talk: Talk, message: Message): Choice[] {
  const starred = message.is_starred === true;
  const all: (Choice | false)[] = [
    can(message, 'resend') && { label: t('resend'), icon: RotateCw, run: () => void talk.change('resend', message) },
    can(message, 'quote') && { label: t('reply'), icon: Reply, run: () => talk.reply(message) },
    can(message, 'react') && {
      label: t('react'),
      icon: SmilePlus,
      run: () => (talk.over = { kind: 'react', message }),
    },
    can(message, 'edit') && { label: t('edit'), icon: Pencil, run: () => talk.edit(message) },
    copyable(message) !== '' && { label: t('copy'), icon: Copy, run: () => void copy([message]) },
    can(message, 'forward') && {
      label: t('forward'),
      icon: Forward,
      run: () => (talk.over = { kind: 'forward', messages: [message] }),
    },
    can(message, 'download') && { label: t('download'), icon: Download, run: () => void talk.change('download', message) },
    can(message, 'cancel') && { label: t('transfer-cancel'), icon: CircleX, run: () => void talk.change('cancel', message) },
    message.file !== undefined && can(message, 'save') && { label: t('save'), icon: Download, run: () => save(message) },
    can(message, 'close') && { label: t('poll-close'), icon: CheckCheck, run: () => void talk.change('poll_close', message) },
    message.type !== 'notice' && {
      label: t(starred ? 'unstar' : 'star'),
      icon: starred ? StarOff : Star,
      run: () => void talk.star([message], !starred),
    },
    message.type !== 'notice' && {
      label: t('details'),
      icon: Info,
      run: () => (talk.over = { kind: 'details', message }),
    },
    { label: t('choose'), icon: CheckCheck, run: () => talk.toggle(message.position) },
    {
      label: t('delete'),
      icon: Trash,
      danger: true,
      apart: true,
      run: () => (talk.over = { kind: 'delete', messages: [message] }),
    },
  ];
  return all.filter((choice) => choice !== false);
}

/** A key on a message. Says whether it meant something. */
export function messageKey(talk: Talk, message: Message, key: string): boolean {
  const run: Record<string, () => unknown> = {
    r: () => can(message, 'quote') && talk.reply(message),
    e: () => can(message, 'edit') && talk.edit(message),
    x: () => can(message, 'react') && (talk.over = { kind: 'react', message }),
    c: () => void copy([message]),
    f: () => can(message, 'forward') && (talk.over = { kind: 'forward', messages: [message] }),
    s: () => void talk.star([message], message.is_starred !== true),
    i: () => (talk.over = { kind: 'details', message }),
    ' ': () => talk.toggle(message.position),
    Delete: () => (talk.over = { kind: 'delete', messages: [message] }),
  };
  const known = run[key];
  known?.();
  return known !== undefined;
}
