// The worker's entry: takes one port from the first message, then hears nothing but that port.
import initialise, { start } from '#core/dreiklang_web.js';
import wasm from '#core/dreiklang_web_bg.wasm?url';

interface First {
  port: MessagePort;
  origin: string;
  edition: string;
  locale: string;
  version: string;
}

addEventListener(
  'message',
  ({ data }: MessageEvent<First>) => {
    const { port, ...options } = data;
    initialise({ module_or_path: wasm })
      .then(() => start(port, options))
      .catch((error: unknown) => {
        // As an error of the worker, which the page hears; a rejection would be lost here.
        setTimeout(() => {
          throw error;
        });
      });
  },
  { once: true },
);
