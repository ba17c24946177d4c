// Where things are.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Everything that `cargo xtask web` builds. */
export const WEB = process.env.WEB_FOLDER ?? join(target(), 'web');

/** What a server ships. */
export const DIST = join(WEB, 'dist');

/** A program of this project. */
export function program(name) {
  const folder = process.env.PROGRAMS_UNDER_TEST ?? join(target(), 'debug');
  const file = join(folder, name);
  if (!existsSync(file)) throw new Error(`${name} is not built: cargo build -p ${name}`);
  return file;
}

function target() {
  if (process.env.CARGO_TARGET_DIR) return process.env.CARGO_TARGET_DIR;
  const text = execFileSync('cargo', ['metadata', '--no-deps', '--format-version=1'], { cwd: ROOT });
  return JSON.parse(text).target_directory;
}
