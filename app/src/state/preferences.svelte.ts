// How the app looks and behaves on this device. Nothing in here is about people or messages.
import { LANGUAGES, load, preferred, type Language } from '../texts';

const KEY = 'preferences';

/** Sizes of letters, in percent of what the browser's own setting gives. */
export const SIZES = [87.5, 100, 112.5, 131.25] as const;
/** Minutes without a touch after which the app locks; 0 never. */
export const LOCK_AFTER = [0, 1, 5, 15, 60] as const;

interface Kept {
  theme: 'system' | 'light' | 'dark';
  size: number;
  language: Language | '';
  notifications: boolean;
  previews: boolean;
  lockAfter: number;
}

const usual = (): Kept => ({
  theme: 'system',
  size: 100,
  language: '',
  notifications: false,
  previews: false,
  lockAfter: 0,
});

function kept(): Kept {
  const defaults = usual();
  try {
    const text = localStorage.getItem(KEY);
    const stored = (text === null ? {} : JSON.parse(text)) as Partial<Record<keyof Kept, unknown>>;
    const entries = Object.entries(defaults).map(([name, value]) => {
      const found = stored[name as keyof Kept];
      return [name, typeof found === typeof value ? found : value];
    });
    return Object.fromEntries(entries) as Kept;
  } catch {
    return defaults;
  }
}

class Preferences {
  #values: Kept = $state(kept());
  /** The language that is shown; screens are drawn anew when it changes. */
  shown: Language = $state('en');

  get theme(): Kept['theme'] {
    return this.#values.theme;
  }
  get size(): number {
    return this.#values.size;
  }
  get language(): Kept['language'] {
    return this.#values.language;
  }
  get notifications(): boolean {
    return this.#values.notifications;
  }
  get previews(): boolean {
    return this.#values.previews;
  }
  get lockAfter(): number {
    return this.#values.lockAfter;
  }

  /** Changes some of them, now and for the next start. */
  set(change: Partial<Kept>): void {
    Object.assign(this.#values, change);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // A browser without room for it forgets the choice; the app goes on.
    }
    this.#apply();
  }

  /** Speaks another language from now on; an empty word follows the browser. */
  async speak(language: Kept['language']): Promise<void> {
    this.set({ language });
    await this.start();
    const registration = await navigator.serviceWorker?.getRegistration();
    registration?.active?.postMessage({ language: this.shown });
  }

  /** Texts and looks, before anything is drawn. */
  async start(): Promise<void> {
    const { language } = this.#values;
    const wanted = LANGUAGES.has(language) ? language : preferred();
    await load(wanted);
    this.shown = wanted;
    this.#apply();
  }

  #apply(): void {
    const root = document.documentElement;
    if (this.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.theme;
    root.style.fontSize = this.size === 100 ? '' : `${this.size}%`;
  }
}

export const preferences = new Preferences();
