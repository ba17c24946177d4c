//! Every magic string, limit and constant of the protocols, once.
//!
//! The sources are the published structure files; the part after the comma names the section.

/// Bytes of a box that are not plaintext: the Poly1305 tag.
pub const BOX_OVERHEAD: usize = 16;

// --- csp.struct.yml, handshake -------------------------------------------------------------------

/// client-hello: ephemeral public key 32, client cookie 16.
pub const CLIENT_HELLO_BYTES: usize = 48;
/// The plaintext of the server-hello box: ephemeral public key 32, repeated client cookie 16.
pub const SERVER_HELLO_PLAIN_BYTES: usize = 48;
/// server-hello: server cookie 16, then the box.
pub const SERVER_HELLO_BYTES: usize = 80;
/// The plaintext of the login box.
pub const LOGIN_PLAIN_BYTES: usize = 128;
/// The login box.
pub const LOGIN_BYTES: usize = 144;
/// The plaintext of the login-ack box: reserved 4, server time ms 8, queued messages 4.
pub const LOGIN_ACK_PLAIN_BYTES: usize = 16;
/// The login-ack box.
pub const LOGIN_ACK_BYTES: usize = 32;
/// Cookies of either side.
pub const COOKIE_BYTES: usize = 16;
/// csp.struct.yml, login-data: marks that an extensions box follows.
pub const EXTENSION_MAGIC: &[u8; 30] = b"threema-clever-extension-field";
/// Our cap for the encrypted extensions box (the length field could say 65 535).
pub const EXTENSIONS_BOX_BYTES_MAX: usize = 4096;
/// Our cap for the client-info string.
pub const CLIENT_INFO_BYTES_MAX: usize = 1024;
/// csp.struct.yml, extension-field types.
pub const EXTENSION_CLIENT_INFO: u8 = 0x00;
/// The device id of a multi-device client.
pub const EXTENSION_DEVICE_ID: u8 = 0x01;
/// The spec calls it message-payload-version; every shipping client sends a bit mask.
pub const EXTENSION_FEATURES: u8 = 0x02;
/// The device cookie.
pub const EXTENSION_DEVICE_COOKIE: u8 = 0x03;

// --- csp.struct.yml, frames and payload containers ---------------------------------------------

/// The length field in front of every frame.
pub const FRAME_LENGTH_BYTES: usize = 2;
/// The longest box of a frame (csp.struct.yml, general information).
pub const FRAME_BOX_BYTES_MAX: usize = 8192;
/// Payload type 1, reserved 3.
pub const CONTAINER_HEADER_BYTES: usize = 4;
/// The shortest box of a frame: a tag and an empty container.
pub const FRAME_BOX_BYTES_MIN: usize = BOX_OVERHEAD + CONTAINER_HEADER_BYTES;
/// The longest container that fits a frame.
pub const CONTAINER_BYTES_MAX: usize = FRAME_BOX_BYTES_MAX - BOX_OVERHEAD;
/// The longest payload (container without its header) that fits a frame.
pub const PAYLOAD_BYTES_MAX: usize = CONTAINER_BYTES_MAX - CONTAINER_HEADER_BYTES;

/// csp.struct.yml, payload types.
pub mod payload_type {
    /// Both directions: answer with the same bytes.
    pub const ECHO_REQUEST: u8 = 0x00;
    /// Client to server: a message to somebody.
    pub const OUTGOING_MESSAGE: u8 = 0x01;
    /// Server to client: a message from somebody.
    pub const INCOMING_MESSAGE: u8 = 0x02;
    /// Client to server: deliver from now on.
    pub const UNBLOCK_INCOMING: u8 = 0x03;
    /// Client to server: push token.
    pub const PUSH_TOKEN: u8 = 0x20;
    /// Client to server: obsolete push filter of old iOS clients.
    pub const PUSH_ALLOWED_IDENTITIES: u8 = 0x21;
    /// Client to server: obsolete push sound of old iOS clients.
    pub const PUSH_SOUND: u8 = 0x22;
    /// Client to server: obsolete group push sound of old iOS clients.
    pub const PUSH_GROUP_SOUND: u8 = 0x23;
    /// Client to server: push token for urgent messages.
    pub const PUSH_TOKEN_URGENT: u8 = 0x24;
    /// Client to server: forget push tokens.
    pub const DELETE_PUSH_TOKENS: u8 = 0x25;
    /// Client to server: seconds of silence after which the connection may be closed.
    pub const IDLE_TIMEOUT: u8 = 0x30;
    /// Client to server: obsolete push override of old iOS clients.
    pub const PUSH_OVERRIDE: u8 = 0x31;
    /// Both directions: the answer to an echo request.
    pub const ECHO_RESPONSE: u8 = 0x80;
    /// Server to client: the outgoing message is accepted.
    pub const OUTGOING_MESSAGE_ACK: u8 = 0x81;
    /// Client to server: the incoming message is taken over.
    pub const INCOMING_MESSAGE_ACK: u8 = 0x82;
    /// Server to client: everything queued at the unblock has been sent.
    pub const QUEUE_SEND_COMPLETE: u8 = 0xd0;
    /// Server to client: another device has logged in.
    pub const DEVICE_COOKIE_CHANGED: u8 = 0xd2;
    /// Client to server: the user has seen the device-cookie warning.
    pub const CLEAR_DEVICE_COOKIE_CHANGED: u8 = 0xd3;
    /// Server to client: the connection will be closed, and why.
    pub const CLOSE_ERROR: u8 = 0xe0;
    /// Server to client: text for the user.
    pub const ALERT: u8 = 0xe1;
}

// --- csp.struct.yml, message-with-metadata-box -------------------------------------------------

/// Fixed message header up to and including the legacy nickname.
pub const MESSAGE_HEADER_BYTES: usize = 64;
/// Legacy sender nickname in the header.
pub const NICKNAME_BYTES: usize = 32;
/// Nonce of the message box and the metadata box.
pub const MESSAGE_NONCE_BYTES: usize = 24;
/// The shortest message box: a tag and a type byte.
pub const MESSAGE_BOX_BYTES_MIN: usize = BOX_OVERHEAD + 1;
/// The shortest message payload.
pub const MESSAGE_BYTES_MIN: usize =
    MESSAGE_HEADER_BYTES + MESSAGE_NONCE_BYTES + MESSAGE_BOX_BYTES_MIN;
/// The longest message payload, which is what a frame can carry.
pub const MESSAGE_BYTES_MAX: usize = PAYLOAD_BYTES_MAX;
/// csp.struct.yml, flags: a short-lived message is queued for this long.
pub const SHORT_LIVED_SECONDS: u32 = 60;

// --- csp.struct.yml, push-notification-token and set-connection-idle-timeout -------------------

/// The longest push token.
pub const PUSH_TOKEN_BYTES_MAX: usize = 255;
/// The address that a browser's push service gives. Ours; the longest known have 600.
pub const PUSH_ENDPOINT_BYTES_MAX: usize = 1024;
/// The shortest idle timeout a client may ask for.
pub const IDLE_TIMEOUT_SECONDS_MIN: u16 = 30;
/// The longest idle timeout a client may ask for.
pub const IDLE_TIMEOUT_SECONDS_MAX: u16 = 600;
/// The idle timeout of a client that does not ask.
pub const IDLE_TIMEOUT_SECONDS_DEFAULT: u16 = 300;
/// The leading words are matched by shipping clients when a connection is replaced.
pub const ANOTHER_CONNECTION_TEXT: &str = "Another connection";
/// The service identity that may send web-session-resume only.
pub const IDENTITY_PUSH: &str = "*3MAPUSH";
/// The service identity that may send work-sync-delta only.
pub const IDENTITY_WORK: &str = "*3MAW0RK";
/// The public echo service, for which there is no profile distribution.
pub const IDENTITY_ECHO: &str = "ECHOECHO";

// --- csp.struct.yml and csp-e2e.proto, end-to-end layer ----------------------------------------

/// End-to-end container: body and padding together have at least this many bytes.
pub const PADDED_BODY_BYTES_MIN: usize = 32;
/// Metadata: nickname and padding together have at least this many bytes.
pub const METADATA_PADDED_BYTES_MIN: usize = 16;
/// Text of a message, UTF-8.
pub const TEXT_BYTES_MAX: usize = 6000;
/// Caption of a file, UTF-8.
pub const CAPTION_BYTES_MAX: usize = 6000;
/// Name of a file, UTF-8.
pub const FILE_NAME_BYTES_MAX: usize = 256;
/// JSON of a poll.
pub const POLL_JSON_BYTES_MAX: usize = 6000;
/// One choice or the description of a poll.
pub const POLL_TEXT_BYTES_MAX: usize = 256;
/// Name or address of a location.
pub const LOCATION_PART_BYTES_MAX: usize = 512;
/// A reaction (an emoji sequence), UTF-8.
pub const REACTION_BYTES_MAX: usize = 64;
/// Message ids in one delivery receipt.
pub const RECEIPT_IDS_MAX: usize = 875;
/// Members of a group, the creator included.
pub const GROUP_MEMBERS_MAX: usize = 256;
/// Edits and deletions are sent for this long.
pub const EDIT_WINDOW_SECONDS: u32 = 6 * 3600;
/// A typing indicator is repeated this often while the user types.
pub const TYPING_RESEND_SECONDS: u32 = 10;
/// A typing indicator is shown for this long.
pub const TYPING_SHOWN_SECONDS: u32 = 15;

/// common.proto, CspFeatureMaskFlag.
pub mod feature {
    /// Voice messages.
    pub const VOICE_MESSAGES: u64 = 0x001;
    /// Groups.
    pub const GROUPS: u64 = 0x002;
    /// Polls.
    pub const POLLS: u64 = 0x004;
    /// File messages.
    pub const FILES: u64 = 0x008;
    /// One-to-one audio calls.
    pub const AUDIO_CALLS: u64 = 0x010;
    /// One-to-one video calls.
    pub const VIDEO_CALLS: u64 = 0x020;
    /// Forward security.
    pub const FORWARD_SECURITY: u64 = 0x040;
    /// Group calls.
    pub const GROUP_CALLS: u64 = 0x080;
    /// Editing messages.
    pub const EDIT: u64 = 0x100;
    /// Deleting messages.
    pub const DELETE: u64 = 0x200;
    /// Reactions.
    pub const REACTIONS: u64 = 0x400;
}

// --- directory.openapi.yml ---------------------------------------------------------------------

/// Our cap for an HTTP body of the directory.
pub const DIRECTORY_BODY_BYTES_MAX: usize = 256 * 1024;
/// Our cap for identities in one bulk request.
pub const BULK_IDENTITIES_MAX: usize = 1000;
/// Our cap for the token of a challenge, decoded.
pub const CHALLENGE_TOKEN_BYTES_MAX: usize = 1024;
/// The shortest challenge token a client answers.
pub const CHALLENGE_TOKEN_BYTES_MIN: usize = 1;
/// A revocation key: the first bytes of SHA-256 of the password.
pub const REVOCATION_KEY_BYTES: usize = 4;
/// HMAC key under which e-mail addresses are hashed for contact matching. It is public.
pub const EMAIL_HASH_KEY: [u8; 32] = [
    0x30, 0xa5, 0x50, 0x0f, 0xed, 0x97, 0x01, 0xfa, 0x6d, 0xef, 0xdb, 0x61, 0x08, 0x41, 0x90, 0x0f,
    0xeb, 0xb8, 0xe4, 0x30, 0x88, 0x1f, 0x7a, 0xd8, 0x16, 0x82, 0x62, 0x64, 0xec, 0x09, 0xba, 0xd7,
];
/// HMAC key under which phone numbers are hashed for contact matching. It is public.
pub const PHONE_HASH_KEY: [u8; 32] = [
    0x85, 0xad, 0xf8, 0x22, 0x69, 0x53, 0xf3, 0xd9, 0x6c, 0xfd, 0x5d, 0x09, 0xbf, 0x29, 0x55, 0x5e,
    0xb9, 0x55, 0xfc, 0xd8, 0xaa, 0x5e, 0xc4, 0xf9, 0xfc, 0xd8, 0x69, 0xe2, 0x58, 0x37, 0x07, 0x23,
];

// --- app configuration (mdm-parameters.md) -----------------------------------------------------

/// Our cap for a text of the app configuration.
pub const MDM_TEXT_BYTES_MAX: usize = 8192;
/// How many dropped parameters are told apart; more than there are parameters.
pub const MDM_DROPPED_MAX: usize = 64;

// --- work directory (directory.openapi.yml, work part) -----------------------------------------

/// Our cap for a name, title or mark of a user.
pub const WORK_NAME_BYTES_MAX: usize = 1024;
/// The shortest search that is not for everybody of a category.
pub const DIRECTORY_QUERY_CHARS_MIN: usize = 3;
/// Our cap for a search.
pub const DIRECTORY_QUERY_BYTES_MAX: usize = 512;
/// Our cap for categories in one search.
pub const DIRECTORY_CATEGORIES_MAX: usize = 200;
/// md-d2d-sync.proto, WorkAvailabilityStatus: what a user says about it.
pub const AVAILABILITY_DESCRIPTION_BYTES_MAX: usize = 256;
/// remote-secret.md: the secret and the token it is fetched with.
pub const REMOTE_SECRET_BYTES: usize = 32;
/// The least interval that apps keep to.
pub const REMOTE_SECRET_INTERVAL_S_MIN: u32 = 10;
/// The longest.
pub const REMOTE_SECRET_INTERVAL_S_MAX: u32 = 86_400;
/// Our cap for an activation link.
pub const LICENSE_LINK_BYTES_MAX: usize = 4096;
/// Our cap for the token in it.
pub const ACTIVATION_TOKEN_CHARS_MAX: usize = 128;

// --- Safe (safe-backup.schema.yml) -------------------------------------------------------------

/// Our cap for the answer to `config`.
pub const SAFE_CONFIG_BYTES_MAX: usize = 4096;

// --- provisioning file (oppf.schema.yml) -------------------------------------------------------

/// Our cap for a provisioning file.
pub const OPPF_BYTES_MAX: usize = 256 * 1024;
/// Our cap for a URL.
pub const URL_BYTES_MAX: usize = 2048;
/// The last day that is written with four digits of the year: 9999-12-31.
pub const OPPF_DAYS_MAX: i64 = 2_932_896;

// --- links and contact matching ----------------------------------------------------------------

/// RFC 5321: the longest e-mail address, and the part before the at sign.
pub const EMAIL_BYTES_MAX: usize = 254;
/// RFC 5321, 4.5.3.1.1: the part before the at sign.
pub const EMAIL_LOCAL_BYTES_MAX: usize = 64;
/// E.164: the digits of a number with its country code.
pub const PHONE_DIGITS_MAX: usize = 15;
/// No country has shorter numbers, its code included.
pub const PHONE_DIGITS_MIN: usize = 7;
/// Our cap for hashes of one kind in one request for matching: apps send a whole address book.
pub const MATCH_HASHES_MAX: usize = 5000;

// --- blob server -------------------------------------------------------------------------------

/// The largest blob (csp.struct.yml, blob).
pub const BLOB_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// Nonce for the main content of a blob: 23 zero bytes, then 1.
pub const BLOB_NONCE: [u8; 24] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
];
/// Nonce for the thumbnail of a blob: 23 zero bytes, then 2.
pub const THUMBNAIL_NONCE: [u8; 24] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
];
/// Our cap for an instance file.
pub const INSTANCE_BYTES_MAX: usize = 256 * 1024;
