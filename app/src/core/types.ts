// Made by `cargo xtask gen` from the Rust nouns; change those instead.

/**
 * Everything that may be offered or not.
 */
export type Abilities = { edit_profile: Ability, send_profile_picture: Ability, add_contact: Ability, search_directory: Ability, create_group: Ability, export_chats: Ability, save_media: Ability, share_media: Ability, message_preview: Ability, web: Ability, further_devices: Ability, export_identity: Ability, data_backup: Ability, safe: SafeAbility, keep_messages_days: number | null, };
/**
 * Whether something may be offered, and the parameter that forbids it.
 */
export type Ability = { allowed: boolean, parameter?: string, };
/**
 * Whether the person is at work.
 */
export type AtWork = "none" | "busy" | "unavailable";
/**
 * Whether somebody is at work, and what they say about it.
 */
export type Availability = { status: "none" | "busy" | "unavailable", text: string, };
/**
 * Makes the profile; what an organisation gave comes along.
 */
export type Begin = { link?: string, username?: string, password?: string, server?: string, trust?: Array<string>, };
/**
 * Who is kept away.
 */
export type Blocked = { blocked: Array<string>, excluded: Array<string>, };
/**
 * What may be done with a message now.
 */
export type Can = {
/**
 * Give it another text.
 */
edit: boolean,
/**
 * Take it back.
 */
delete_for_everyone: boolean,
/**
 * Put an emoji on it.
 */
react: boolean,
/**
 * Answer it.
 */
quote: boolean,
/**
 * Send it on.
 */
forward: boolean,
/**
 * Try again.
 */
resend: boolean,
/**
 * Take back what was not sent yet.
 */
cancel: boolean,
/**
 * Fetch its file.
 */
download: boolean,
/**
 * Keep its file outside of the app.
 */
save: boolean,
/**
 * Choose in its poll.
 */
vote: boolean,
/**
 * End its poll.
 */
close: boolean, };
/**
 * A message as it is after a change.
 */
export type Changed = {
/**
 * Whose app does not know such changes.
 */
unreached: Array<string>, message_id: string, position: number, conversation: string,
/**
 * Scripts of one-to-one conversations know it by this name.
 */
contact?: string, sender: string, direction: "in" | "out", state: "failed" | "pending" | "sent" | "delivered" | "read" | "unread", quote?: Quoted, reactions?: Array<Reaction>, is_starred?: boolean, created_at_ms: number, stored_at_ms: number, state_at_ms: number, changed_at_ms?: number, reference?: string, notes?: Array<string>,
/**
 * What the sender is called.
 */
sender_name: string,
/**
 * What everybody is called whom it speaks of, by identity.
 */
names?: { [key in string]: string },
/**
 * The text or caption in pieces.
 */
parts?: Array<TextPart>,
/**
 * Whether it is a few emojis and nothing else.
 */
is_jumbo?: boolean,
/**
 * How often it was edited.
 */
edits_count?: number,
/**
 * What may be done with it.
 */
can: Can, type: "text" | "location" | "poll" | "file" | "notice" | "deleted" | "unsupported" | "missing", text?: string, location?: Location, poll?: PollBody, file?: MediaFile, notice?: NoticeBody, unsupported_type?: number, };
/**
 * One line of the conversation list.
 */
export type Chat = { conversation: string, title: string, contact?: Contact, group?: Group, last_message: Message, unread_count: number, visibility: "pinned" | "normal" | "archived", is_marked_unread: boolean, muted_until_ms?: number,
/**
 * Whether it is muted now.
 */
is_muted?: boolean,
/**
 * Where reading goes on.
 */
first_unread_position?: number, mentions_only: boolean, draft?: string, };
/**
 * The conversation list, the newest first.
 */
export type Chats = { chats: Array<Chat>, };
export type Choice = { number: number, text: string, votes: number, voters: Array<string>, is_mine: boolean, };
/**
 * A contact.
 */
export type Contact = { identity: string, name: string, first_name: string, last_name: string, nickname: string, display_name: string, public_key: string, fingerprint: string, verification: "unverified" | "server" | "verified", key_mismatch?: KeyMismatch, state: "active" | "inactive" | "revoked", is_blocked: boolean, is_excluded: boolean, is_work: boolean, availability: Availability, read_receipts: "default" | "on" | "off", typing_indicators: "default" | "on" | "off", created_at_ms: number, };
/**
 * What a contact card says. It is its sender's word, and proves nothing.
 */
export type ContactCard = { name: string, phones: Array<string>, emails: Array<string>, identity?: string, };
/**
 * A contact with the groups that both are in.
 */
export type ContactDetails = { contact: Contact, groups: Array<Group>, };
/**
 * A contact that was added or changed.
 */
export type ContactReply = { contact: Contact, };
/**
 * The list of contacts.
 */
export type Contacts = { contacts: Array<Contact>, };
/**
 * Something happened.
 */
export type DeskEvent = { "event": "ready", identity: string, instance: string, version: string, } | { "event": "message",
/**
 * What the conversation is called.
 */
title: string, message_id: string, position: number, conversation: string,
/**
 * Scripts of one-to-one conversations know it by this name.
 */
contact?: string, sender: string, direction: "in" | "out", state: "failed" | "pending" | "sent" | "delivered" | "read" | "unread", quote?: Quoted, reactions?: Array<Reaction>, is_starred?: boolean, created_at_ms: number, stored_at_ms: number, state_at_ms: number, changed_at_ms?: number, reference?: string, notes?: Array<string>,
/**
 * What the sender is called.
 */
sender_name: string,
/**
 * What everybody is called whom it speaks of, by identity.
 */
names?: { [key in string]: string },
/**
 * The text or caption in pieces.
 */
parts?: Array<TextPart>,
/**
 * Whether it is a few emojis and nothing else.
 */
is_jumbo?: boolean,
/**
 * How often it was edited.
 */
edits_count?: number,
/**
 * What may be done with it.
 */
can: Can, type: "text" | "location" | "poll" | "file" | "notice" | "deleted" | "unsupported" | "missing", text?: string, location?: Location, poll?: PollBody, file?: MediaFile, notice?: NoticeBody, unsupported_type?: number, } | { "event": "message_changed" } & Message | { "event": "conversation", conversation: string, contact?: string, } | { "event": "state", conversation: string, contact?: string, message_id: string, position: number, state: "failed" | "pending" | "sent" | "delivered" | "read" | "unread", } | { "event": "typing", contact: string, is_typing: boolean, } | { "event": "connection", state: "offline" | "connecting" | "online" | "waiting" | "stopped", queued_messages?: number, retry_in_ms?: number, reason?: string, } | { "event": "queue_drained" } | { "event": "progress", media: string, done_bytes: number, total_bytes: number, } | { "event": "media", conversation: string, position: number, } | { "event": "key_mismatch", contact: string, source: "scan" | "directory" | "organisation", } | { "event": "contact", contact: string, } | { "event": "conversation_read", conversation: string, contact?: string, } | { "event": "me" } | { "event": "other_device" } | { "event": "alert", text: string, } | { "event": "locked", text: string, } | { "event": "unlocked" } | { "event": "displaced", text: string, } | { "event": "credentials_needed" } | { "event": "policy" } | { "event": "organisation" } | { "event": "links" } | { "event": "safe" } | { "event": "closed_by_server", can_reconnect: boolean, text: string, } | { "event": "missed", count: number, };
/**
 * What a line says.
 */
export type DeskRequest = { "command": "send", to: string, text: string, quote?: Which, reference?: string, } | { "command": "send_location", to: string, latitude: number, longitude: number, accuracy_m?: number, name?: string, address?: string, reference?: string, } | { "command": "send_file", to: string,
/**
 * What it is called, if it comes with the request and has no name of its own.
 */
name?: string,
/**
 * How long a recording is.
 */
duration_ms?: number, caption?: string, as?: SendAs, size?: Size, reference?: string, } | { "command": "resend", message: Which, } | { "command": "cancel", message: Which, } | { "command": "download", message: Which, } | { "command": "save", message: Which, path: string, replace?: boolean, } | { "command": "forward", message: Which, to: string, reference?: string, } | { "command": "react", message: Which, emoji: string, on?: boolean, } | { "command": "edit", message: Which, text: string, } | { "command": "delete", message: Which, for_everyone?: boolean, } | { "command": "star", message: Which, on?: boolean, } | { "command": "starred", } | { "command": "poll_create", to: string, question: string, choices: Array<string>, is_multiple?: boolean, shows_votes?: boolean, is_summary?: boolean, reference?: string, } | { "command": "poll_vote", message: Which, choices: Array<number>, } | { "command": "poll_close", message: Which, } | { "command": "chat_visibility", conversation: string, visibility: Visible, } | { "command": "chat_mute", conversation: string, is_muted: boolean, until_ms?: number, mentions_only?: boolean, } | { "command": "chat_unread", conversation: string, on?: boolean, } | { "command": "chat_draft", conversation: string, text: string, } | { "command": "chat_empty", conversation: string, } | { "command": "groups", } | { "command": "group", group: string, } | { "command": "group_create", name: string, members?: Array<string>, reference?: string, } | { "command": "group_rename", group: string, name: string, } | { "command": "group_add", group: string, members: Array<string>, } | { "command": "group_remove", group: string, members: Array<string>, } | { "command": "group_leave", group: string, } | { "command": "group_disband", group: string, } | { "command": "group_sync", group: string, member?: string, } | { "command": "group_clone", group: string, name?: string, reference?: string, } | { "command": "group_delete", group: string, } | { "command": "typing", to: string, is_typing: boolean, } | { "command": "mark_read", conversation: string, position: number, } | { "command": "contact_add", contact: string, name?: string, } | { "command": "contact_rename", contact: string, name: string, last_name?: string, } | { "command": "contact_remove", contact: string, } | { "command": "contact_block", contact: string, } | { "command": "contact_unblock", contact: string, } | { "command": "contact_verify", code: string, } | { "command": "contact_dismiss_warning", contact: string, } | { "command": "contact_policy", contact: string, read_receipts?: Told, typing_indicators?: Told, } | { "command": "contact_policy_reset", } | { "command": "contact_exclude", contact: string, } | { "command": "contact_include", contact: string, } | { "command": "contact", contact: string, } | { "command": "match_contacts", emails?: Array<string>, phones?: Array<string>, } | { "command": "blocked", } | { "command": "contacts", } | { "command": "chats", } | { "command": "history", conversation: string,
/**
 * Only what is older.
 */
before?: number,
/**
 * Only what is newer.
 */
after?: number,
/**
 * What lies around it, itself included.
 */
around?: number, limit?: number, } | { "command": "message", reference?: string, message?: Which, } | { "command": "details", message: Which, } | { "command": "media", message: Which, which?: MediaPart, } | { "command": "card", message: Which, } | { "command": "mark_played", message: Which, } | { "command": "unstar_all", } | { "command": "send_card", to: string, contact: string, reference?: string, } | { "command": "markup", text: string, } | { "command": "picture", of: string, } | { "command": "set_picture", } | { "command": "set_group_picture", group: string, } | { "command": "storage", } | { "command": "clear_media", conversation?: string, before_ms: number, } | { "command": "auto_download", images?: boolean, audio?: boolean, videos?: boolean, others?: boolean, largest_bytes?: number, } | { "command": "abilities", } | { "command": "safe", } | { "command": "safe_enable", password: Secret, server?: string, } | { "command": "safe_disable", even_if_it_stays?: boolean, } | { "command": "export_id", password: Secret, } | { "command": "export_chat", conversation: string,
/**
 * The words of the page by their names (docs/cli.md).
 */
words?: { [key in string]: string },
/**
 * Which language they are of.
 */
language?: string,
/**
 * How far the clock of the person is ahead of universal time.
 */
utc_offset_minutes?: number, } | { "command": "my_data", } | { "command": "revoke", confirm: string, } | { "command": "links", } | { "command": "link_email", address: string, } | { "command": "check_email", } | { "command": "link_phone", number: string, } | { "command": "confirm_phone", code: string, } | { "command": "call_phone", } | { "command": "availability", status: AtWork, text?: string, } | { "command": "logo", is_dark?: boolean, } | { "command": "search_directory", query: string, categories?: Array<string>, page?: number, } | { "command": "push_set", endpoint: string | null, } | { "command": "my_qr", } | { "command": "qr_read", width: number, height: number, } | { "command": "me", } | { "command": "nickname", nickname: string, } | { "command": "settings", read_receipts?: boolean, typing_indicators?: boolean, block_unknown?: boolean, hide_inactive?: boolean, sort?: Order, first?: Order, share_picture?: string, } | { "command": "clear_warning", } | { "command": "work_sync", } | { "command": "work_status", } | { "command": "policy", } | { "command": "safe_backup", } | { "command": "reclaim", } | { "command": "connect", } | { "command": "disconnect", } | { "command": "stop", };
/**
 * A page of the directory.
 */
export type Directory = { people: Array<DirectoryPerson>, total: number, next_page: number | null, };
export type DirectoryPerson = { identity: string, first_name: string, last_name: string, job_title: string, department: string, csi: string, categories: Array<string>, availability: Availability, };
/**
 * A command that has nothing to tell but that it was done.
 */
export type Done = { done: boolean, };
/**
 * An ID export, as text and as a code.
 */
export type ExportedId = { export: string, qr: QrSquares, };
/**
 * Which files are fetched without being asked for.
 */
export type Fetch = { images: boolean, audio: boolean, videos: boolean, others: boolean, largest_bytes: number, };
/**
 * A file that was made for the person goes along.
 */
export type FileMade = { file_name: string, media_type: string, size_bytes: number, };
/**
 * A message that was asked for.
 */
export type Found = { message: Message | null, };
/**
 * A group.
 */
export type Group = { id: string, name: string, display_name: string, creator: string, membership: "member" | "removed" | "left", is_own: boolean, is_orphaned: boolean, can_write: boolean, members: Array<string>, };
/**
 * A group with everything that is known of its members.
 */
export type GroupDetails = { group: Group, people: Array<Member>, };
/**
 * A group that was changed.
 */
export type GroupReply = { group: Group, };
/**
 * All groups.
 */
export type Groups = { groups: Array<Group>, };
/**
 * A piece of a conversation, and whether there is more on either side.
 */
export type History = { messages: Array<Message>, has_older: boolean, has_newer: boolean, };
/**
 * An identity from its export.
 */
export type IdentityImport = { export: string, password: string, };
/**
 * A new identity.
 */
export type IdentityNew = { nickname?: string,
/**
 * What a person did with a finger, to be stirred into the key; any text.
 */
entropy: string, };
/**
 * An identity from a Safe backup.
 */
export type IdentityRestoreSafe = { identity: string, password: string, server?: string, };
/**
 * Another key than the one in use, and who claims it.
 */
export type KeyMismatch = { fingerprint: string, source: "scan" | "directory" | "organisation", at_ms: number, };
export type LinkState = { state: "none" | "waiting" | "linked", address: string | null, };
/**
 * What is linked.
 */
export type Links = { email: LinkState, phone: LinkState, };
export type Location = { latitude: number, longitude: number, accuracy_m?: number, name: string, address: string, link: string, };
/**
 * Sets, changes or takes off the lock.
 */
export type LockSet = { kind: "none" | "passphrase" | "passkey", from?: string, to?: string, credential?: string, };
/**
 * The logo of the organisation goes along, unless there is none.
 */
export type LogoBytes = { none?: boolean,
/**
 * Whether it is for dark ground.
 */
is_dark: boolean, };
/**
 * A text in pieces.
 */
export type Markup = { parts: Array<TextPart>, };
export type Match = { identity: string,
/**
 * As it was asked for.
 */
address: string, };
/**
 * Who linked which of the addresses that were asked for.
 */
export type Matches = { matches: Array<Match>, };
/**
 * The own identity.
 */
export type Me = { identity: string, public_key: string, fingerprint: string, link: string, nickname: string, is_revoked: boolean, other_device: boolean, availability: Availability, instance: string, };
/**
 * The bytes of a message go along.
 */
export type MediaBytes = { file_name: string, media_type: string, size_bytes: number, };
/**
 * The file of a message.
 */
export type MediaFile = {
/**
 * What `progress` calls it, once it was under way.
 */
media?: string, name: string, media_type: string, size_bytes: number, caption: string, shown_as: "file" | "media" | "sticker", width?: number, height?: number, duration_ms?: number, is_animated: boolean, state: "remote" | "coming" | "here" | "lost" | "sending" | "unsendable", fault?: string, is_played: boolean, has_thumbnail: boolean, };
/**
 * Which bytes of a message.
 */
export type MediaPart = "file" | "thumbnail";
export type Member = { is_creator: boolean, is_contact: boolean, identity: string, name: string, first_name: string, last_name: string, nickname: string, display_name: string, public_key: string, fingerprint: string, verification: "unverified" | "server" | "verified", key_mismatch?: KeyMismatch, state: "active" | "inactive" | "revoked", is_blocked: boolean, is_excluded: boolean, is_work: boolean, availability: Availability, read_receipts: "default" | "on" | "off", typing_indicators: "default" | "on" | "off", created_at_ms: number, };
/**
 * A message.
 */
export type Message = { message_id: string, position: number, conversation: string,
/**
 * Scripts of one-to-one conversations know it by this name.
 */
contact?: string, sender: string, direction: "in" | "out", state: "failed" | "pending" | "sent" | "delivered" | "read" | "unread", quote?: Quoted, reactions?: Array<Reaction>, is_starred?: boolean, created_at_ms: number, stored_at_ms: number, state_at_ms: number, changed_at_ms?: number, reference?: string, notes?: Array<string>,
/**
 * What the sender is called.
 */
sender_name: string,
/**
 * What everybody is called whom it speaks of, by identity.
 */
names?: { [key in string]: string },
/**
 * The text or caption in pieces.
 */
parts?: Array<TextPart>,
/**
 * Whether it is a few emojis and nothing else.
 */
is_jumbo?: boolean,
/**
 * How often it was edited.
 */
edits_count?: number,
/**
 * What may be done with it.
 */
can: Can, type: "text" | "location" | "poll" | "file" | "notice" | "deleted" | "unsupported" | "missing", text?: string, location?: Location, poll?: PollBody, file?: MediaFile, notice?: NoticeBody, unsupported_type?: number, };
/**
 * What is known of a message beside what it says.
 */
export type MessageDetails = { times: MessageTimes, edits: Array<MessageEdit>, };
/**
 * What it said before.
 */
export type MessageEdit = { text: string, at_ms: number, };
export type MessageTimes = { created_at_ms: number, stored_at_ms: number, sent_at_ms?: number, delivered_at_ms?: number, read_at_ms?: number, };
/**
 * Messages of one conversation, the oldest first.
 */
export type Messages = { messages: Array<Message>, };
/**
 * Something that happened in the conversation.
 */
export type NoticeBody = { kind: "group_created" | "group_restored" | "you_were_added" | "you_were_removed" | "added" | "removed" | "left" | "disbanded" | "renamed" | "picture_changed" | "picture_removed" | "identity_revoked" | "other", people?: Array<string>, from?: string, to?: string, };
/**
 * Which of two names.
 */
export type Order = "first" | "last";
/**
 * A picture of somebody goes along, unless there is none.
 */
export type PictureBytes = { none?: boolean, };
/**
 * What is set.
 */
export type Policy = { parameters: { [key in string]: PolicyValue }, };
export type PolicyValue = { value: string | number | boolean, origin: "device" | "organisation", };
export type PollBody = { question: string, choices: Array<Choice>, is_multiple: boolean, shows_votes: boolean, is_summary: boolean, is_closed: boolean, voters: Array<string>, };
/**
 * A code to draw.
 */
export type QrSquares = {
/**
 * How many squares a side has.
 */
size: number,
/**
 * `1` for dark and `0` for light, row by row.
 */
modules: string,
/**
 * What it says.
 */
text: string, };
/**
 * What a code says, if one was found.
 */
export type QrText = { text?: string, };
export type Quoted = { position?: number, sender?: string,
/**
 * What the sender is called.
 */
sender_name?: string, type: "text" | "location" | "poll" | "file" | "notice" | "deleted" | "unsupported" | "missing", text?: string, location?: Location, poll?: PollBody, file?: MediaFile, notice?: NoticeBody, unsupported_type?: number, };
export type Reaction = { emoji: string, sender: string, is_ours: boolean, at_ms: number, };
/**
 * How Safe stands.
 */
export type Safe = { is_on: boolean, };
/**
 * What the organisation says about Safe; never a password.
 */
export type SafeAbility = { rule: "forced" | "optional" | "forbidden", password_message: string | null, };
/**
 * Where a file was saved.
 */
export type Saved = { path: string, size_bytes: number, };
/**
 * A password on its way: it is in no log.
 */
export type Secret = string;
/**
 * How a file is meant.
 */
export type SendAs = "auto" | "file" | "media" | "sticker" | "voice";
/**
 * What this client tells, accepts and shows.
 */
export type Settings = { read_receipts: boolean, typing_indicators: boolean, block_unknown: boolean, hide_inactive: boolean, sort: "first" | "last", first: "first" | "last", share_picture: Sharing, };
/**
 * What an organisation planned for the set-up.
 */
export type SetupPlan = { skip_wizard: boolean, nickname: string | null, has_license: boolean, id_export: string | null, id_export_password: string | null, is_safe_restore_offered: boolean, safe_restore: string | null, };
/**
 * Who may have the own picture.
 */
export type Sharing = string | Array<string>;
/**
 * How large a picture becomes.
 */
export type Size = "small" | "medium" | "large" | "extra_large" | "original";
/**
 * Where the app stands.
 */
export type Stage = { stage: "empty" | "locked" | "remote_locked" | "no_identity" | "open" | "elsewhere" | "unsupported", lock: "none" | "passphrase" | "passkey",
/**
 * Which passkey locks it.
 */
credential?: string, edition: "private" | "work" | "onprem", version: string,
/**
 * The name of the instance, once a profile is open.
 */
instance?: string,
/**
 * What the organisation planned, while there is no identity.
 */
plan?: SetupPlan, };
/**
 * The stage changed: the same as an event.
 */
export type StageEvent = { "event": "stage" } & Stage;
/**
 * What concerns the stage.
 */
export type StageRequest = { "command": "stage", } | { "command": "take_over", } | { "command": "release", } | { "command": "begin" } & Begin | { "command": "identity_new" } & IdentityNew | { "command": "identity_restore_safe" } & IdentityRestoreSafe | { "command": "identity_import" } & IdentityImport | { "command": "unlock", secret: string, } | { "command": "lock_set" } & LockSet | { "command": "lock_now", } | { "command": "erase", confirm: string, };
/**
 * How much room conversations take.
 */
export type StorageList = { storage: Array<StorageUse>, };
export type StorageUse = { conversation: string, messages: number, files: number, size_bytes: number, };
/**
 * A piece of a text.
 */
export type TextPart = {
/**
 * What it is.
 */
kind: "text" | "mention" | "link",
/**
 * What to show; empty for a mention of everybody.
 */
text: string,
/**
 * How to show it.
 */
styles: ("bold" | "italic" | "strike")[],
/**
 * Who is mentioned; nobody for everybody.
 */
identity?: string,
/**
 * Whether the mention is of the person.
 */
is_me?: boolean,
/**
 * Where a link leads.
 */
href?: string,
/**
 * What is odd about the link.
 */
warning?: "user_name" | "lookalike" | "punycode", };
/**
 * Whether a contact is told something.
 */
export type Told = "default" | "on" | "off";
/**
 * Where in the list a conversation is.
 */
export type Visible = "normal" | "pinned" | "archived";
/**
 * A message by its position or its id.
 */
export type Which = number | string;
/**
 * The organisation, and how the app stands with it.
 */
export type Work = { organisation: string, support_url: string, username: string, is_licensed: boolean, locked: string | null, displaced: string | null,
/**
 * Whether another app uses the identity; else the organisation has let go of it.
 */
is_elsewhere: boolean, needs_credentials: boolean, has_directory: boolean, categories: { [key in string]: string }, };

/** What can be asked for. */
export type Request = DeskRequest | StageRequest;

/** What happens. */
export type CoreEvent = DeskEvent | StageEvent;

/** What answers which command. */
export type Answers = {
  abilities: Abilities;
  auto_download: Fetch;
  availability: Done;
  begin: Stage;
  blocked: Blocked;
  call_phone: Done;
  cancel: Done;
  card: ContactCard;
  chat_draft: Done;
  chat_empty: Done;
  chat_mute: Done;
  chat_unread: Done;
  chat_visibility: Done;
  chats: Chats;
  check_email: Done;
  clear_media: Done;
  clear_warning: Done;
  confirm_phone: Done;
  connect: Done;
  contact: ContactDetails;
  contact_add: ContactReply;
  contact_block: Done;
  contact_dismiss_warning: ContactReply;
  contact_exclude: Done;
  contact_include: Done;
  contact_policy: ContactReply;
  contact_policy_reset: Done;
  contact_remove: Done;
  contact_rename: ContactReply;
  contact_unblock: Done;
  contact_verify: ContactReply;
  contacts: Contacts;
  delete: Done;
  details: MessageDetails;
  disconnect: Done;
  download: Done;
  edit: Changed;
  erase: Stage;
  export_chat: FileMade;
  export_id: ExportedId;
  forward: Message;
  group: GroupDetails;
  group_add: GroupReply;
  group_clone: GroupReply;
  group_create: GroupReply;
  group_delete: Done;
  group_disband: GroupReply;
  group_leave: GroupReply;
  group_remove: GroupReply;
  group_rename: GroupReply;
  group_sync: Done;
  groups: Groups;
  history: History;
  identity_import: Stage;
  identity_new: Stage;
  identity_restore_safe: Stage;
  link_email: Done;
  link_phone: Done;
  links: Links;
  lock_now: Stage;
  lock_set: Stage;
  logo: LogoBytes;
  mark_played: Done;
  mark_read: Done;
  markup: Markup;
  match_contacts: Matches;
  me: Me;
  media: MediaBytes;
  message: Found;
  my_data: FileMade;
  my_qr: QrSquares;
  nickname: Done;
  picture: PictureBytes;
  policy: Policy;
  poll_close: Changed;
  poll_create: Message;
  poll_vote: Changed;
  push_set: Done;
  qr_read: QrText;
  react: Changed;
  reclaim: Done;
  release: Stage;
  resend: Message;
  revoke: Done;
  safe: Safe;
  safe_backup: Done;
  safe_disable: Done;
  safe_enable: Done;
  save: Saved;
  search_directory: Directory;
  send: Message;
  send_card: Message;
  send_file: Message;
  send_location: Message;
  set_group_picture: Done;
  set_picture: Done;
  settings: Settings;
  stage: Stage;
  star: Done;
  starred: Messages;
  stop: Done;
  storage: StorageList;
  take_over: Stage;
  typing: Done;
  unlock: Stage;
  unstar_all: Done;
  work_status: Work;
  work_sync: Done;
};
