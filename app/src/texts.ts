// What people read: Fluent messages of locales/<language>, the same files that the other rooms use.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

type Values = Record<string, FluentVariable>;

const sources = import.meta.glob<string>(
  ['../../locales/*/app.ftl', '../../locales/*/setup.ftl', '../../locales/*/failures.ftl', '../../locales/*/page.ftl'],
  { query: '?raw', import: 'default' },
);

/** The tag of a language: the name of its folder in locales. */
export type Language = string;

/** A language as it calls itself, with a capital letter as a name in a list. */
function nameOf(language: Language): string {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** Every language there is, English first: a new one is a folder in locales. */
export const LANGUAGES: ReadonlyMap<Language, string> = new Map(
  [...new Set(Object.keys(sources).map((path) => path.split('/').at(-2) ?? ''))]
    .sort((one, other) => Number(other === 'en') - Number(one === 'en') || one.localeCompare(other))
    .map((language) => [language, nameOf(language)]),
);

let bundle = new FluentBundle('en');
let current: Language = 'en';

/** The first language of the person's list that we speak; English if none. */
export function preferred(wished: readonly string[] = navigator.languages): Language {
  for (const tag of wished) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    if (LANGUAGES.has(language)) return language;
  }
  return 'en';
}

/** Reads the texts of one language. To be awaited before anything is shown. */
export async function load(language: Language): Promise<void> {
  const regional = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language));
  // Isolation marks around values would end up in titles and labels; directions are set in HTML.
  const next = new FluentBundle(regional ?? language, { useIsolating: false });
  const mine = Object.entries(sources).filter(([path]) => path.includes(`/${language}/`));
  for (const text of await Promise.all(mine.map(([, read]) => read()))) {
    next.addResource(new FluentResource(text), { allowOverrides: true });
  }
  bundle = next;
  current = language;
  if (typeof document !== 'undefined') document.documentElement.lang = language;
}

/** The language that is shown now. */
export const language = (): Language => current;

/** The locale for dates and numbers: the person's own region of the language. */
export const locale = (): string => [...bundle.locales][0] ?? current;

/** Whether there is such a text. */
export const has = (id: string): boolean => bundle.hasMessage(id);

/** A text; `id.attribute` names an attribute of a message. */
export function t(id: string, values: Values = {}): string {
  const [name = id, attribute] = id.split('.');
  const message = bundle.getMessage(name);
  const pattern = attribute === undefined ? message?.value : message?.attributes[attribute];
  if (pattern === null || pattern === undefined) {
    // A gap must be seen by whoever makes it, and never break a screen.
    if (import.meta.env.DEV) console.warn(`no text for ${id} in ${current}`);
    return id;
  }
  return bundle.formatPattern(pattern, values, []);
}

/** The words of a failure: those of its code, or a general sentence that names the code. */
export function failure(error: unknown): string {
  if (error instanceof Object && 'code' in error && typeof error.code === 'string') {
    const values = 'values' in error && error.values instanceof Object ? (error.values as Values) : {};
    // The terminal's sentence names its commands; where the app has another way it has its own.
    const ids = [`app-error-${error.code}`, `error-${error.code}`];
    const id = ids.find(has);
    return id === undefined ? t('failure-unknown', { code: error.code }) : t(id, values);
  }
  return t('failure-unknown', { code: error instanceof Error ? error.name : 'unknown' });
}
