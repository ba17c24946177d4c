// Everything a journey needs, by one name.
export { Person } from './harness/person.mjs';
export { cameraSeeing, shownCode } from './harness/camera.mjs';
export { CoreTab } from './harness/core.mjs';
export { assertAccessible, assertAccessibleInBothThemes, Device } from './harness/device.mjs';
export { program, WEB } from './harness/places.mjs';
export { screens } from './harness/screens.mjs';
export { Server } from './harness/servers.mjs';
export { addContact, bubble, composer, de, makeIdentity, send, t } from './harness/people.mjs';
export { activate, administer, license, newIdentity, Terminal } from './harness/work.mjs';
export { animation, attach, choose, filmed, hand, painted, sendFiles } from './harness/media.mjs';
export { pair } from './harness/pairs.mjs';
