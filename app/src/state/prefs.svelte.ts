// Small habits of this browser. Nothing that anybody wrote is kept here.

function read<T>(key: string, usual: T): T {
  try {
    const text = localStorage.getItem(key);
    return text === null ? usual : (JSON.parse(text) as T);
  } catch {
    return usual;
  }
}

class Prefs {
  /** Whether Enter sends and Shift+Enter begins a line, or the other way round. */
  enterSends: boolean = $state(read('enter-sends', matchMedia('(hover: hover)').matches));
  recentEmojis: string[] = $state.raw(read('recent-emojis', []));
  /** 0 is yellow, 1 to 5 from light to dark. */
  skin: number = $state(read('emoji-skin', 0));
  speed: number = $state(read('voice-speed', 1));

  keep(key: 'enter-sends' | 'recent-emojis' | 'emoji-skin' | 'voice-speed', value: unknown): void {
    localStorage.setItem(key, JSON.stringify(value));
  }

  setEnterSends(on: boolean): void {
    this.enterSends = on;
    this.keep('enter-sends', on);
  }

  used(emoji: string): void {
    this.recentEmojis = [emoji, ...this.recentEmojis.filter((one) => one !== emoji)].slice(0, 32);
    this.keep('recent-emojis', this.recentEmojis);
  }
}

export const prefs = new Prefs();
