// A made-up core, for development and for /design: answers from a table, over a real port.
import { Core } from './core';
import type { CoreEvent, Request } from './types';

type Reply = Record<string, unknown>;
/** What a made-up core says to a command; what it throws as `{code}` is a refusal. */
export type Script = Record<string, (request: Request, file?: Blob) => Reply | Promise<Reply>>;

/** A core that answers from the scripts; later ones win. */
export function fake(edition: string, ...scripts: Script[]): Core & { tell(event: CoreEvent): void } {
  const { port1, port2 } = new MessageChannel();
  const script: Script = Object.assign(
    {
      stage: () => ({ stage: 'empty', lock: 'none', edition, version: 'design' }),
    } satisfies Script,
    ...scripts,
  );
  port2.onmessage = async ({ data }: MessageEvent<{ id: number; request: Request; file?: Blob }>) => {
    const answer = script[data.request.command];
    try {
      if (answer === undefined) throw { code: 'unknown-command' };
      port2.postMessage({ id: data.id, reply: await answer(data.request, data.file) });
    } catch (error) {
      const { code = 'internal', values = {} } = error as { code?: string; values?: object };
      port2.postMessage({ id: data.id, error: { code, values } });
    }
  };
  return Object.assign(new Core(port1), {
    tell: (event: CoreEvent) => port2.postMessage({ event }),
  });
}
