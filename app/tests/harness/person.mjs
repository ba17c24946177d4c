// A person in front of an app: does what people do, by what they read on the screen.

export class Person {
  /** Opens the app. */
  static async open(device, url) {
    return new Person(await device.open(url));
  }

  constructor(page) {
    this.page = page;
  }

  button(name) {
    return this.page.getByRole('button', { name });
  }

  /** Makes a new ID and says which; ends at the list of chats. */
  async makeIdentity(nickname) {
    await this.button('Begin').click();
    return this.newIdentity(nickname);
  }

  /** From the question where the ID shall come from. */
  async newIdentity(nickname) {
    await this.button(/^New ID/).click();
    await this.button('Go on without').click();
    await this.page.getByLabel('Nickname').fill(nickname);
    await this.button('Make the ID').click();
    const shown = this.page.getByText(/^[0-9A-Z]{8}$/).first();
    const identity = (await shown.innerText()).trim();
    await this.button('Go on').click();
    await this.button('To the chats').click();
    return identity;
  }

  /** Adds somebody and opens the conversation. */
  async add(identity, name) {
    await this.button('New chat').first().click();
    await this.button('Add a contact').first().click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('ID').fill(identity);
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await this.composer.waitFor();
  }

  get composer() {
    return this.page.getByRole('textbox', { name: /^Message to/ });
  }

  get log() {
    return this.page.getByRole('log');
  }

  async say(text) {
    await this.composer.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Waits until a text is in the timeline. */
  async sees(text) {
    await this.log.getByText(text).first().waitFor();
  }
}
