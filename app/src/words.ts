// Messages in one line: for the list, for answers, for those who hear instead of see.
import { people } from './state/people.svelte';
import type { Availability, Body, FileBody, Message, Notice, Part } from './state/shapes';
import { t } from './texts';

/** What a file is to people. */
export type FileKind = 'picture' | 'animation' | 'sticker' | 'video' | 'voice' | 'audio' | 'card' | 'file';

export function fileKind(file: FileBody): FileKind {
  const type = file.media_type;
  if (file.shown_as === 'sticker') return 'sticker';
  if (/^text\/(x-)?vcard/.test(type)) return 'card';
  if (file.shown_as === 'file') return 'file';
  if (file.is_animated && type.startsWith('image/')) return 'animation';
  if (/^image\/(jpeg|png|gif|webp|avif|heic)/.test(type)) return 'picture';
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('audio/')) return 'voice';
  return 'file';
}

/** A piece of a text as it is read. */
function piece(part: Part): string {
  if (part.kind !== 'mention') return part.text;
  return `@${part.identity === undefined ? t('mention-all') : people.name(part.identity)}`;
}

/** A text without its marks and with names for mentions. */
export function plain(body: Body): string {
  if (body.parts) {
    return body.parts.map(piece).join('');
  }
  return (body.text ?? body.file?.caption ?? '')
    .replace(/@\[([0-9A-Z*@]{8})\]/g, (_, id: string) =>
      id === '@@@@@@@@' ? `@${t('mention-all')}` : `@${people.name(id)}`,
    )
    .replace(/(^|[\s\p{P}])([*_~])(\S(?:[^\n]*?\S)?)\2(?=$|[\s\p{P}])/gu, '$1$3');
}

/** What a message is about, in one line. */
export function summary(body: Body): string {
  switch (body.type) {
    case 'text':
      return plain(body);
    case 'file': {
      if (body.file === undefined) return t('kind-file');
      const kind = fileKind(body.file);
      const words = plain(body);
      if (words !== '') return words;
      return kind === 'file' ? body.file.name : t(`kind-${kind}`);
    }
    case 'location':
      return body.location?.name || body.location?.address || t('kind-location');
    case 'poll':
      return body.poll?.question ?? t('kind-poll');
    case 'notice':
      return body.notice ? notice(body.notice, '') : '';
    case 'deleted':
      return t('message-deleted');
    default:
      return t('message-unsupported');
  }
}

/** What happened in a group; `sender` did it. */
export function notice(what: Notice, sender: string): string {
  const who = new Intl.ListFormat(undefined, { type: 'conjunction' });
  const names = who.format((what.people ?? []).map((identity) => people.name(identity)));
  const by = sender === '' ? t('notice-somebody') : people.name(sender);
  return t(`notice-${what.kind}`, {
    sender: by,
    // Who leaves says so themselves: no list comes along.
    people: names === '' ? by : names,
    from: what.from ?? '',
    to: what.to ?? '',
  });
}

/** Where a message of ours is, in words. */
export const stateWords = (message: Message): string => t(`state-${message.state}`);

/** A whole message for those who hear it. */
export function spoken(message: Message): string {
  const name = message.direction === 'out' ? t('person-me') : people.name(message.sender);
  return `${name}: ${summary(message)}`;
}

/** Whether somebody is at work, in words; nothing where they do not say. */
export function atWork(of: Availability | undefined): string {
  if (of === undefined || of.status === 'none') return '';
  const status = t(`availability-${of.status}`);
  return of.text === '' ? status : `${status} · ${of.text}`;
}
