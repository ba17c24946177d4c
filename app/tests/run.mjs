// Runs the journeys: node tests/run.mjs [WORD…]   (only files whose name contains one of the words)
//
//   PROGRAMS_UNDER_TEST  the folder of the built programs (else cargo's)
//   WEB_FOLDER           the folder of `cargo xtask web` (else ../target/web)
//   SCREENS=1            pictures of every screen into WEB_FOLDER/screens
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort()
  .map((name) => `tests/${name}`);
if (files.length === 0) {
  console.error('no journey has such a name');
  process.exit(1);
}
// One after the other: each starts servers and browsers, and waits for both.
const flags = ['--test', '--test-concurrency=1', '--test-timeout=300000', '--test-reporter=spec'];
const ended = spawnSync(process.execPath, [...flags, ...files], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.exit(ended.status ?? 1);
