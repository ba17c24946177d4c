// What the Rust core exports (crates/web), as wasm-bindgen writes it.
declare module '#core/dreiklang_web.js' {
  /** Loads the wasm file. */
  export default function initialise(from: { module_or_path: string }): Promise<unknown>;
  /** Serves one port; never looks at anything else. */
  export function start(
    port: MessagePort,
    options: { origin: string; edition: string; locale: string; version: string },
  ): void;
}

declare module '#core/dreiklang_web_bg.wasm?url' {
  /** Where the build put the wasm file. */
  const address: string;
  export default address;
}
