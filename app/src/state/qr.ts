// Reading QR codes: the picture becomes grey values, the core finds the text in them.
import { ask } from './ask';

/** The longest side that is looked at: more only takes longer. */
const SIDE_MAX = 1_000;

type Drawable = HTMLVideoElement | ImageBitmap;

const size = (source: Drawable): [number, number] =>
  source instanceof HTMLVideoElement
    ? [source.videoWidth, source.videoHeight]
    : [source.width, source.height];

/** The text of the QR code in a picture or in what a camera sees now, if there is one. */
export async function read(source: Drawable): Promise<string | undefined> {
  const [fullWidth, fullHeight] = size(source);
  if (fullWidth === 0 || fullHeight === 0) return undefined;
  const scale = Math.min(1, SIDE_MAX / Math.max(fullWidth, fullHeight));
  const width = Math.max(1, Math.round(fullWidth * scale));
  const height = Math.max(1, Math.round(fullHeight * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  context.drawImage(source, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const luma = new Uint8Array(width * height);
  for (let index = 0; index < luma.length; index += 1) {
    const at = index * 4;
    // BT.601 in whole numbers.
    luma[index] = ((data[at] ?? 0) * 77 + (data[at + 1] ?? 0) * 150 + (data[at + 2] ?? 0) * 29) >> 8;
  }
  const { text } = await ask<{ text?: string | null }>('qr_read', { width, height }, new Blob([luma]));
  return text ?? undefined;
}
