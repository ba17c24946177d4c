//! The organisation of an instance: credentials, parameters, a contact list, an activation link.

use std::fs;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::site::Site;
use super::story::Person;

/// What was made, kept in a file beside the server so that it can be shown again.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Office {
    pub(super) name: String,
    pub(super) credentials: Vec<Credential>,
}

/// A licence of a person, or of nobody yet.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Credential {
    pub(super) username: String,
    pub(super) password: String,
}

const FILE: &str = "demo-office.json";
/// A licence that nobody uses yet.
pub(super) const GUEST: &str = "guest";

impl Office {
    /// What an earlier start has made.
    pub(super) fn read(site: &Site) -> Result<Self> {
        let text = fs::read_to_string(site.note(FILE))?;
        serde_json::from_str(&text).context("the file of the organisation is damaged")
    }

    /// Makes the organisation with a credential for each of these and for a guest.
    pub(super) fn make(site: &Site, name: &str, usernames: &[&str]) -> Result<Self> {
        if let Ok(made) = Self::read(site) {
            return Ok(made);
        }
        site.admin(&["org", "create", name, "--seats", "10"])?;
        let mut office = Self {
            name: name.to_owned(),
            credentials: Vec::new(),
        };
        for username in usernames.iter().chain(&[GUEST]) {
            let made = site.admin(&["credential", "create", username])?;
            let password = made["password"]
                .as_str()
                .context("`credential create --json` changed")?;
            office.credentials.push(Credential {
                username: (*username).to_owned(),
                password: password.to_owned(),
            });
        }
        site.admin(&["org", "set", "--directory", "on", "--contacts-auto", "on"])?;
        for (parameter, value) in PARAMETERS {
            site.admin(&["mdm", "set", parameter, value])?;
        }
        fs::write(site.note(FILE), serde_json::to_string_pretty(&office)?)?;
        Ok(office)
    }

    /// Puts its people into the contact list, under names and in a category.
    pub(super) fn furnish(&self, site: &Site, people: &[Person]) -> Result<()> {
        let category = site.admin(&["contact", "category", "Colleagues"])?;
        let category = category["id"]
            .as_str()
            .context("`contact category --json` changed")?;
        for person in people {
            let is_ours = self.credentials.iter().any(|it| it.username == person.name);
            if is_ours {
                let (first, last) = (person.nickname(), self.name.as_str());
                let names = ["--first-name", &first, "--last-name", last];
                let contact = ["contact", "set", &person.identity];
                site.admin(&[&contact[..], &names].concat())?;
                site.admin(&["contact", "assign", &person.identity, category])?;
            }
        }
        Ok(())
    }

    /// A fresh activation link for the guest; none if somebody uses that licence by now.
    pub(super) fn invitation(site: &Site) -> Option<String> {
        let made = site.admin(&["activation", "create", GUEST]).ok()?;
        made["link"].as_str().map(str::to_owned)
    }

    pub(super) fn credential(&self, username: &str) -> Option<&Credential> {
        self.credentials.iter().find(|it| it.username == username)
    }

    /// The credential that is left for whoever wants to try.
    pub(super) fn guest(&self) -> Option<&Credential> {
        self.credential(GUEST)
    }
}

/// What both organisations tell their apps.
const PARAMETERS: [(&str, &str); 2] = [
    ("th_safe_password_pattern", "^.{10,}$"),
    ("th_disable_share_media", "true"),
];
