// Pictures of kinds that only browsers read become what every app shows.

/** How a WebP says that it moves: the flags of its extended header (RFC 9649, 2.7). */
const MOVES = 2;

/** What a file becomes before it is sent as a picture; itself if the core can read it. */
export async function readable(file: File): Promise<File> {
  const target = await kind(file);
  if (target === undefined) return file;
  const picture = await createImageBitmap(file).catch(() => undefined);
  // Whatever cannot be drawn goes on as it is: the core says what is wrong with it.
  if (picture === undefined) return file;
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  picture.close();
  const blob = await canvas.convertToBlob({ type: `image/${target}`, quality: 0.92 });
  const name = file.name.replace(/\.[^.]*$/, '');
  return new File([blob], `${name}.${target === 'png' ? 'png' : 'jpg'}`, { type: blob.type });
}

/** JPEG for photos, PNG for what may be transparent, nothing for what stays as it is. */
async function kind(file: File): Promise<'jpeg' | 'png' | undefined> {
  if (file.type === 'image/avif') return 'jpeg';
  if (file.type !== 'image/webp') return undefined;
  const head = new Uint8Array(await file.slice(0, 21).arrayBuffer());
  const chunk = String.fromCharCode(...head.subarray(12, 16));
  if (chunk === 'VP8 ') return 'jpeg';
  return chunk === 'VP8X' && ((head[20] ?? 0) & MOVES) !== 0 ? undefined : 'png';
}
