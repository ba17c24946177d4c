// What the server says about this origin: facts, no secrets.

export interface Web {
  edition?: string;
  /** For Web Push, base64url. None where the server does not push. */
  vapid_public_key?: string;
  map_url?: string | null;
  /** On a closed instance: the keys that its provisioning file may be signed with. */
  oppf_trusted_keys?: string[];
}

let known: Promise<Web> | undefined;

/** The facts, asked for once. An old or silent server knows none. */
export function web(): Promise<Web> {
  known ??= fetch('/web.json')
    .then((response) => (response.ok ? (response.json() as Promise<Web>) : {}))
    .catch(() => {
      known = undefined;
      return {};
    });
  return known;
}
