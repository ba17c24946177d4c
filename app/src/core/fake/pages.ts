// The made-up core's part of stages, settings and organisation. `?stage=` begins elsewhere.
import type { Script } from '../fake';

const KEY = '8402f58d3be0544f716a71921c59e9ed';

/** Something that looks like a QR code: three corners, the rest by chance. */
function modules(size: number): string {
  let seed = 7;
  let drawn = '';
  for (let at = 0; at < size * size; at += 1) {
    const x = at % size;
    const y = Math.floor(at / size);
    const corner = [[0, 0], [size - 7, 0], [0, size - 7]].find(
      ([left = 0, top = 0]) => x >= left && x < left + 7 && y >= top && y < top + 7,
    );
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    if (corner === undefined) drawn += seed % 1_000 < 480 ? '1' : '0';
    else {
      const ring = Math.max(Math.abs(x - (corner[0] ?? 0) - 3), Math.abs(y - (corner[1] ?? 0) - 3));
      drawn += ring === 2 ? '0' : '1';
    }
  }
  return drawn;
}

export function pages(edition: string): Script {
  const wanted = new URLSearchParams(location.search);
  const work = edition !== 'private';
  let stage = wanted.get('stage') ?? 'empty';
  let lock = wanted.get('lock') ?? 'none';
  let safe = wanted.has('safe');
  const settings: Record<string, unknown> = {
    read_receipts: true,
    typing_indicators: true,
    block_unknown: false,
    hide_inactive: false,
    sort: 'first',
    first: 'first',
    share_picture: 'everybody',
  };
  const fetched: Record<string, unknown> = { images: true, audio: true, videos: false, others: false, largest_bytes: 5_242_880 };
  const now = (): Record<string, unknown> => ({
    stage,
    lock,
    edition,
    version: '0.1.0',
    plan: { is_safe_restore_offered: true, nickname: work ? 'Carla Meier' : null },
  });
  const become = (next: string) => async () => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    stage = next;
    return now();
  };
  const person = (first_name: string, last_name: string, job_title: string, department: string, identity: string) => ({
    first_name,
    last_name,
    job_title,
    department,
    identity,
    csi: '',
    categories: ['1'],
  });
  return {
    stage: now,
    begin: become('no_identity'),
    identity_new: become('open'),
    identity_restore_safe: () => {
      throw { code: 'backup-not-found' };
    },
    identity_import: become('open'),
    unlock: () => {
      throw { code: stage === 'locked' ? 'wrong-passphrase' : 'remote-secret-blocked' };
    },
    lock_set: (request) => {
      lock = 'kind' in request ? String(request.kind) : 'none';
      return now();
    },
    me: () => ({
      identity: 'NJGPVX31',
      public_key: KEY.repeat(2),
      fingerprint: KEY,
      link: `3mid:NJGPVX31,${KEY.repeat(2)}`,
      nickname: 'Carla',
      is_revoked: false,
      other_device: wanted.has('other'),
      instance: 'Dreiklang Demo',
    }),
    settings: ({ command: _, ...change }) => Object.assign(settings, change),
    safe: () => ({ is_on: safe, uploaded_at_ms: 1_795_463_455_777, uploaded_bytes: 18_420, fault: null, retention_days: 180 }),
    safe_enable: () => ({ done: (safe = true) }),
    safe_disable: () => ({ done: !(safe = false) }),
    safe_backup: () => ({ done: true }),
    links: () => ({
      email: { state: 'linked', address: 'carla@example.org' },
      phone: { state: 'none', address: null },
    }),
    my_qr: () => ({ size: 37, modules: modules(37), text: '' }),
    export_id: () => ({ export: 'ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567-ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567-ABCD-EFGH-IJKL-MNOP', qr: { size: 41, modules: modules(41) } }),
    blocked: () => ({ blocked: ['BADGUY01'], excluded: [] }),
    abilities: () => ({
      safe: { rule: 'optional' },
      ...(work ? { message_preview: { allowed: false, parameter: 'th_disable_message_preview' } } : {}),
    }),
    policy: () => ({
      parameters: work
        ? {
            th_block_unknown: { value: true, origin: 'organisation' },
            th_disable_message_preview: { value: true, origin: 'organisation' },
            th_nickname: { value: 'Carla Meier', origin: 'device' },
          }
        : {},
    }),
    work_status: () => ({
      organisation: work ? 'Kantonsspital Beispiel' : '',
      support_url: work ? 'https://help.example.org' : '',
      username: work ? 'carla.meier' : '',
      is_licensed: work,
      locked: wanted.get('licence') === 'withdrawn' ? 'License revoked' : null,
      is_elsewhere: true,
      displaced: wanted.get('licence') === 'displaced' ? 'Another connection for the same identity' : null,
      needs_credentials: wanted.get('licence') === 'old',
      has_directory: work,
      categories: work ? { 1: 'Notfall', 2: 'Radiologie', 3: 'Verwaltung' } : {},
    }),
    work_sync: () => ({ done: true }),
    search_directory: () => ({
      people: [
        person('Anna', 'Keller', 'Leitende Ärztin', 'Notfall', 'IAITDEAX'),
        person('Beat', 'Zürcher', 'Pflegefachmann', 'Notfall', '4M7ZHQ47'),
        person('Chidi', 'Okonkwo', 'Informatik', 'Verwaltung', 'ECHOECHO'),
      ],
      total: 3,
      next_page: null,
    }),
    auto_download: ({ command: _, ...change }) => Object.assign(fetched, change),
    storage: () => ({
      storage: [
        { conversation: 'IAITDEAX', messages: 4_211, files: 312, size_bytes: 284_000_000 },
        { conversation: 'ECHOECHO', messages: 210, files: 14, size_bytes: 41_300_000 },
        { conversation: '4M7ZHQ47', messages: 88, files: 3, size_bytes: 1_240_000 },
      ],
    }),
    contacts: () => ({
      contacts: [
        {
          identity: 'IAITDEAX',
          display_name: 'Anna Keller',
          fingerprint: KEY,
          verification: 'verified',
          ...(wanted.has('doubt')
            ? { key_mismatch: { fingerprint: [...KEY].reverse().join(''), source: 'directory', at_ms: 1_795_463_455_777 } }
            : {}),
        },
        { identity: 'ECHOECHO', display_name: 'Echo', fingerprint: KEY, verification: 'unverified' },
      ],
    }),
    chats: () => ({ chats: [{ conversation: 'IAITDEAX', title: 'Anna Keller', unread_count: 2 }] }),
    nickname: () => ({ done: true }),
  };
}
