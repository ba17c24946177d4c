// What can be done with a conversation as a whole: the same in its row and in its header.
import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import AtSign from '@lucide/svelte/icons/at-sign';
import Bell from '@lucide/svelte/icons/bell';
import BellOff from '@lucide/svelte/icons/bell-off';
import Download from '@lucide/svelte/icons/download';
import Eraser from '@lucide/svelte/icons/eraser';
import Mail from '@lucide/svelte/icons/mail';
import MailOpen from '@lucide/svelte/icons/mail-open';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import { chats, muted } from '../../state/chats.svelte';
import { exportChat } from '../../state/export';
import type { Chat } from '../../state/shapes';
import { t } from '../../texts';
import type { Choice } from '../choice';

/** For how long a conversation shall be silent. */
export function muteChoices(chat: Chat): Choice[] {
  const id = chat.conversation;
  if (muted(chat) || chat.mentions_only) {
    return [{ label: t('mute-off'), icon: Bell, run: () => void chats.mute(id, 'off') }];
  }
  return [
    { label: t('mute-hours', { hours: 1 }), icon: BellOff, run: () => void chats.mute(id, 1) },
    { label: t('mute-hours', { hours: 8 }), icon: BellOff, run: () => void chats.mute(id, 8) },
    { label: t('mute-forever'), icon: BellOff, run: () => void chats.mute(id, 'forever') },
    ...(chat.group
      ? [{ label: t('mute-mentions'), icon: AtSign, run: () => void chats.mute(id, 'mentions') }]
      : []),
  ];
}

export function chatChoices(chat: Chat, onempty: () => void): Choice[] {
  const id = chat.conversation;
  const unread = chat.unread_count > 0 || chat.is_marked_unread;
  const read = (): void => {
    if (chat.is_marked_unread) void chats.unreadMark(id, false);
    if (chat.last_message) void chats.markRead(id, chat.last_message.position);
  };
  const pinned = chat.visibility === 'pinned';
  const archived = chat.visibility === 'archived';
  return [
    {
      label: t(unread ? 'mark-read' : 'mark-unread'),
      icon: unread ? MailOpen : Mail,
      run: () => (unread ? read() : void chats.unreadMark(id, true)),
    },
    {
      label: t(pinned ? 'unpin' : 'pin'),
      icon: pinned ? PinOff : Pin,
      run: () => void chats.visibility(id, pinned ? 'normal' : 'pinned'),
    },
    {
      label: t(archived ? 'unarchive' : 'archive'),
      icon: archived ? ArchiveRestore : Archive,
      run: () => void chats.visibility(id, archived ? 'normal' : 'archived'),
    },
    ...muteChoices(chat).map((choice, index) => ({ ...choice, apart: index === 0 })),
    { label: t('export-chat'), icon: Download, apart: true, run: () => void exportChat(id) },
    { label: t('chat-empty'), icon: Eraser, danger: true, run: onempty },
  ];
}
