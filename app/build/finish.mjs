// From Vite's output to what a server ships: per edition a page, a web app manifest, icons and a
// service worker; fingerprints on everything that the page loads; each file also compressed.
//
//   node build/finish.mjs [--budget]      --budget: fail when the first load is too large
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { build } from 'vite';
import { message } from './fluent.mjs';

const APP = fileURLToPath(new URL('..', import.meta.url));
const WEB = process.env.WEB_FOLDER ?? join(APP, '../target/web');
const BUILT = join(WEB, 'app');
const MAKING = join(WEB, 'dist.making');
const DIST = join(WEB, 'dist');
const EDITIONS = ['private', 'work', 'onprem'];
const LANGUAGES = await readdir(join(APP, '../locales'));

/** The most that a browser has to load before the app can be used, compressed. */
const FIRST_LOAD_MAX = 1_500_000;

const digest = (bytes, algorithm = 'sha256', encoding = 'hex') =>
  createHash(algorithm).update(bytes).digest(encoding);

/** Every file below a folder, as paths with slashes. */
async function walk(folder, below = '') {
  const found = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    found.push(...(entry.isDirectory() ? await walk(folder, path) : [path]));
  }
  return found.sort();
}

async function write(path, content) {
  await mkdir(dirname(join(MAKING, path)), { recursive: true });
  await writeFile(join(MAKING, path), content);
}

/** What the page asks for: `integrity` of a file that was built. */
async function integrity(address) {
  return `sha384-${digest(await readFile(join(MAKING, address)), 'sha384', 'base64')}`;
}

/** The chunks that the start needs beyond those that the page names, by Vite's own list. */
async function chunks() {
  const manifest = JSON.parse(await readFile(join(BUILT, '.vite/manifest.json'), 'utf8'));
  const launch = Object.values(manifest).find((chunk) => chunk.src?.endsWith('core/launch.ts'));
  return { launch: launch === undefined ? [] : [launch.file] };
}

/** Puts fingerprints on the scripts and styles of a page, and preloads what it loads next. */
async function page(template, edition, style, preload) {
  const { name, theme_light, theme_dark } = edition;
  const head = [
    `<meta name="theme-color" media="(prefers-color-scheme: light)" content="${theme_light}">`,
    `<meta name="theme-color" media="(prefers-color-scheme: dark)" content="${theme_dark}">`,
    `<link rel="icon" href="/icon.svg" type="image/svg+xml">`,
    `<link rel="apple-touch-icon" href="/icon-192.png">`,
    `<link rel="manifest" href="/app.webmanifest">`,
    `<link rel="stylesheet" href="/${style}">`,
    ...preload.map((file) => `<link rel="modulepreload" href="/${file}">`),
  ];
  let html = template
    .replaceAll('%edition%', edition.edition)
    .replace(/<title>[^<]*/, `<title>${name}`)
    .replace('</title>', `</title>\n    ${head.join('\n    ')}`);
  const loaded = /<(?:script|link)\b[^>]*?(?:src|href)="\/(assets\/[^"]+)"[^>]*>/g;
  for (const [tag, file] of [...html.matchAll(loaded)]) {
    const bare = tag.replace(' crossorigin', '').replace(/>$/, '');
    const marked = `${bare} integrity="${await integrity(file)}" crossorigin="anonymous">`;
    html = html.replace(tag, marked);
  }
  return html;
}

/** The web app manifest: what a system shows when the app is installed. */
const manifest = ({ name, short_name, theme_light, ground }) => ({
  id: '/',
  name,
  short_name,
  start_url: '/',
  scope: '/',
  display: 'standalone',
  theme_color: theme_light,
  background_color: ground,
  categories: ['social', 'communication'],
  icons: [
    { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
    { src: '/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: '/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    { src: '/icon-maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
});

const png = (svg, width) =>
  new Resvg(svg, { fitTo: { mode: 'width', value: width }, font: { loadSystemFonts: false } })
    .render()
    .asPng();

/** For systems that cut icons into a shape of their own: no corners, and room around the sign. */
const maskable = (svg) =>
  svg
    .replace(/ rx="\d+"/, '')
    .replace('<g id="sign">', '<g id="sign" transform="translate(256 256) scale(0.8) translate(-256 -256)">');

/** What the notification of a push says, in every language: nothing about who or what. */
async function words() {
  const texts = {};
  for (const language of LANGUAGES) {
    const source = await readFile(join(APP, `../locales/${language}/app.ftl`), 'utf8');
    texts[language] = message(source, 'push-notification');
  }
  return texts;
}

/** The service worker of an edition: it knows its files and its version from the build. */
async function worker(name, files, version, texts) {
  await build({
    root: APP,
    configFile: false,
    logLevel: 'warn',
    define: {
      SHELL: JSON.stringify(files),
      VERSION: JSON.stringify(version),
      NAME: JSON.stringify(name),
      TEXTS: JSON.stringify(texts),
    },
    build: {
      outDir: join(WEB, 'worker'),
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: join(APP, 'src/sw.ts'),
        output: { format: 'iife', entryFileNames: 'sw.js' },
      },
    },
  });
  return readFile(join(WEB, 'worker/sw.js'), 'utf8');
}

async function edition(name, template, shared, preload, texts) {
  const source = join(APP, 'editions', name);
  const css = await readFile(join(source, 'edition.css'));
  const style = `assets/edition-${name}-${digest(css).slice(0, 8)}.css`;
  await write(style, css);
  const facts = JSON.parse(await readFile(join(source, 'edition.json'), 'utf8'));
  const icon = await readFile(join(source, 'icon.svg'), 'utf8');
  const own = {
    'index.html': await page(template, facts, style, preload),
    'app.webmanifest': `${JSON.stringify(manifest(facts), null, 2)}\n`,
    'icon.svg': icon,
    'icon-192.png': png(icon, 192),
    'icon-512.png': png(icon, 512),
    'icon-maskable.png': png(maskable(icon), 512),
  };
  const files = ['/', '/app.webmanifest', '/icon.svg', '/icon-192.png', `/${style}`, ...shared];
  const version = digest(
    Object.values(own).map((content) => digest(content)).join('') + files.join(''),
  ).slice(0, 16);
  own['sw.js'] = await worker(facts.name, files, version, texts);
  for (const [path, content] of Object.entries(own)) {
    await write(`editions/${name}/${path}`, content);
  }
  return style;
}

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const WORTH = /\.(html|js|css|svg|json|webmanifest|wasm|txt)$/;

/** The compressed twins of a file; what was compressed once is kept by its content. */
async function squeeze(path) {
  const bytes = await readFile(join(MAKING, path));
  if (!WORTH.test(path) || bytes.length < 256) return bytes.length;
  const kept = join(WEB, 'squeezed', digest(bytes));
  const params = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    [zlib.constants.BROTLI_PARAM_LGWIN]: 22,
  };
  const ways = { br: () => brotli(bytes, { params }), gz: () => gzip(bytes, { level: 9 }) };
  let best = bytes.length;
  for (const [ending, squeezed] of Object.entries(ways)) {
    const cached = `${kept}.${ending}`;
    const small = await readFile(cached).catch(squeezed);
    await mkdir(dirname(cached), { recursive: true });
    await writeFile(cached, small);
    await writeFile(join(MAKING, `${path}.${ending}`), small);
    best = Math.min(best, small.length);
  }
  return best;
}

/** What the first visit of an edition loads, as lines of name, bytes and compressed bytes. */
async function firstLoad(name, style, sizes) {
  const js = (await walk(join(MAKING, 'assets'))).map((file) => `assets/${file}`);
  const html = await readFile(join(MAKING, `editions/${name}/index.html`), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file);
  const core = js.filter((file) => /\/(worker|dreiklang_web)[^/]*\.(js|wasm)$/.test(file));
  // Texts come in one language of several; the largest counts.
  const rows = new Map([
    ['page', [`editions/${name}/index.html`]],
    ['styles', [style, ...named.filter((file) => file.endsWith('.css') && file !== style)]],
    ['interface', named.filter((file) => file.endsWith('.js'))],
    ['core', core],
  ]);
  const texts = js.filter((file) => /\/(app|setup|failures|page)-[^/]*\.js$/.test(file));
  rows.set('texts', texts);
  const sum = (files, part) => files.reduce((total, file) => total + (sizes.get(file)?.[part] ?? 0), 0);
  return [...rows].map(([row, files]) => {
    const share = row === 'texts' ? 1 / LANGUAGES.length : 1;
    return [row, Math.round(sum(files, 0) * share), Math.round(sum(files, 1) * share)];
  });
}

await rm(MAKING, { recursive: true, force: true });
await mkdir(MAKING, { recursive: true });
await cp(join(BUILT, 'assets'), join(MAKING, 'assets'), { recursive: true });
const template = await readFile(join(BUILT, 'index.html'), 'utf8');
const { launch } = await chunks();
const shared = (await walk(join(BUILT, 'assets')))
  .filter((file) => !file.startsWith('design-'))
  .map((file) => `/assets/${file}`);
const texts = await words();
const styles = {};
for (const name of EDITIONS) styles[name] = await edition(name, template, shared, launch, texts);
// Only a build with --design has the page of all parts.
const design = await readFile(join(BUILT, 'design.html'), 'utf8').catch(() => null);
if (design !== null) {
  for (const name of EDITIONS) {
    const facts = JSON.parse(await readFile(join(APP, 'editions', name, 'edition.json'), 'utf8'));
    await write(`editions/${name}/design.html`, await page(design, facts, styles[name], []));
  }
}
const sizes = new Map();
for (const path of await walk(MAKING)) {
  const { size } = await stat(join(MAKING, path));
  sizes.set(path, [size, await squeeze(path)]);
}
const rows = await firstLoad('private', styles.private, sizes);
rows.push(['total', ...[1, 2].map((part) => rows.reduce((total, row) => total + row[part], 0))]);
await rm(DIST, { recursive: true, force: true });
await rename(MAKING, DIST);

console.log('first load        bytes   compressed');
for (const [row, bytes, small] of rows) {
  console.log(`${row.padEnd(12)} ${String(bytes).padStart(10)} ${String(small).padStart(12)}`);
}
if (process.argv.includes('--budget') && rows.at(-1)[2] > FIRST_LOAD_MAX) {
  console.error(`The first load is over its budget of ${FIRST_LOAD_MAX} bytes.`);
  process.exitCode = 1;
}
