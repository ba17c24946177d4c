// Mentions between what is typed and what is sent: `@Anna Brunner` here, `@[ANNA0001]` there.
import { people } from '../../state/people.svelte';
import { t } from '../../texts';

const ALL = '@@@@@@@@';
/** Which name stands for which identity, since the app was started. */
const known = new Map<string, string>();

/** The name that stands in the field for an identity. */
export function mentionName(identity: string): string {
  const name = identity === ALL ? t('mention-all') : people.name(identity).replace(/^~/, '');
  known.set(name, identity);
  return name;
}

/** A text as it is typed. */
export const shown = (text: string): string =>
  text.replace(/@\[([0-9A-Z*@]{8})\]/g, (_, identity: string) => `@${mentionName(identity)}`);

/** A text as it is sent. Longer names first, so that a name is not taken for its beginning. */
export function wire(text: string): string {
  let out = text;
  for (const [name, identity] of [...known].sort(([a], [b]) => b.length - a.length)) {
    out = out.replaceAll(`@${name}`, `@[${identity}]`);
  }
  return out;
}

/** What was typed after an `@` before the caret, if a name may be meant. */
export function mentionBefore(text: string, caret: number): string | undefined {
  const found = /(?:^|[\s(])@([^\s@]{0,24})$/u.exec(text.slice(0, caret));
  return found?.[1]?.toLocaleLowerCase();
}

export interface Mentionable {
  identity: string;
  name: string;
}

/** Who may be meant, the best first. */
export function mentionable(members: string[], sought: string): Mentionable[] {
  const all = [...members, ALL].map((identity) => ({ identity, name: mentionName(identity) }));
  const fits = ({ name, identity }: Mentionable): boolean =>
    name.toLocaleLowerCase().split(/\s+/).some((word) => word.startsWith(sought)) ||
    name.toLocaleLowerCase().startsWith(sought) ||
    identity.toLocaleLowerCase().startsWith(sought);
  return all.filter(fits).slice(0, 8);
}
