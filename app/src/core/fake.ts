// A made-up core, for development and for /design: answers from a table, over a real port.
import { Core } from './core';
import type { CoreEvent, Request } from './types';

type Reply = Record<string, unknown>;
/** What a made-up core says to a command; what it throws as `{code}` is a refusal. */
export type Script = Record<string, (request: Request, file?: Blob) => Reply | Promise<Reply>>;
/** A script that also tells events. */
export type Teller = (tell: (event: CoreEvent) => void) => Script;

/** A core that answers from the scripts; later ones win. `{reply, file}` brings bytes along. */
export function fake(edition: string, ...scripts: (Script | Teller)[]): Core & { tell(event: CoreEvent): void } {
  const { port1, port2 } = new MessageChannel();
  const tell = (event: CoreEvent): void => port2.postMessage({ event });
  const script: Script = Object.assign(
    {
      stage: () => ({ stage: 'empty', lock: 'none', edition, version: 'design' }),
    } satisfies Script,
    ...scripts.map((one) => (typeof one === 'function' ? one(tell) : one)),
  );
  port2.onmessage = async ({ data }: MessageEvent<{ id: number; request: Request; file?: Blob }>) => {
    const answer = script[data.request.command];
    try {
      if (answer === undefined) throw { code: 'unknown-command' };
      const reply = await answer(data.request, data.file);
      port2.postMessage({ id: data.id, ...('file' in reply ? reply : { reply }) });
    } catch (error) {
      const { code = 'internal', values = {} } = error as { code?: string; values?: object };
      port2.postMessage({ id: data.id, error: { code, values } });
    }
  };
  return Object.assign(new Core(port1), {
    tell,
  });
}
