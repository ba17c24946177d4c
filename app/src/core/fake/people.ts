// Made-up people and groups, for development only.
import type { Contact, Group } from '../../state/shapes';

const hex = (seed: string, length: number): string => {
  let state = [...seed].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193), 7);
  let out = '';
  while (out.length < length) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    out += (state >>> 0).toString(16).padStart(8, '0');
  }
  return out.slice(0, length);
};

function contact(identity: string, first: string, last: string, more: Partial<Contact> = {}): Contact {
  const name = `${first} ${last}`.trim();
  return {
    identity,
    name,
    first_name: first,
    last_name: last,
    nickname: first.toLowerCase(),
    display_name: name || `~${identity}`,
    public_key: hex(identity, 64),
    fingerprint: hex(`${identity}f`, 32),
    verification: 'unverified',
    state: 'active',
    is_blocked: false,
    is_excluded: false,
    is_work: false,
    read_receipts: 'default',
    typing_indicators: 'default',
    created_at_ms: Date.now() - 90 * 86_400_000,
    ...more,
  };
}

export const ME = {
  identity: 'MEMEMEME',
  public_key: hex('me', 64),
  fingerprint: hex('mef', 32),
  link: `3mid:MEMEMEME,${hex('me', 64)}`,
  nickname: 'Robin',
  instance: 'Dreiklang',
  is_revoked: false,
  other_device: false,
};

export const CONTACTS: Contact[] = [
  contact('ANNA0001', 'Anna', 'Brunner', { verification: 'verified' }),
  contact('MEHMET02', 'Mehmet', 'Yıldız', { verification: 'server' }),
  contact('SOPHIE03', 'Sophie', 'Keller', { verification: 'verified', is_work: true }),
  contact('LAYLA004', 'ليلى', 'حدّاد', { verification: 'server' }),
  contact('LONGNAM5', 'Maximiliane-Wilhelmine Alexandra', 'von und zu Hohenstein-Waldenburg'),
  contact('JONAS006', 'Jonas', 'Meier', { is_work: true, verification: 'server' }),
  contact('NOA00007', 'נועה', 'לוי', {}),
  contact('WEI00008', '伟', '王', { verification: 'verified' }),
  contact('BLOCKED9', 'Spam', 'Sender', { is_blocked: true }),
  contact('STRANGER', '', '', { nickname: 'kim_92', display_name: '~kim_92' }),
  contact('OLDPHONE', 'Grandma', '', { state: 'inactive', verification: 'verified' }),
  contact('KEYCHANG', 'Lukas', 'Fischer', {
    verification: 'server',
    key_mismatch: { fingerprint: hex('other', 32), source: 'directory', at_ms: Date.now() - 3_600_000 },
  }),
];

function group(id: string, name: string, members: string[], more: Partial<Group> = {}): Group {
  return {
    id,
    name,
    display_name: name || members.join(', '),
    creator: 'ANNA0001',
    membership: 'member',
    is_own: false,
    is_orphaned: false,
    can_write: true,
    members,
    ...more,
  };
}

export const GROUPS: Group[] = [
  group('00112233aabbccdd@ANNA0001', 'Bergtour am Wochenende', ['ANNA0001', 'MEHMET02', 'SOPHIE03', 'LAYLA004']),
  group('1111111111111111@MEMEMEME', 'Design team', ['SOPHIE03', 'JONAS006', 'WEI00008'], {
    creator: 'MEMEMEME',
    is_own: true,
  }),
  group('2222222222222222@MEMEMEME', 'Notes to myself', [], { creator: 'MEMEMEME', is_own: true }),
  group('3333333333333333@JONAS006', 'Old flat', ['JONAS006'], {
    creator: 'JONAS006',
    membership: 'left',
    can_write: false,
  }),
];
