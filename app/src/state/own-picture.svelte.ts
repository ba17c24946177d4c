// The own picture, as an address to show.
import { askFile, order, hear } from './ask';

class OwnPicture {
  url: string | undefined = $state();
  #heard = false;

  async load(): Promise<void> {
    if (!this.#heard) {
      this.#heard = true;
      hear('me', () => void this.load());
    }
    const { file } = await askFile('picture', { of: 'me' }).catch(() => ({ file: undefined }));
    if (this.url !== undefined) URL.revokeObjectURL(this.url);
    this.url = file === undefined ? undefined : URL.createObjectURL(file);
  }

  /** Another one, or none. */
  async set(file?: File): Promise<void> {
    if (await order('set_picture', {}, file)) await this.load();
  }
}

export const picture = new OwnPicture();
