// Made-up messages: the n-th of a conversation is always the same, so that none has to be kept.
import type { Message, Part } from '../../state/shapes';
import { ME } from './people';

const TEXTS = [
  'Guten Morgen! ☀️ Hast du gut geschlafen?',
  'The train leaves at 8:42 from platform 7. I saved you a seat by the window.',
  'Ja.',
  '👍',
  'Ich habe gestern noch die Karte angeschaut: Der *obere* Weg ist nach dem Regen wohl gesperrt, wir sollten den _unteren_ nehmen. Dauert eine halbe Stunde länger, dafür kommen wir am See vorbei.',
  'Can you send me the address again?',
  'هل أنت بخير؟ سنلتقي غدًا عند الساعة التاسعة.',
  'Schau mal: https://example.org/wandern/karte?von=bahnhof&nach=huette',
  'Perfekt, danke!',
  'I was thinking that we could split the costs three ways, and whoever brings the tent does not have to cook. Does that sound fair?',
  'Bin in 5 Minuten da',
  '😂',
  'That is ~not~ what I meant',
  'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung',
  'ok',
];

const spread = (n: number): number => {
  let x = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
};

/** What the engine makes of marks; enough of it for a made-up text. */
export function parts(text: string): Part[] {
  const out: Part[] = [];
  const pattern = /(https?:\/\/\S+)|@\[([0-9A-Z*@]{8})\]|\*([^*]+)\*|_([^_]+)_|~([^~]+)~/g;
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    if (found.index > end) out.push({ kind: 'text', text: text.slice(end, found.index) });
    end = found.index + found[0].length;
    const [whole, link, who, bold, italic, strike] = found;
    if (link) {
      out.push({
        kind: 'link',
        text: whole,
        href: whole,
        ...(whole.includes('exаmple') ? { warning: 'lookalike' as const } : {}),
      });
    } else if (who) {
      out.push({ kind: 'mention', text: who, identity: who, is_me: who === ME.identity });
    } else {
      const style = bold ? 'bold' : italic ? 'italic' : 'strike';
      out.push({ kind: 'text', text: bold ?? italic ?? strike ?? '', styles: [style] });
    }
  }
  if (end < text.length) out.push({ kind: 'text', text: text.slice(end) });
  return out;
}

export const jumbo = (text: string): boolean =>
  /^(?:\p{Extended_Pictographic}\p{M}*){1,3}$/u.test(text.replaceAll(' ', ''));

/** A message with everything that a core says about it. */
export function whole(
  conversation: string,
  position: number,
  sender: string,
  at: number,
  body: Partial<Message>,
): Message {
  const out = sender === ME.identity;
  const message: Message = {
    message_id: position.toString(16).padStart(16, '0'),
    position,
    conversation,
    sender,
    direction: out ? 'out' : 'in',
    state: out ? 'read' : 'read',
    type: 'text',
    created_at_ms: at,
    stored_at_ms: at + 300,
    state_at_ms: at + 2_000,
    ...body,
  };
  const words = message.text ?? message.file?.caption ?? '';
  if (words) message.parts = parts(words);
  if (message.type === 'text') message.is_jumbo = jumbo(message.text ?? '');
  const live = message.type !== 'deleted' && message.type !== 'notice' && message.type !== 'unsupported';
  message.can = {
    edit: out && live && message.type === 'text',
    delete_for_everyone: out && live,
    react: live,
    quote: live,
    forward: live,
    resend: message.state === 'failed',
    cancel: message.file?.state === 'coming' || message.file?.state === 'sending',
    download: message.file?.state === 'remote',
    save: message.file?.state === 'here',
    vote: message.type === 'poll' && !message.poll?.is_closed,
    close: message.type === 'poll' && out && !message.poll?.is_closed,
  };
  return message;
}

/** The n-th of `count` small messages. */
export function small(
  conversation: string,
  n: number,
  count: number,
  senders: string[],
  base: number,
): Message {
  const dice = spread(n + base);
  const sender = dice % 5 < 2 ? ME.identity : (senders[(dice >>> 4) % senders.length] ?? ME.identity);
  const at = Date.now() - (count - n) * 41 * 60_000 - ((dice >>> 7) % 30) * 60_000;
  const text = TEXTS[(dice >>> 9) % TEXTS.length] ?? '';
  const body: Partial<Message> = { text };
  if (dice % 17 === 0) {
    body.reactions = [
      { emoji: '👍', sender: senders[0] ?? ME.identity, is_ours: false, at_ms: at },
      { emoji: '❤️', sender: ME.identity, is_ours: true, at_ms: at },
    ];
  }
  if (dice % 23 === 0) body.changed_at_ms = at + 60_000;
  if (dice % 29 === 0) body.is_starred = true;
  return whole(conversation, base + n, sender, at, body);
}
