// The end of the made-up conversations: one of every kind.
import type { FileBody, Message } from '../../state/shapes';
import { whole } from './messages';
import { ME } from './people';

const file = (more: Partial<FileBody>): FileBody => ({
  name: 'IMG_2041.jpg',
  media_type: 'image/jpeg',
  size_bytes: 2_345_678,
  caption: '',
  shown_as: 'media',
  width: 1600,
  height: 1200,
  is_animated: false,
  state: 'here',
  is_played: false,
  has_thumbnail: true,
  ...more,
});

type Entry = [sender: string, body: Partial<Message>];

export function special(conversation: string, base: number, a: string, b: string): Message[] {
  const entries: Entry[] = [
    [a, { type: 'notice', notice: { kind: 'renamed', from: 'Wandern', to: 'Bergtour' } }],
    [a, { text: 'Hier das Foto vom letzten Mal, das war *so* schön dort oben' }],
    [a, { type: 'file', file: file({ caption: 'Der See am Abend' }) }],
    [ME.identity, { type: 'file', file: file({ width: 900, height: 1600, name: 'portrait.jpg' }) }],
    [b, { type: 'file', file: file({ state: 'remote', width: 1600, height: 700 }) }],
    [b, { type: 'file', file: file({ state: 'coming', media: 'm1', media_type: 'video/mp4', duration_ms: 74_000, name: 'clip.mp4', size_bytes: 18_400_000 }) }],
    [a, { type: 'file', file: file({ name: 'voice.m4a', media_type: 'audio/aac', duration_ms: 23_000, size_bytes: 91_000, has_thumbnail: false }) }],
    [ME.identity, { type: 'file', file: file({ name: 'Packliste für das Wochenende (endgültig).pdf', media_type: 'application/pdf', shown_as: 'file', size_bytes: 482_113, has_thumbnail: false, caption: 'Bitte *alle* lesen' }) }],
    [b, { type: 'location', location: { latitude: 46.5476, longitude: 7.9852, accuracy_m: 12, name: 'Jungfraujoch', address: '3801 Fieschertal', link: 'geo:46.5476,7.9852' } }],
    [a, {
      type: 'poll',
      poll: {
        question: 'Wann treffen wir uns?',
        is_multiple: false,
        shows_votes: true,
        is_summary: false,
        is_closed: false,
        voters: [a, b, ME.identity],
        choices: [
          { number: 1, text: 'Samstag, 7 Uhr', votes: 2, voters: [a, ME.identity], is_mine: true },
          { number: 2, text: 'Samstag, 9 Uhr', votes: 1, voters: [b], is_mine: false },
          { number: 3, text: 'Lieber am Sonntag', votes: 0, voters: [], is_mine: false },
        ],
      },
    }],
    [ME.identity, { text: 'Samstag um 7 ist perfekt für mich', state: 'delivered', quote: { position: base + 9, sender: a, type: 'poll', poll: { question: 'Wann treffen wir uns?', choices: [], is_multiple: false, shows_votes: true, is_summary: false, is_closed: false, voters: [] } } }],
    [b, { text: `@[${ME.identity}] bringst du das Zelt mit? Und @[${a}] den Kocher?`, reactions: [{ emoji: '👍', sender: ME.identity, is_ours: true, at_ms: Date.now() }, { emoji: '👍', sender: a, is_ours: false, at_ms: Date.now() }, { emoji: '🎒', sender: a, is_ours: false, at_ms: Date.now() }] }],
    [b, { type: 'deleted' }],
    [a, { type: 'unsupported' }],
    [a, { text: 'Vorsicht, so sieht ein gefälschter Link aus: https://exаmple.org/konto' }],
    [ME.identity, { text: 'Ich bringe das Zelt mit', state: 'sent' }],
    [ME.identity, { text: 'Und den Kocher auch', state: 'failed' }],
    [ME.identity, { text: '🎉🏔️', state: 'pending' }],
    [a, { text: 'https://example.org', state: 'unread' }],
    [b, { text: 'Bis Samstag!', state: 'unread' }],
  ];
  const now = Date.now();
  return entries.map(([sender, body], index) =>
    whole(conversation, base + index, sender, now - (entries.length - index) * 7 * 60_000, body),
  );
}
