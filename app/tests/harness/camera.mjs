// A camera that sees one QR code: Chromium shows a film that was made before instead of a real camera.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A side of the film, in points. */
const SIDE = 640;
/** Modules of quiet around a code, as its standard asks for. */
const QUIET = 4;
const [DARK, LIGHT] = [16, 235];

/** The modules of a QR code that a page shows, read back from what is drawn. */
export async function shownCode(image) {
  const [box, path] = await image.evaluate((svg) => [
    svg.getAttribute('viewBox'),
    svg.querySelector('path').getAttribute('d'),
  ]);
  const [left, , width] = box.split(' ').map(Number);
  const size = width + 2 * left;
  const rows = Array.from({ length: size }, () => Array(size).fill('0'));
  for (const [, column, row, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v/g)) {
    rows[Number(row)].fill('1', Number(column), Number(column) + Number(run));
  }
  return { size, modules: rows.flat().join('') };
}

/** One picture in YUV4MPEG2, grey only: the chroma stays in the middle. */
function film({ size, modules }) {
  const scale = Math.floor(SIDE / (size + 2 * QUIET));
  const edge = Math.floor((SIDE - size * scale) / 2);
  const luma = Buffer.alloc(SIDE * SIDE, LIGHT);
  for (let y = 0; y < size * scale; y += 1) {
    for (let x = 0; x < size * scale; x += 1) {
      const module = Math.floor(y / scale) * size + Math.floor(x / scale);
      if (modules[module] === '1') luma[(y + edge) * SIDE + x + edge] = DARK;
    }
  }
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${SIDE} H${SIDE} F10:1 Ip A1:1 C420jpeg\n`),
    ...[1, 2].flatMap(() => [Buffer.from('FRAME\n'), luma, Buffer.alloc((SIDE * SIDE) / 2, 128)]),
  ]);
}

/** The flags of a browser whose camera sees the code. `t`: the test that the film lives for. */
export function cameraSeeing(t, code) {
  const folder = mkdtempSync(join(tmpdir(), 'dreiklang-camera-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'code.y4m');
  writeFileSync(file, film(code));
  return [`--use-file-for-fake-video-capture=${file}`];
}
