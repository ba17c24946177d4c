// Starts the worker that holds the core, and hands it the one port it will ever listen to.
import workerUrl from './worker?worker&url';
import { trusted } from '../trusted';
import { Core } from './core';

/** What the core is told at its start. */
export interface Options {
  edition: string;
  locale: string;
  version: string;
}

/** A core in a worker of its own. */
export function launch(options: Options): Core {
  const worker = new Worker(trusted(workerUrl), { type: 'module', name: 'core' });
  const { port1, port2 } = new MessageChannel();
  const core = new Core(port1);
  worker.onerror = () => core.fail('core-broken');
  worker.onmessageerror = () => core.fail('core-broken');
  worker.postMessage({ port: port2, origin: location.origin, ...options }, [port2]);
  return core;
}
