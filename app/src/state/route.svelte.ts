// Where the person is: the part of the address after `#`. It never leaves the browser.

const split = (hash: string): string[] =>
  hash.replace(/^#?\/?/, '').split('?')[0]!.split('/').filter(Boolean).map(decode);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

class Route {
  /** The parts of the path: `#/chats/ECHOECHO` is `["chats", "ECHOECHO"]`. */
  parts: string[] = $state(split(location.hash));
  /** How many steps back lie inside the app: whether "back" may be the browser's own. */
  #depth = 0;

  constructor() {
    addEventListener('hashchange', () => {
      this.parts = split(location.hash);
    });
  }

  /** One part, or an empty string. */
  part(index: number): string {
    return this.parts[index] ?? '';
  }

  /** Whether the path begins with these parts. */
  is(...parts: string[]): boolean {
    return parts.every((part, index) => this.parts[index] === part);
  }

  /** Goes there; `replace` leaves no step back. */
  go(parts: string[], replace = false): void {
    const hash = href(...parts);
    if (hash === location.hash) return;
    if (replace) {
      history.replaceState(null, '', hash);
      this.parts = split(hash);
    } else {
      this.#depth += 1;
      location.hash = hash;
    }
  }

  /** One step back, or to a place that makes sense if the app was opened here. */
  back(otherwise: string[]): void {
    if (this.#depth > 0) {
      this.#depth -= 1;
      history.back();
    } else {
      this.go(otherwise, true);
    }
  }
}

/** The address of a place inside the app, for links. */
export const href = (...parts: string[]): string =>
  `#/${parts.map(encodeURIComponent).join('/')}`;

export const route = new Route();
