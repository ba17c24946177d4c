// Files of messages as addresses of blobs, for as long as something shows them.
import { SvelteMap } from 'svelte/reactivity';
import { askFile, hear } from './ask';
import { locale } from '../texts';
import type { FileBody } from './shapes';

type Which = 'file' | 'thumbnail';

/** The bytes of a message's file, under the media type that it really has. */
export async function bytes(position: number, which: Which): Promise<Blob | undefined> {
  const { reply, file } = await askFile<{ media_type?: string }>('media', {
    message: position,
    which,
  });
  if (file === undefined || file.type !== '' || !reply.media_type) return file;
  return new Blob([file], { type: reply.media_type });
}

/** An address that lives as long as the component that asked for it. */
export class Piece {
  url: string | undefined = $state();
  failed = $state(false);

  /** `want` says which message, or `undefined` while nothing shall be read. */
  constructor(want: () => { position: number; which: Which } | undefined) {
    // What is wanted is compared by its value: messages are replaced by equal ones all the time.
    const key = $derived.by(() => {
      const wanted = want();
      return wanted === undefined ? '' : `${wanted.which}:${wanted.position}`;
    });
    $effect(() => {
      if (key === '') return;
      const [which, position] = key.split(':') as [Which, string];
      let alive = true;
      let url: string | undefined;
      this.failed = false;
      bytes(Number(position), which)
        .then((blob) => {
          if (!alive || blob === undefined) return;
          url = URL.createObjectURL(blob);
          this.url = url;
        })
        .catch(() => {
          this.failed = alive;
        });
      return () => {
        alive = false;
        this.url = undefined;
        if (url) URL.revokeObjectURL(url);
      };
    });
  }
}

interface Told {
  media: string;
  message?: number;
  position?: number;
  done_bytes: number;
  total_bytes: number;
}

/** How far transfers are. */
class Progress {
  readonly #parts = new SvelteMap<string | number, number>();
  #listening = false;

  /** Between 0 and 1; `undefined` if nobody knows. */
  of(file: FileBody, position: number): number | undefined {
    return this.#parts.get(position) ?? (file.media ? this.#parts.get(file.media) : undefined);
  }

  /** The same in words: nothing if nobody knows. */
  words(file: FileBody, position: number): string {
    const part = this.of(file, position);
    if (part === undefined) return '';
    return new Intl.NumberFormat(locale(), { style: 'percent' }).format(part);
  }

  start(): void {
    if (this.#listening) return;
    this.#listening = true;
    hear<Told>('progress', (told) => {
      const part = told.total_bytes > 0 ? told.done_bytes / told.total_bytes : 0;
      const place = told.position ?? told.message;
      if (place !== undefined) this.#parts.set(place, part);
      this.#parts.set(told.media, part);
    });
  }
}

export const progress = new Progress();

/** Lets the browser save a file under its name. */
export async function keep(position: number, name: string): Promise<void> {
  const blob = await bytes(position, 'file');
  if (blob === undefined) return;
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser needs the address until it has begun to read.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
