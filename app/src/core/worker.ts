// The worker's entry: takes one port from the first message, then hears nothing but that port.
import initialise, { start } from '#core/dreiklang_web.js';

interface First {
  port: MessagePort;
  edition: string;
  locale: string;
  version: string;
}

addEventListener(
  'message',
  ({ data }: MessageEvent<First>) => {
    const { port, ...options } = data;
    void initialise().then(() => start(port, options));
  },
  { once: true },
);
