// Short words at the edge of the screen: what was done, what went wrong, what can be undone.
import { failure } from '../texts';

export interface Toast {
  id: number;
  text: string;
  kind: 'plain' | 'good' | 'bad';
  action?: { label: string; run: () => void };
}

const SHORT_MS = 5_000;
const LONG_MS = 10_000;

class Toasts {
  list: Toast[] = $state([]);
  #next = 1;

  /** Shows a text; with an action it stays until it is answered. */
  show(text: string, kind: Toast['kind'] = 'plain', action?: Toast['action']): number {
    const id = this.#next++;
    this.list.push({ id, text, kind, ...(action === undefined ? {} : { action }) });
    if (this.list.length > 4) this.list.shift();
    if (action === undefined) {
      setTimeout(() => this.close(id), kind === 'bad' ? LONG_MS : SHORT_MS);
    }
    return id;
  }

  good(text: string): void {
    this.show(text, 'good');
  }

  /** Says what went wrong, in the words of the failure's code. */
  failed(error: unknown): void {
    this.show(failure(error), 'bad');
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
