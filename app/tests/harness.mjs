// Everything a journey needs, by one name.
export { Person } from './harness/person.mjs';
export { CoreTab } from './harness/core.mjs';
export { assertAccessible, assertAccessibleInBothThemes, Device } from './harness/device.mjs';
export { program, WEB } from './harness/places.mjs';
export { screens } from './harness/screens.mjs';
export { Server } from './harness/servers.mjs';
export { addContact, bubble, composer, makeIdentity, send, t } from './harness/people.mjs';
