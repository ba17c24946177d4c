// Locks the app when nobody has touched it for as long as the person chose.
import { app } from './app.svelte';
import { order } from './ask';
import { preferences } from './preferences.svelte';

const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const LOOK_EVERY_MS = 10_000;

/** Watches from now on. Gives back how to stop. */
export function watch(): () => void {
  let last = Date.now();
  const touched = (): void => {
    last = Date.now();
  };
  const look = (): void => {
    const limit = preferences.lockAfter * 60_000;
    const lockable = app.stage?.stage === 'open' && (app.stage.lock ?? 'none') !== 'none';
    if (limit > 0 && lockable && Date.now() - last >= limit) void order('lock_now');
  };
  for (const sign of SIGNS) addEventListener(sign, touched, { passive: true });
  // Timers of a hidden page are slow: the first look after coming back counts.
  document.addEventListener('visibilitychange', look);
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
    for (const sign of SIGNS) removeEventListener(sign, touched);
  };
}
