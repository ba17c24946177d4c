// What the Rust core exports (crates/web), as wasm-bindgen writes it.
declare module '#core/dreiklang_web.js' {
  /** Loads the wasm file that lies beside the module. */
  export default function initialise(): Promise<unknown>;
  /** Serves one port; never looks at anything else. */
  export function start(
    port: MessagePort,
    options: { edition: string; locale: string; version: string },
  ): void;
}
