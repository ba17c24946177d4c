// The made-up core's conversations, people and groups.
import type { Chat, Group, Message } from '../../state/shapes';
import type { CoreEvent } from '../types';
import { parts, small, whole } from './messages';
import { picture, sound } from './paint';
import { CONTACTS, GROUPS, ME } from './people';
import { special } from './special';

type Fields = Record<string, any>;
type Script = Record<string, (request: any, file?: Blob) => any>;

/** One conversation: many small messages made when asked for, and a tail that is kept. */
interface Room {
  chat: Chat;
  base: number;
  count: number;
  senders: string[];
  tail: Message[];
}

const SPAN = 1_000_000;
let next = 500;
const rooms = new Map<string, Room>();

function room(id: string, count: number, more: Partial<Chat>, tail = false): void {
  const contact = CONTACTS.find(({ identity }) => identity === id);
  const group = GROUPS.find((one) => one.id === id);
  const senders = contact ? [id] : (group?.members.length ? group.members : [ME.identity]);
  const base = SPAN * (rooms.size + 1);
  rooms.set(id, {
    base,
    count,
    senders,
    tail: tail ? special(id, base + count, senders[0] ?? id, senders[1] ?? senders[0] ?? id) : [],
    chat: {
      conversation: id,
      title: contact?.display_name ?? group?.display_name ?? id,
      ...(contact ? { contact } : {}),
      ...(group ? { group } : {}),
      unread_count: 0,
      visibility: 'normal',
      is_marked_unread: false,
      ...more,
    },
  });
}

room(GROUPS[0]!.id, 100_000, { unread_count: 2, visibility: 'pinned' }, true);
room('ANNA0001', 400, {}, true);
room('MEHMET02', 30, { unread_count: 12 });
room(GROUPS[1]!.id, 80, { muted_until_ms: Date.now() + 3_600_000, is_muted: true, unread_count: 3 });
room('SOPHIE03', 12, { draft: 'Könntest du mir noch die' });
room('LAYLA004', 20, {});
room('LONGNAM5', 5, { is_marked_unread: true });
room(GROUPS[2]!.id, 9, {});
room('NOA00007', 40, {});
room('WEI00008', 7, {});
room('STRANGER', 1, { unread_count: 1 });
room('KEYCHANG', 16, {});
room(GROUPS[3]!.id, 60, { visibility: 'archived' });
room('OLDPHONE', 22, { visibility: 'archived' });

const at = (one: Room, index: number): Message | undefined =>
  index < one.count
    ? small(one.chat.conversation, index, one.count, one.senders, one.base)
    : one.tail[index - one.count];

const total = (one: Room): number => one.count + one.tail.length;

function located(position: number): [Room, number] {
  for (const one of rooms.values()) {
    if (position >= one.base && position < one.base + SPAN) {
      const kept = one.tail.findIndex((message) => message.position === position);
      return [one, kept >= 0 ? one.count + kept : position - one.base];
    }
  }
  throw { code: 'unknown-message', values: { message: String(position) } };
}

const found = (id: string): Room => {
  if (!rooms.has(id)) room(id, 0, {});
  return rooms.get(id)!;
};

const listed = (one: Room): Chat => ({
  ...one.chat,
  last_message: at(one, total(one) - 1) ?? null,
  first_unread_position: one.chat.unread_count
    ? one.base + total(one) - one.chat.unread_count
    : null,
});

function history(request: Fields): Fields {
  const one = found(request.conversation);
  const limit: number = request.limit ?? 50;
  const end = total(one);
  const index = (position: number) => located(position)[1];
  let from = end - limit;
  if (request.before !== undefined) from = index(request.before) - limit;
  if (request.after !== undefined) from = index(request.after) + 1;
  if (request.around !== undefined) from = index(request.around) - Math.floor(limit / 2);
  const until = request.before !== undefined ? index(request.before) : Math.min(end, from + limit);
  from = Math.max(0, from);
  const messages = [];
  for (let i = from; i < until; i++) messages.push(at(one, i));
  return { messages, has_older: from > 0, has_newer: until < end };
}

/** The script, over a way to tell events. */
export function chat(tell: (event: CoreEvent) => void): Script {
  const change = (position: number, edit: (message: Message) => Message): Fields => {
    const [one, index] = located(position);
    const message = at(one, index);
    if (message === undefined) throw { code: 'unknown-message', values: { message: '' } };
    const now = edit(message);
    if (index >= one.count) one.tail[index - one.count] = now;
    tell({ event: 'message_changed', ...now } as never);
    return { ...now, unreached: [] };
  };
  const add = (to: string, body: Partial<Message>): Message => {
    const one = found(to);
    const position = one.base + SPAN / 2 + next++;
    const message = whole(to, position, ME.identity, Date.now(), { state: 'pending', ...body });
    one.tail.push(message);
    tell({ event: 'conversation', conversation: to } as never);
    for (const [index, state] of (['sent', 'delivered'] as const).entries()) {
      setTimeout(() => {
        message.state = state;
        tell({ event: 'state', conversation: to, message_id: '', position, state } as never);
      }, 500 + index * 900);
    }
    return message;
  };
  const quoted = (position: number | undefined): Partial<Message> => {
    if (position === undefined) return {};
    const [one, index] = located(position);
    return { quote: { ...at(one, index)! } };
  };
  const edited = (id: string, more: Partial<Chat>): Fields => {
    Object.assign(found(id).chat, more);
    tell({ event: 'conversation', conversation: id } as never);
    return { done: true };
  };
  const group = (id: string): Group => {
    const one = GROUPS.find((each) => each.id === id);
    if (one === undefined) throw { code: 'unknown-group', values: { group: id } };
    return one;
  };
  const contact = (id: string) => CONTACTS.find(({ identity }) => identity === id);
  const changed = (id: string, more: Fields): Fields => {
    Object.assign(contact(id) ?? {}, more);
    tell({ event: 'contact', contact: id } as never);
    return { contact: contact(id), done: true };
  };
  setTimeout(() => tell({ event: 'connection', state: 'online' } as never), 300);
  return {
    me: () => ME,
    contacts: () => ({ contacts: CONTACTS }),
    contact: ({ contact: id }) => ({
      contact: contact(id),
      groups: GROUPS.filter((one) => one.members.includes(id)),
    }),
    card: () => ({ name: 'Ben Keller', phones: ['+41 44 000 00 00'], emails: [], identity: 'BENK0001' }),
    contact_add: ({ contact: id }) => {
      if (!/^[0-9A-Z*][0-9A-Z]{7}$/.test(id)) throw { code: 'unknown-identity', values: { identity: id } };
      return { contact: CONTACTS[0] };
    },
    contact_rename: ({ contact: id, name, last_name }) =>
      changed(id, { first_name: name, last_name, display_name: `${name} ${last_name ?? ''}`.trim() }),
    contact_block: ({ contact: id }) => changed(id, { is_blocked: true }),
    contact_unblock: ({ contact: id }) => changed(id, { is_blocked: false }),
    contact_policy: ({ contact: id, command: _, ...more }) => changed(id, more),
    contact_dismiss_warning: ({ contact: id }) => changed(id, { key_mismatch: null }),
    groups: () => ({ groups: GROUPS }),
    group: ({ group: id }) => ({
      group: group(id),
      people: group(id).members.map((member) => ({
        ...contact(member),
        is_creator: member === group(id).creator,
        is_contact: true,
      })),
    }),
    group_create: ({ name, members }) => {
      const id = `${(next++).toString(16).padStart(16, '0')}@${ME.identity}`;
      GROUPS.push({ ...GROUPS[1]!, id, name, display_name: name, members: members ?? [] });
      room(id, 0, {});
      return { group: group(id) };
    },
    group_rename: ({ group: id, name }) => {
      Object.assign(group(id), { name, display_name: name });
      edited(id, { title: name });
      return { group: group(id) };
    },
    group_add: ({ group: id, members }) => {
      group(id).members = [...group(id).members, ...members];
      return { group: group(id) };
    },
    group_remove: ({ group: id, members }) => {
      group(id).members = group(id).members.filter((member) => !members.includes(member));
      return { group: group(id) };
    },
    chats: () => ({
      chats: [...rooms.values()].map(listed),
      unread_total: 5,
    }),
    history,
    message: ({ message: position }) => ({ message: at(...located(position)) ?? null }),
    send: ({ to, text, quote }) => add(to, { text, ...quoted(quote) }),
    send_location: ({ to, latitude, longitude, name, address }) =>
      add(to, { type: 'location', location: { latitude, longitude, name: name ?? '', address: address ?? '', link: `geo:${latitude},${longitude}` } }),
    send_file: ({ to, name, caption, as, duration_ms }, file) =>
      add(to, {
        type: 'file',
        file: {
          name: name ?? 'file',
          media_type: file?.type ?? '',
          size_bytes: file?.size ?? 0,
          caption: caption ?? '',
          shown_as: as === 'file' ? 'file' : 'media',
          width: 1200,
          height: 900,
          duration_ms: duration_ms ?? 0,
          is_animated: false,
          state: 'here',
          is_played: true,
          has_thumbnail: true,
        },
      }),
    poll_create: ({ to, question, choices, is_multiple, shows_votes }) =>
      add(to, {
        type: 'poll',
        poll: {
          question,
          choices: choices.map((text: string, i: number) => ({ number: i + 1, text, votes: 0, voters: [], is_mine: false })),
          is_multiple: is_multiple ?? false,
          shows_votes: shows_votes ?? true,
          is_summary: false,
          is_closed: false,
          voters: [],
        },
      }),
    poll_vote: ({ message, choices }) =>
      change(message, (now) => ({
        ...now,
        poll: {
          ...now.poll!,
          choices: now.poll!.choices.map((choice) => {
            const mine = choices.includes(choice.number);
            const others = choice.voters.filter((voter) => voter !== ME.identity);
            const voters = mine ? [...others, ME.identity] : others;
            return { ...choice, is_mine: mine, voters, votes: voters.length };
          }),
        },
      })),
    poll_close: ({ message }) =>
      change(message, (now) => ({ ...now, poll: { ...now.poll!, is_closed: true } })),
    forward: ({ to, message }) => {
      const { type, text, file, location, poll } = at(...located(message))!;
      return add(to, JSON.parse(JSON.stringify({ type, text, file, location, poll })));
    },
    react: ({ message, emoji, on = true }) =>
      change(message, (now) => ({
        ...now,
        reactions: [
          ...(now.reactions ?? []).filter((one) => !(one.is_ours && one.emoji === emoji)),
          ...(on ? [{ emoji, sender: ME.identity, is_ours: true, at_ms: Date.now() }] : []),
        ],
      })),
    edit: ({ message, text }) =>
      change(message, (now) => ({ ...now, text, parts: parts(text), changed_at_ms: Date.now() })),
    delete: ({ message, for_everyone }) => {
      if (for_everyone) return change(message, (now) => whole(now.conversation, now.position, now.sender, now.created_at_ms, { type: 'deleted' }));
      const [one, index] = located(message);
      if (index >= one.count) one.tail.splice(index - one.count, 1);
      return { done: true };
    },
    star: ({ message, on = true }) => change(message, (now) => ({ ...now, is_starred: on })),
    starred: () => ({ messages: [...rooms.values()].flatMap((one) => one.tail.filter((m) => m.is_starred)) }),
    resend: ({ message }) => change(message, (now) => ({ ...now, state: 'sent' })),
    details: ({ message }) => {
      const now = at(...located(message))!;
      return {
        times: { created_at_ms: now.created_at_ms, stored_at_ms: now.stored_at_ms, state_at_ms: now.state_at_ms },
        edits: now.changed_at_ms ? [{ text: 'Was davor dort stand', at_ms: now.created_at_ms }] : [],
        receipts: [],
      };
    },
    media: async ({ message, which }) => {
      const now = at(...located(message))!;
      const body = now.file!;
      const file = body.media_type.startsWith('audio/')
        ? sound(8)
        : await picture(message, which === 'thumbnail' ? 400 : (body.width ?? 800), which === 'thumbnail' ? Math.round((400 * (body.height ?? 300)) / (body.width ?? 400)) : (body.height ?? 600));
      return { reply: { file_name: body.name, media_type: body.media_type, size_bytes: file.size }, file };
    },
    picture: async ({ of }) => {
      const seed = [...String(of)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
      return seed % 3 === 0 ? { reply: {}, file: await picture(seed, 160, 160) } : { none: true };
    },
    markup: ({ text }) => ({ parts: parts(text) }),
    typing: () => ({ done: true }),
    mark_read: ({ conversation }) => {
      const one = found(conversation);
      if (one.chat.unread_count > 0 || one.chat.is_marked_unread) {
        edited(conversation, { unread_count: 0, is_marked_unread: false });
      }
      return { done: true };
    },
    mark_played: () => ({ done: true }),
    download: ({ message }) => change(message, (now) => ({ ...now, file: { ...now.file!, state: 'here' } })),
    cancel: ({ message }) => change(message, (now) => ({ ...now, file: { ...now.file!, state: 'remote' } })),
    chat_visibility: ({ conversation, visibility }) => edited(conversation, { visibility }),
    chat_mute: ({ conversation, is_muted, until_ms, mentions_only }) =>
      edited(conversation, { is_muted, muted_until_ms: until_ms ?? null, mentions_only: mentions_only ?? false }),
    chat_unread: ({ conversation, on = true }) => edited(conversation, { is_marked_unread: on }),
    chat_draft: ({ conversation, text }) => {
      found(conversation).chat.draft = text;
      return { done: true };
    },
    chat_empty: ({ conversation }) => {
      Object.assign(found(conversation), { count: 0, tail: [] });
      return edited(conversation, { unread_count: 0 });
    },
  };
}
