//! One key, one purpose: every (salt, personal) pair of the protocol, in one table.

/// A pair of BLAKE2b labels. Two purposes never share a pair, so that keys derived from the same
/// secret for two purposes are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    salt: &'static str,
    personal: &'static str,
}

impl Purpose {
    /// Derives what this purpose needs. Key and input may be empty.
    pub fn derive(self, key: &[u8], input: &[u8]) -> [u8; 32] {
        super::blake2b(key, self.salt, self.personal, input)
    }

    /// Derives a key for one direction: the sender's identity, of 8 characters, goes into the
    /// salt. Only the two `SESSION_…DH` purposes are meant for this.
    pub fn derive_for(self, sender: &str, key: &[u8]) -> [u8; 32] {
        super::blake2b(key, format!("{}{sender}", self.salt), self.personal, &[])
    }
}

macro_rules! purposes {
    ($($(#[$doc:meta])* $name:ident = $salt:literal, $personal:literal;)*) => {
        impl Purpose {
            $($(#[$doc])* pub const $name: Self = Self { salt: $salt, personal: $personal };)*

            /// The whole table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

purposes! {
    /// Proof of a client's identity at the chat server (vouch key).
    CHAT_LOGIN = "v2", "3ma-csp";
    /// Answer to a challenge of the directory.
    DIRECTORY_CHALLENGE = "dir", "3ma-csp";
    /// Answer to a challenge of the work directory.
    WORK_CHALLENGE = "wdir", "3ma-csp";
    /// The metadata box of an end-to-end message (MMK).
    MESSAGE_METADATA = "mm", "3ma-csp";

    /// First key of a forward-secure session, before the peer answered; per direction (2DHK).
    SESSION_2DH = "ke-2dh-", "3ma-e2e";
    /// Key of an established forward-secure session; per direction (4DHK).
    SESSION_4DH = "ke-4dh-", "3ma-e2e";
    /// The next chain key of a forward-secure session.
    SESSION_CHAIN = "kdf-ck", "3ma-e2e";
    /// The key of one message of a forward-secure session.
    SESSION_MESSAGE = "kdf-aek", "3ma-e2e";

    /// Device group: the key pair that names the group at the mediator (DGPK).
    DEVICE_GROUP_PATH = "p", "3ma-mdev";
    /// Device group: reflected envelopes (DGRK).
    DEVICE_GROUP_REFLECT = "r", "3ma-mdev";
    /// Device group: what devices tell about themselves (DGDIK).
    DEVICE_GROUP_DEVICE = "di", "3ma-mdev";
    /// Device group: what all devices share (DGSDDK).
    DEVICE_GROUP_SHARED = "sdd", "3ma-mdev";
    /// Device group: transaction scopes (DGTSK).
    DEVICE_GROUP_TRANSACTION = "ts", "3ma-mdev";
    /// Device group: exchange of history (DGHEK).
    DEVICE_GROUP_HISTORY = "he", "3ma-mdev";

    /// Rendezvous: initiator's authentication key (RIDAK).
    RENDEZVOUS_INITIATOR_AUTH = "rida", "3ma-rendezvous";
    /// Rendezvous: responder's authentication key (RRDAK).
    RENDEZVOUS_RESPONDER_AUTH = "rrda", "3ma-rendezvous";
    /// Rendezvous: shared transport secret (STK).
    RENDEZVOUS_TRANSPORT = "st", "3ma-rendezvous";
    /// Rendezvous: initiator's transport key (RIDTK).
    RENDEZVOUS_INITIATOR = "ridt", "3ma-rendezvous";
    /// Rendezvous: responder's transport key (RRDTK).
    RENDEZVOUS_RESPONDER = "rrdt", "3ma-rendezvous";
    /// Rendezvous: the hash both people compare (RPH).
    RENDEZVOUS_PATH_HASH = "ph", "3ma-rendezvous";

    /// Remote secret: its hash (RSH).
    REMOTE_SECRET_HASH = "rsh", "3ma-rs";
    /// Remote secret: its hash bound to an identity (RSHID).
    REMOTE_SECRET_IDENTITY = "rshid", "3ma-rs";
    /// Remote secret: the cipher over wrapped fields (WFCK).
    REMOTE_SECRET_FIELDS = "wfck", "3ma-rs";
    /// The lock of our own client's database key under the key above; the input is the key that
    /// lies in the profile.
    REMOTE_SECRET_DATABASE = "database", "dreiklang";

    /// Group call: its identifier.
    CALL_ID = "i", "3ma-call";
    /// Group call: hash of the call key (GCKH).
    CALL_KEY_HASH = "#", "3ma-call";
    /// Group call: handshake hello (GCHK).
    CALL_HELLO = "h", "3ma-call";
    /// Group call: handshake authentication (GCNHAK).
    CALL_AUTHENTICATION = "nha", "3ma-call";
    /// Group call: call state (GCSK).
    CALL_STATE = "s", "3ma-call";
    /// Group call: next media key of the ratchet (PCMK').
    CALL_MEDIA_RATCHET = "m'", "3ma-call";
    /// Group call: frames (PCMFK).
    CALL_MEDIA_FRAME = "mf", "3ma-call";
}

#[cfg(test)]
mod tests {
    use super::Purpose;

    #[test]
    fn no_two_purposes_share_their_labels() {
        for (index, one) in Purpose::ALL.iter().enumerate() {
            for other in &Purpose::ALL[index + 1..] {
                assert_ne!(one, other);
            }
        }
        assert_eq!(Purpose::ALL.len(), 31);
    }

    /// A salt that an identity completes must not run into another purpose's salt.
    #[test]
    fn directed_purposes_stay_apart() {
        for directed in [Purpose::SESSION_2DH, Purpose::SESSION_4DH] {
            let meets = |other: &&Purpose| {
                other.personal == directed.personal && other.salt.starts_with(directed.salt)
            };
            assert_eq!(Purpose::ALL.iter().filter(meets).count(), 1);
        }
    }

    #[test]
    fn labels_fit_their_fields() {
        for purpose in Purpose::ALL {
            assert!(purpose.salt.len() <= 16 && purpose.personal.len() <= 16);
        }
    }
}
