// The page's end of the one port to the core: requests out, answers and events in.
import type { Answers, CoreEvent, Request } from './types';

/** What a request is answered with: the reply of its command, and bytes where bytes were asked for. */
export interface Answer<C extends Request['command'] = Request['command']> {
  reply: AnswerOf<C>;
  file?: Blob;
}

/** The reply that belongs to a command. */
export type AnswerOf<C extends string> = C extends keyof Answers ? Answers[C] : never;

/** The events of one name. */
export type EventOf<E extends CoreEvent['event']> = Extract<CoreEvent, { event: E }>;

/** A refusal: its text is `error-<code>` with the values. */
export class Failure extends Error {
  constructor(
    readonly code: string,
    readonly values: Record<string, string> = {},
  ) {
    super(code);
    this.name = 'Failure';
  }
}

type Incoming =
  | { id: number; reply: Record<string, unknown>; file?: Blob }
  | { id: number; error: { code: string; values?: Record<string, string> } }
  | { event: CoreEvent };

interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (reason: Failure) => void;
}

/** The core as the interface knows it. It holds no state: what is shown is in src/state. */
export class Core {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(event: CoreEvent) => void>>();
  #next = 1;
  /** Where the connection stood last: screens that come later want to know. */
  #connection: CoreEvent | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Incoming>) => this.#take(data);
  }

  /** Asks the core; rejects with a `Failure`. A file goes along where the command takes one. */
  ask<C extends Request['command']>(
    request: Extract<Request, { command: C }> | (Request & { command: C }),
    file?: Blob,
  ): Promise<Answer<C>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.#port.postMessage(file === undefined ? { id, request } : { id, request, file });
    });
  }

  /** Hears the events of one name, or of all ("*"). Gives back how to stop. */
  on<E extends CoreEvent['event']>(name: E, hear: (event: EventOf<E>) => void): () => void;
  on(name: '*', hear: (event: CoreEvent) => void): () => void;
  on(name: string, hear: (event: never) => void): () => void {
    const listener = hear as (event: CoreEvent) => void;
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    if (name === 'connection' && this.#connection !== undefined) listener(this.#connection);
    return () => listeners.delete(listener);
  }

  /** The worker is gone: everybody who waits is told. */
  fail(code: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Failure(code));
    this.#waiting.clear();
  }

  #take(message: Incoming): void {
    if ('event' in message) {
      if (message.event.event === 'connection') this.#connection = message.event;
      for (const name of [message.event.event, '*']) {
        for (const hear of this.#listeners.get(name) ?? []) hear(message.event);
      }
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (waiting === undefined) return;
    if ('error' in message) {
      waiting.reject(new Failure(message.error.code, message.error.values));
    } else {
      const { reply, file } = message;
      waiting.resolve((file === undefined ? { reply } : { reply, file }) as Answer);
    }
  }
}
