// The activation link with which this page was opened, if there was one.

/** The whole link: in the address after `#activate=`, or the address itself below /activate. */
export function activation(): string {
  const match = /^#activate=(.+)$/.exec(location.hash);
  if (match?.[1] !== undefined) {
    try {
      return decodeURIComponent(match[1]);
    } catch {
      return match[1];
    }
  }
  return location.pathname === '/activate' && location.hash.length > 1 ? location.href : '';
}

/** Takes it out of the address and the history: it is as good as a password. */
export function forget(): void {
  if (activation() !== '') history.replaceState(null, '', '/');
}
