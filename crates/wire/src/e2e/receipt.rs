//! Delivery receipts (csp.struct.yml, delivery-receipt).

use crate::{Error, Result, bytes::Reader, id::MessageId, spec};

/// What a delivery receipt says about the messages it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReceiptStatus {
    /// They have arrived.
    Received,
    /// They were read.
    Read,
    /// Legacy reaction: thumbs up.
    Acknowledged,
    /// Legacy reaction: thumbs down.
    Declined,
}

impl ReceiptStatus {
    /// The byte on the wire.
    pub fn byte(self) -> u8 {
        match self {
            Self::Received => 0x01,
            Self::Read => 0x02,
            Self::Acknowledged => 0x03,
            Self::Declined => 0x04,
        }
    }

    /// Is it a reaction in legacy form?
    pub fn is_reaction(self) -> bool {
        matches!(self, Self::Acknowledged | Self::Declined)
    }
}

impl TryFrom<u8> for ReceiptStatus {
    type Error = Error;

    fn try_from(byte: u8) -> Result<Self> {
        Ok(match byte {
            0x01 => Self::Received,
            0x02 => Self::Read,
            0x03 => Self::Acknowledged,
            0x04 => Self::Declined,
            _ => return Err(Error::Malformed("delivery receipt")),
        })
    }
}

/// A status and the messages that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReceipt {
    /// The status.
    pub status: ReceiptStatus,
    /// The messages, at least one.
    pub ids: Vec<MessageId>,
}

impl DeliveryReceipt {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        let status = ReceiptStatus::try_from(reader.u8()?)?;
        let (ids, rest) = reader.rest().as_chunks::<{ MessageId::BYTES }>();
        if ids.is_empty() || !rest.is_empty() {
            return Err(Error::Malformed("delivery receipt"));
        }
        Ok(Self {
            status,
            ids: ids.iter().copied().map(MessageId).collect(),
        })
    }

    pub(super) fn encode_into(&self, out: &mut Vec<u8>) -> Result<()> {
        if self.ids.is_empty() {
            return Err(Error::Malformed("delivery receipt"));
        }
        if self.ids.len() > spec::RECEIPT_IDS_MAX {
            return Err(Error::TooLong);
        }
        out.push(self.status.byte());
        for id in &self.ids {
            out.extend_from_slice(id.as_bytes());
        }
        Ok(())
    }
}
