// How much room there is, and how the person has divided it.

/** Below this one thing is shown at a time. */
const WIDE = 820;
/** From here on the details stand beside the conversation. */
const HUGE = 1200;
const KEY = 'list-width';
export const LIST = { least: 260, most: 520, usual: 340 } as const;

const within = (width: number): number => Math.max(LIST.least, Math.min(LIST.most, width));

class Screen {
  width = $state(innerWidth);
  list = $state(within(Number(localStorage.getItem(KEY)) || LIST.usual));
  readonly wide = $derived(this.width >= WIDE);
  readonly huge = $derived(this.width >= HUGE);

  constructor() {
    addEventListener('resize', () => {
      this.width = innerWidth;
    });
  }

  divide(width: number): void {
    this.list = within(Math.round(width));
    localStorage.setItem(KEY, String(this.list));
  }
}

export const screen = new Screen();
