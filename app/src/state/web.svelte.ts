// Whether the server names a map, for screens that are drawn before it has answered.
import { web } from './web';

let said: string | undefined = $state.raw();
let asked = false;

/** The address of map tiles, if the server names one. */
export function mapUrl(): string | undefined {
  if (!asked) {
    asked = true;
    void web().then(({ map_url }) => {
      said = map_url ?? undefined;
    });
  }
  return said?.startsWith('https://') ? said : undefined;
}
