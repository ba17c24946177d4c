// Pictures, films and files to send, made by the browser itself.
import { t } from './people.mjs';

/** A picture of one colour with a lighter spot, as a file to be chosen. */
export async function painted(page, name, { type = 'image/png', width = 320, height = 200, colour = 'teal' } = {}) {
  const base64 = await page.evaluate(
    async ([type, width, height, colour]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      context.fillStyle = colour;
      context.fillRect(0, 0, width, height);
      context.fillStyle = 'rgb(255 255 255 / 0.6)';
      context.arc(width / 3, height / 3, height / 5, 0, 7);
      context.fill();
      const blob = await canvas.convertToBlob({ type });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    },
    [type, width, height, colour],
  );
  return { name, mimeType: type, buffer: Buffer.from(base64, 'base64') };
}

/** A film of half a second. */
export async function filmed(page, name) {
  const base64 = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 160;
    canvas.height = 120;
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
    const pieces = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const ended = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    await new Promise((resolve) => {
      const from = performance.now();
      const draw = (now) => {
        context.fillStyle = `hsl(${Math.round(now / 4) % 360} 70% 50%)`;
        context.fillRect(0, 0, 160, 120);
        if (now - from < 600) requestAnimationFrame(draw);
        else resolve();
      };
      requestAnimationFrame(draw);
    });
    recorder.stop();
    await ended;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
  return { name, mimeType: 'video/webm', buffer: Buffer.from(base64, 'base64') };
}

/** Two pictures of two by two points, for a moment each. */
export const animation = (name) => ({
  name,
  mimeType: 'image/gif',
  buffer: Buffer.from(
    'R0lGODlhAgACAIAAAP8AAAAA/yH/C05FVFNDQVBFMi4wAwEAAAAh+QQAMgAAACwAAAAAAgACAAACAoRRACH5BAAyAAAALAAAAAACAAIAAAICjFMAOw==',
    'base64',
  ),
});

/** Chooses something from the menu of what can be sent. */
export async function attach(page, id) {
  await page.getByRole('button', { name: t('attach'), exact: true }).click();
  await page.getByRole('menuitem', { name: t(id), exact: true }).click();
}

/** Chooses files to send; gives the window in which they are looked at first. */
export async function choose(page, files, id = 'attach-file') {
  const chooser = page.waitForEvent('filechooser');
  await attach(page, id);
  await (await chooser).setFiles(files);
  const dialog = page.getByRole('dialog', { name: t('attach-title', { count: [files].flat().length }) });
  await dialog.waitFor();
  return dialog;
}

/** Sends what is in that window. */
export async function sendFiles(dialog) {
  await dialog.getByRole('button', { name: t('send'), exact: true }).click();
  // Its title changes with every file that is gone.
  await dialog.page().getByRole('dialog').waitFor({ state: 'detached' });
}

/** Lets files arrive as they do from the clipboard or from another window. */
export async function hand(page, kind, file) {
  await page.evaluate(
    ([kind, name, type, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type }));
      const options = { bubbles: true, cancelable: true };
      const event =
        kind === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: transfer, ...options })
          : new DragEvent('drop', { dataTransfer: transfer, ...options });
      document.activeElement.dispatchEvent(event);
    },
    [kind, file.name, file.mimeType, file.buffer.toString('base64')],
  );
}
