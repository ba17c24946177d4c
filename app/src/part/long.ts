// A long press of a finger, where the browser does not make a context menu of it.
import type { Attachment } from 'svelte/attachments';

const LONG_MS = 480;
const WOBBLE = 10;

/** Calls when a finger stays. The click that would follow is swallowed. */
export function longPress(run: (event: PointerEvent) => void): Attachment<HTMLElement> {
  return (node) => {
    let wait: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    let done = false;
    const stop = (): void => clearTimeout(wait);
    const down = (event: PointerEvent): void => {
      done = false;
      if (event.pointerType !== 'touch') return;
      from = { x: event.clientX, y: event.clientY };
      stop();
      wait = setTimeout(() => {
        done = true;
        navigator.vibrate?.(12);
        run(event);
      }, LONG_MS);
    };
    const move = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > WOBBLE) stop();
    };
    const click = (event: MouseEvent): void => {
      if (!done) return;
      done = false;
      event.preventDefault();
      event.stopPropagation();
    };
    node.addEventListener('pointerdown', down);
    node.addEventListener('pointermove', move);
    node.addEventListener('pointerup', stop);
    node.addEventListener('pointercancel', stop);
    node.addEventListener('click', click, true);
    return () => {
      stop();
      node.removeEventListener('pointerdown', down);
      node.removeEventListener('pointermove', move);
      node.removeEventListener('pointerup', stop);
      node.removeEventListener('pointercancel', stop);
      node.removeEventListener('click', click, true);
    };
  };
}
