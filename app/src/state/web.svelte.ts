// What the server says about its web door: whether there is a map, and whose.

interface Web {
  edition?: string;
  map_url?: string | null;
}

let web: Web | undefined = $state.raw();
let asked = false;

/** The address of map tiles, if the server names one. */
export function mapUrl(): string | undefined {
  if (!asked) {
    asked = true;
    void fetch('/web.json')
      .then((answer) => (answer.ok ? (answer.json() as Promise<Web>) : {}))
      .then((said) => {
        web = said;
      })
      .catch(() => undefined);
  }
  const url = web?.map_url;
  return url && url.startsWith('https://') ? url : undefined;
}
