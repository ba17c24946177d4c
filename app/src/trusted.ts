// Trusted Types: the only two scripts that this page may start by address, both ours.
// The server's policy allows one policy of this name and nothing else.

type Policy = { createScriptURL(url: string): string };
type Factory = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
};

/** Our own origin, and a path that the build gave: anything else is a mistake. */
function own(url: string): string {
  const full = new URL(url, location.origin);
  if (full.origin !== location.origin) throw new TypeError('a script of another origin');
  return full.href;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy: Policy = factory?.createPolicy('dreiklang', { createScriptURL: own }) ?? {
  createScriptURL: own,
};

/** An address of a script that may be started. */
export const trusted = (url: string): string => policy.createScriptURL(url);
