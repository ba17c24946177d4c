// What the core's answers look like to the screens. Fields that older cores do not say are optional.

export type MessageState = 'failed' | 'pending' | 'sent' | 'delivered' | 'read' | 'unread';
export type Kind = 'text' | 'location' | 'poll' | 'file' | 'notice' | 'deleted' | 'unsupported' | 'missing';

/** A piece of a text as it is shown. */
export interface Part {
  kind: 'text' | 'mention' | 'link';
  text: string;
  styles?: string[];
  identity?: string;
  is_me?: boolean;
  href?: string;
  /** Why the address may not be what it looks like. */
  warning?: 'user_name' | 'lookalike' | 'punycode' | null;
}

export interface FileBody {
  name: string;
  media_type: string;
  size_bytes: number;
  caption: string;
  shown_as: 'file' | 'media' | 'sticker';
  width?: number;
  height?: number;
  duration_ms?: number;
  is_animated: boolean;
  state: 'remote' | 'coming' | 'here' | 'lost' | 'sending' | 'unsendable';
  fault?: string;
  is_played: boolean;
  has_thumbnail?: boolean;
  /** Which transfer its progress is told of. */
  media?: string;
}

export interface Place {
  latitude: number;
  longitude: number;
  accuracy_m?: number;
  name: string;
  address: string;
  link: string;
}

export interface PollChoice {
  number: number;
  text: string;
  votes: number;
  voters: string[];
  is_mine: boolean;
}

export interface Poll {
  question: string;
  choices: PollChoice[];
  is_multiple: boolean;
  shows_votes: boolean;
  is_summary: boolean;
  is_closed: boolean;
  voters: string[];
}

export interface Notice {
  kind: string;
  people?: string[];
  from?: string;
  to?: string;
}

export interface Body {
  type?: Kind;
  text?: string;
  location?: Place;
  poll?: Poll;
  file?: FileBody;
  notice?: Notice;
  parts?: Part[];
}

export interface Quote extends Body {
  position?: number;
  sender?: string;
  sender_name?: string;
}

export interface Reaction {
  emoji: string;
  sender: string;
  is_ours: boolean;
  at_ms: number;
}

export interface Abilities {
  edit: boolean;
  delete_for_everyone: boolean;
  react: boolean;
  quote: boolean;
  forward: boolean;
  resend: boolean;
  cancel: boolean;
  download: boolean;
  save: boolean;
  vote: boolean;
  close: boolean;
}

export interface Message extends Body {
  message_id: string;
  position: number;
  conversation: string;
  contact?: string;
  sender: string;
  sender_name?: string;
  direction: 'in' | 'out';
  state: MessageState;
  type: Kind;
  quote?: Quote;
  reactions?: Reaction[];
  /** What everybody is called whom it speaks of. */
  names?: Record<string, string>;
  is_starred?: boolean;
  is_jumbo?: boolean;
  created_at_ms: number;
  stored_at_ms: number;
  state_at_ms: number;
  changed_at_ms?: number;
  edits_count?: number;
  can?: Partial<Abilities>;
  notes?: string[];
}

/** Whether somebody is at work, and what they say about it. */
export interface Availability {
  status: 'none' | 'busy' | 'unavailable';
  text: string;
}

export interface Contact {
  identity: string;
  name: string;
  first_name: string;
  last_name: string;
  nickname: string;
  display_name: string;
  public_key: string;
  fingerprint: string;
  verification: 'unverified' | 'server' | 'verified';
  key_mismatch?: { fingerprint: string; source: string; at_ms: number } | null;
  state: 'active' | 'inactive' | 'revoked';
  is_blocked: boolean;
  is_excluded: boolean;
  is_work: boolean;
  availability?: Availability;
  read_receipts: 'default' | 'on' | 'off';
  typing_indicators: 'default' | 'on' | 'off';
  created_at_ms: number;
}

export interface Group {
  id: string;
  name: string;
  display_name: string;
  creator: string;
  membership: 'member' | 'removed' | 'left';
  is_own: boolean;
  is_orphaned: boolean;
  can_write: boolean;
  members: string[];
}

export interface Member extends Contact {
  is_creator: boolean;
  is_contact: boolean;
}

export type Visibility = 'normal' | 'pinned' | 'archived';

export interface Chat {
  conversation: string;
  title: string;
  contact?: Contact;
  group?: Group;
  last_message?: Message | null;
  unread_count: number;
  visibility: Visibility;
  is_marked_unread: boolean;
  muted_until_ms?: number | null;
  is_muted?: boolean;
  mentions_only?: boolean;
  draft?: string;
  first_unread_position?: number | null;
  typing?: string[];
}

export interface Me {
  identity: string;
  public_key: string;
  fingerprint: string;
  link: string;
  nickname: string;
  instance: string;
}
