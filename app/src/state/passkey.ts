// Opening the profile with a passkey: its PRF extension gives a secret that only the device has.

/** What the secret is made for. Another purpose would have another text, and another secret. */
const PURPOSE = new TextEncoder().encode('dreiklang profile lock v1');

interface Made {
  secret: string;
  credential: string;
}

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

const text = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)));

const bytes = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const random = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(32));

const evaluate = { prf: { eval: { first: PURPOSE } } };

/** Whether this browser knows passkeys at all; whether they can do it is known only after asking. */
export const possible = (): boolean => 'PublicKeyCredential' in globalThis;

/** The passkey was not given, or cannot do what is needed. */
export class PasskeyFault extends Error {
  constructor(readonly code: 'passkey-cancelled' | 'passkey-without-prf') {
    super(code);
  }
}

function secretOf(credential: PublicKeyCredential): string | undefined {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  return first === undefined ? undefined : hex(first as ArrayBuffer);
}

/** Makes a passkey of this app and gives its secret. */
export async function make(name: string): Promise<Made> {
  const made = await tried(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: random(),
        rp: { name: document.title },
        user: { id: random(), name, displayName: name },
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -8 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        extensions: evaluate,
      },
    }),
  );
  const credential = text(made.rawId);
  // Many authenticators give the secret only when they are asked for it once more.
  return { secret: secretOf(made) ?? (await secret(credential)), credential };
}

/** The secret of the passkey that was made before. */
export async function secret(credential?: string): Promise<string> {
  const given = await tried(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(),
        userVerification: 'required',
        allowCredentials:
          credential === undefined ? [] : [{ type: 'public-key', id: bytes(credential) }],
        extensions: evaluate,
      },
    }),
  );
  const found = secretOf(given);
  if (found === undefined) throw new PasskeyFault('passkey-without-prf');
  return found;
}

async function tried(work: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await work();
    if (credential !== null) return credential as PublicKeyCredential;
  } catch {
    // Closed, too late, none there: all the same to the person.
  }
  throw new PasskeyFault('passkey-cancelled');
}
