//! What administrators do is noted in the transaction that does it.

use dreiklang_store::{AuditNote, OrgId, Tx};

/// An act to be noted, ready to go into a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When, in milliseconds of the epoch.
    pub at: i64,
    /// Who acted.
    pub actor: String,
    /// What was done, such as `member.detach`.
    pub action: &'static str,
    /// For which organisation; `None` for the whole instance.
    pub org: Option<OrgId>,
    /// To whom or what.
    pub subject: String,
    /// What else there is to know; no secrets.
    pub detail: String,
}

impl Note {
    /// An act about something of an organisation's.
    pub fn of_org(at: i64, actor: &str, action: &'static str, org: OrgId, subject: &str) -> Self {
        Self {
            at,
            actor: actor.to_owned(),
            action,
            org: Some(org),
            subject: subject.to_owned(),
            detail: String::new(),
        }
    }

    /// With something more to know.
    #[must_use]
    pub fn with_detail(mut self, detail: String) -> Self {
        self.detail = detail;
        self
    }

    /// Writes it.
    pub async fn write(&self, tx: &Tx<'_>) -> dreiklang_store::Result<()> {
        tx.note_audit(AuditNote {
            at: self.at,
            actor: &self.actor,
            action: self.action,
            org: self.org,
            subject: &self.subject,
            detail: &self.detail,
        })
        .await
    }
}
