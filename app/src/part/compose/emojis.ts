// Every emoji with its name, read when the picker is opened for the first time.
import { language, type Language } from '../../texts';

export interface Emoji {
  sign: string;
  group: number;
  toned: boolean;
  label: string;
  words: string;
}

const english = (): Promise<{ default: string }> => import('#emoji/en');
/** Where no names were added, there are English ones. */
const SOURCES: Record<Language, typeof english> = {
  de: () => import('#emoji/de'),
};
const read = new Map<Language, Promise<Emoji[]>>();

/** All of them, in the order of Unicode, with names in the language of the app. */
export function emojis(): Promise<Emoji[]> {
  const tongue = language();
  let list = read.get(tongue);
  if (list === undefined) {
    list = (SOURCES[tongue] ?? english)().then(({ default: lines }) =>
      lines.split('\n').map((line) => {
        const [sign = '', group = '0', toned = '0', label = '', tags = ''] = line.split('\t');
        return {
          sign,
          group: Number(group),
          toned: toned === '1',
          label,
          words: `${label} ${tags}`.toLocaleLowerCase(),
        };
      }),
    );
    read.set(tongue, list);
  }
  return list;
}

/** In a tone of skin: 0 is as it is, 1 to 5 from light to dark. */
export function toned(emoji: Emoji, tone: number): string {
  if (!emoji.toned || tone === 0) return emoji.sign;
  const [first = '', ...rest] = [...emoji.sign];
  const tail = rest[0] === '\u{FE0F}' ? rest.slice(1) : rest;
  return first + String.fromCodePoint(0x1f3fa + tone) + tail.join('');
}
