// How the interface is built: one bundle for all editions. What differs between editions (colours,
// names, icons) is laid over it afterwards by build/finish.mjs.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where `cargo xtask web` builds everything. */
const WEB = process.env['WEB_FOLDER'] ?? folder('../target/web');
/** The Rust core as a package for the browser. */
const CORE = join(WEB, 'core');
const EDITION = process.env['EDITION'] ?? 'private';
/** A running server whose interface `npm run dev` shall use. */
const SERVER = process.env['SERVER'];

/** `#core/…`: a file of the core if it was built, else a module that says how to build it. */
function core(): Plugin {
  const missing = '\0core-missing';
  return {
    name: 'core',
    enforce: 'pre',
    resolveId: (source) => {
      if (!source.startsWith('#core/')) return null;
      return existsSync(CORE) ? join(CORE, source.slice('#core/'.length)) : missing;
    },
    load: (id) =>
      id === missing
        ? 'export default () => Promise.reject(new Error("no core: run `cargo xtask web`"));\n' +
          'export const start = () => {};'
        : null,
  };
}

/** While developing, the edition's colours come from here; a built edition brings its own file. */
function edition(): Plugin {
  return {
    name: 'edition',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use('/edition.css', (_request, response) => {
        void readFile(folder(`editions/${EDITION}/edition.css`)).then((css) => {
          response.setHeader('Content-Type', 'text/css');
          response.end(css);
        });
      });
    },
    transformIndexHtml: (html) =>
      html
        .replaceAll('%edition%', EDITION)
        .replace('</title>', '</title><link rel="stylesheet" href="/edition.css">'),
  };
}

/** `#emoji/<language>`: emojis with their names, made small: one line each, tab between the fields. */
function emoji(): Plugin {
  interface Entry {
    emoji: string;
    label: string;
    group?: number;
    order?: number;
    tags?: string[];
    skins?: unknown[];
  }
  /** Single parts of flags and skin tones: nothing to be sent alone. */
  const PARTS = 2;
  /** One tone each; pairs of people would have twenty-five. */
  const TONES = 5;
  return {
    name: 'emoji',
    // Without the `#`: the server of the development build would take it for a fragment.
    resolveId: (source) => (source.startsWith('#emoji/') ? `\0${source.slice(1)}` : null),
    async load(id) {
      if (!id.startsWith('\0emoji/')) return null;
      const language = id.slice('\0emoji/'.length);
      const file = folder(`node_modules/emojibase-data/${language}/data.json`);
      const all = JSON.parse(await readFile(file, 'utf8')) as Entry[];
      const lines = all
        .filter(({ group }) => group !== undefined && group !== PARTS)
        .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
        .map(({ emoji: sign, group, skins, label, tags }) => {
          const more = (tags ?? []).filter((tag) => !label.includes(tag)).join(' ');
          return [sign, group, skins?.length === TONES ? 1 : 0, label, more].join('\t');
        });
      return `export default ${JSON.stringify(lines.join('\n'))};`;
    },
  };
}

const forward = SERVER === undefined ? {} : { target: SERVER, changeOrigin: true };
const paths = ['/instance.json', '/web.json', '/api'];

export default defineConfig(({ mode }) => ({
  root: folder('.'),
  plugins: [core(), edition(), emoji(), svelte({ configFile: false, compilerOptions: { fragments: 'tree' } })],
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    outDir: join(WEB, 'app'),
    emptyOutDir: true,
    // Pictures inside scripts and styles would need `data:` where the policy of the page has none.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input:
        mode === 'design'
          ? { index: folder('index.html'), design: folder('design.html') }
          : { index: folder('index.html') },
    },
  },
  worker: { format: 'es', plugins: () => [core()] },
  server: {
    fs: { allow: [folder('..'), WEB] },
    proxy:
      SERVER === undefined
        ? {}
        : {
            ...Object.fromEntries(paths.map((path) => [path, forward])),
            '/chat': { ...forward, ws: true },
          },
  },
}));
