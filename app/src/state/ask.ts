// Questions to the core in one line, and what to do when it refuses.
import type { Request } from '../core/types';
import { app } from './app.svelte';
import { toasts } from './toasts.svelte';

type Fields = Record<string, unknown>;

/** Asks the core and gives the reply; throws a `Failure`. */
export async function ask<T = Fields>(command: string, fields: Fields = {}, file?: Blob): Promise<T> {
  return (await askFile<T>(command, fields, file)).reply;
}

/** As `ask`, with the bytes that came along. */
export async function askFile<T = Fields>(
  command: string,
  fields: Fields = {},
  file?: Blob,
): Promise<{ reply: T; file?: Blob }> {
  // Screens build requests from parts; the core itself refuses fields that it does not know.
  const request = { command, ...fields } as unknown as Request;
  return (await app.core.ask(request as never, file)) as unknown as { reply: T; file?: Blob };
}

/** Does it; a refusal is shown as a toast. Gives `undefined` then. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    toasts.failed(error);
    return undefined;
  }
}

/** Commands whose answer nobody needs. */
export async function order(command: string, fields: Fields = {}, file?: Blob): Promise<boolean> {
  return (await attempt(() => ask(command, fields, file))) !== undefined;
}

/** A reference of our own: the same request twice is one message. */
export const reference = (): string => crypto.randomUUID();

/** Hears events of the core by name; fields are taken as the event says. */
export function hear<T = Fields>(name: string, run: (event: T) => void): () => void {
  return app.core.on(name as never, run as never);
}
