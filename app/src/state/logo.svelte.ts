// The logo of the organisation, for the ground that is shown.
import { MediaQuery } from 'svelte/reactivity';
import { askFile, hear } from './ask';
import { preferences } from './preferences.svelte';

interface Shown {
  url: string;
  /** Whether it is for dark ground. */
  isDark: boolean;
}

class Logo {
  #light: Shown | undefined = $state.raw();
  #dark: Shown | undefined = $state.raw();
  #heard = false;
  #prefersDark = new MediaQuery('(prefers-color-scheme: dark)');

  /** The one for the theme that is shown; the other one if there is only that. */
  get shown(): Shown | undefined {
    const { theme } = preferences;
    const isDark = theme === 'system' ? this.#prefersDark.current : theme === 'dark';
    return isDark ? this.#dark : this.#light;
  }

  async load(): Promise<void> {
    if (!this.#heard) {
      this.#heard = true;
      hear('organisation', () => void this.load());
    }
    const [light, dark] = await Promise.all([this.#read(false), this.#read(true)]);
    for (const one of [this.#light, this.#dark]) if (one) URL.revokeObjectURL(one.url);
    this.#light = light;
    this.#dark = dark;
  }

  async #read(isDark: boolean): Promise<Shown | undefined> {
    const answer = await askFile<{ is_dark: boolean }>('logo', { is_dark: isDark }).catch(() => undefined);
    if (!answer?.file) return undefined;
    // A picture and nothing else, whatever a browser finds in it.
    const file = new Blob([answer.file], { type: 'image/png' });
    return { url: URL.createObjectURL(file), isDark: answer.reply.is_dark };
  }
}

export const logo = new Logo();
