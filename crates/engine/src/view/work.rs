//! The organisation behind the app, and how the app stands with it.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::{
    Timestamp,
    db::{
        self,
        links::{Kind, State},
    },
    error::Result,
    work::logo::{DARK, LIGHT},
};

/// What the organisation says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    /// Its name; empty for none.
    pub name: String,
    /// Where its people get help; empty for nowhere.
    pub support_url: String,
    /// The address of its logo on light ground; empty for none.
    pub logo_light: String,
    /// The address of its logo on dark ground; empty for none.
    pub logo_dark: String,
    /// Whether it has a directory.
    pub has_directory: bool,
    /// The names of the directory's categories, by id.
    pub categories: BTreeMap<String, String>,
}

/// How the app stands with its servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The user name of the licence; empty for none. The password is shown to nobody.
    pub username: String,
    /// Whether the server has ever accepted the licence.
    pub is_licensed: bool,
    /// Why the app is locked, in the server's words.
    pub locked: Option<String>,
    /// Whether the person has to give new credentials.
    pub needs_credentials: bool,
    /// Why the server sent this app away, in its words.
    pub displaced: Option<String>,
    /// Whether that is because another app uses the identity.
    pub is_elsewhere: bool,
    /// When the organisation was asked last.
    pub synced_at: Option<Timestamp>,
}

/// Addresses that lead others to the own identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The e-mail address.
    pub email: Link,
    /// The phone number, its digits with the country code.
    pub phone: Link,
}

/// One address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// None.
    #[default]
    None,
    /// It waits for a confirmation.
    Waiting(String),
    /// It is linked.
    Linked(String),
}

/// What the organisation said about itself at last.
pub fn organisation(conn: &Connection) -> Result<Organisation> {
    let row = db::work::org(conn)?;
    Ok(Organisation {
        name: row.name,
        support_url: row.support_url,
        logo_light: row.logo_light,
        logo_dark: row.logo_dark,
        has_directory: row.is_directory_enabled,
        categories: row.categories,
    })
}

/// The logo of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// A PNG.
    pub png: Vec<u8>,
    /// Whether it is for dark ground.
    pub is_dark: bool,
}

/// The logo of the organisation for dark or light ground; the other one if there is only that.
pub fn logo(conn: &Connection, is_dark: bool) -> Result<Option<Logo>> {
    for is_dark in [is_dark, !is_dark] {
        if let Some(png) = db::logos::png(conn, if is_dark { DARK } else { LIGHT })? {
            return Ok(Some(Logo { png, is_dark }));
        }
    }
    Ok(None)
}

/// How the app stands with its servers.
pub fn standing(conn: &Connection) -> Result<Standing> {
    let row = db::work::standing(conn)?;
    let words = |text: String| (!text.is_empty()).then_some(text);
    let policy = crate::policy::stored(conn)?;
    let license = crate::policy::license(&policy, conn)?;
    let synced_at = db::work::synced_at(conn)?;
    Ok(Standing {
        username: license.map(|license| license.username).unwrap_or_default(),
        is_licensed: row.is_licensed,
        locked: words(row.lock_text),
        needs_credentials: row.needs_credentials,
        is_elsewhere: crate::work::is_elsewhere(&row.displaced_text),
        displaced: words(row.displaced_text),
        synced_at: (synced_at != Timestamp::default()).then_some(synced_at),
    })
}

/// The own addresses.
pub fn links(conn: &Connection) -> Result<Links> {
    let link = |kind| -> Result<Link> {
        let row = db::links::find(conn, kind)?;
        Ok(match row.state {
            State::None => Link::None,
            State::Waits => Link::Waiting(row.address),
            State::Linked => Link::Linked(row.address),
        })
    };
    Ok(Links {
        email: link(Kind::Email)?,
        phone: link(Kind::Phone)?,
    })
}
