// Pictures of screens, for people to look at: three widths, both themes. `height`: of
// a page that scrolls inside of itself, to see it whole.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { WEB } from './places.mjs';

const WIDTHS = { 390: 844, 820: 1180, 1440: 900 };

/** Takes them if they were asked for with SCREENS=1. */
export async function screens(page, name, { height: wished } = {}) {
  if (!process.env.SCREENS) return;
  const folder = join(WEB, 'screens');
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const [width, height] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: Number(width), height: wished ?? height });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const path = join(folder, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, animations: 'disabled' });
    }
  }
  if (before !== null) await page.setViewportSize(before);
}
