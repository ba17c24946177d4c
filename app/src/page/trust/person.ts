// A contact as the screens of trust see it.

export interface Person {
  identity: string;
  display_name: string;
  fingerprint: string;
  verification: 'unverified' | 'server' | 'verified';
  key_mismatch?: { fingerprint: string; source: 'scan' | 'directory' | 'organisation'; at_ms: number } | null;
  is_work?: boolean;
}
