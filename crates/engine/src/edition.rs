//! Which app this is: its edition, and how it calls itself to the servers.

pub use dreiklang_wire::csp::edition::Edition;
use rusqlite::Connection;

use crate::{
    backup::password::fits_pattern,
    db,
    error::{Error, Result},
    message::emoji::emoji,
};

/// The name under which an edition is stored.
fn name(edition: Edition) -> &'static str {
    match edition {
        Edition::Private => "private",
        Edition::Work => "work",
        Edition::OnPrem => "onprem",
    }
}

/// What this program is.
#[derive(Clone, Debug)]
pub struct Build {
    /// For whom it is made.
    pub edition: Edition,
    /// The version, without any suffix: `1.2.0`.
    pub version: String,
    /// The letter of the platform (csp.struct.yml, client-info): `Q` for a computer.
    pub platform: char,
    /// The language of the person, and the country: `de/CH`.
    pub locale: String,
    /// What it runs on: `linux`.
    pub system: String,
    /// Whether the provisioning file lists the remote secret (`features.remoteSecret`): without it
    /// the server cannot switch it on.
    pub has_remote_secret: bool,
    /// Whether a whole text fits an organisation's regular expression: [`fits_pattern`], or the
    /// platform's own, which need not be shipped. What cannot be read forbids nothing.
    pub fits_pattern: fn(pattern: &str, text: &str) -> bool,
    /// The fully qualified form of a text that is one single emoji: [`emoji`], or the platform's
    /// own table.
    pub emoji: fn(text: &str) -> Option<String>,
}

impl Build {
    /// An app of this edition on a computer, in English, of the engine's own version.
    pub fn new(edition: Edition) -> Self {
        Self {
            edition,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: 'Q',
            locale: "en/CH".to_owned(),
            system: std::env::consts::OS.to_owned(),
            has_remote_secret: false,
            fits_pattern,
            emoji,
        }
    }

    /// The client-info (csp.struct.yml), which tells the edition.
    pub fn client_info(&self) -> String {
        let Self {
            platform,
            locale,
            system,
            ..
        } = self;
        let rest = format!("{platform};{locale};{system}");
        self.edition.client_info(&self.version, &rest).0
    }

    /// The language alone, as `lang` and `Accept-Language` want it.
    pub fn language(&self) -> &str {
        self.locale.split(['/', '-', '_']).next().unwrap_or("en")
    }
}

/// Binds a fresh database to an edition, or refuses one of another.
pub(crate) fn bind(conn: &Connection, edition: Edition) -> Result<()> {
    let stored = db::work::edition(conn)?;
    if stored.is_empty() {
        // A database with an identity is older than the editions: it was made by the private app.
        let is_older = db::identity::find(conn)?.is_some_and(|row| row.identity.is_some());
        if is_older && edition != Edition::Private {
            return Err(Error::OtherEdition(name(Edition::Private).to_owned()));
        }
        return db::work::set_edition(conn, name(edition));
    }
    if stored == name(edition) {
        Ok(())
    } else {
        Err(Error::OtherEdition(stored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_edition_says_which_it_is() {
        let info = |edition| {
            let build = Build {
                version: "1.2.0".into(),
                locale: "de/CH".into(),
                system: "linux".into(),
                ..Build::new(edition)
            };
            assert_eq!(build.language(), "de");
            build.client_info()
        };
        assert_eq!(info(Edition::Private), "1.2.0;Q;de/CH;linux;private");
        assert_eq!(info(Edition::Work), "1.2.0k;Q;de/CH;linux");
        assert_eq!(info(Edition::OnPrem), "1.2.0o;Q;de/CH;linux");
    }

    #[test]
    fn a_database_keeps_its_edition() {
        let conn = Connection::open_in_memory().unwrap();
        db::migrate(&conn).unwrap();
        bind(&conn, Edition::Work).unwrap();
        bind(&conn, Edition::Work).unwrap();
        let refused = bind(&conn, Edition::Private);
        assert!(matches!(refused, Err(Error::OtherEdition(name)) if name == "work"));
    }
}
