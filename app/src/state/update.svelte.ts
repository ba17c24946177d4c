// The service worker: registered once; a new version waits until the person says yes.
import { language, t } from '../texts';
import { trusted } from '../trusted';
import { toasts } from './toasts.svelte';

/** Registers the worker that lets the app start without a network. */
export async function register(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  let accepted = false;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (accepted) location.reload();
  });
  const offer = (worker: ServiceWorker): void => {
    toasts.show(t('update-ready'), 'plain', {
      label: t('update-now'),
      run: () => {
        accepted = true;
        worker.postMessage({ take: 'over' });
      },
    });
  };
  try {
    const registration = await navigator.serviceWorker.register(trusted('/sw.js'));
    const watch = (): void => {
      const next = registration.installing;
      next?.addEventListener('statechange', () => {
        // Without a worker in charge this is the first visit, nothing to update.
        if (next.state === 'installed' && navigator.serviceWorker.controller !== null) offer(next);
      });
    };
    if (registration.waiting !== null) offer(registration.waiting);
    registration.addEventListener('updatefound', watch);
    (await navigator.serviceWorker.ready).active?.postMessage({ language: language() });
    // Tabs stay open for days.
    setInterval(() => void registration.update().catch(() => undefined), 3_600_000);
  } catch {
    // A browser that forbids workers still has the app, only not without a network.
  }
}
