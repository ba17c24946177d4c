//! What an API key may do: a set of areas, each to read or to write (features.md W33).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What a right is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The organisation itself.
    Subscription,
    /// Credentials, members and their access.
    Users,
    /// The contact list and its categories.
    Contacts,
    /// What apps are told to do.
    Configuration,
    /// API keys.
    Api,
    /// What administrators did, and what is known about a person.
    Privacy,
}

/// What a call does to its area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// Looks.
    Read,
    /// Changes; whoever may change may look.
    Write,
}

/// The rights of one key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rights(BTreeMap<Area, Verb>);

/// A word that names no right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no right; write e.g. users:read, contacts:write or all")]
pub struct UnknownRight(String);

impl Area {
    /// Every area.
    pub const ALL: [Self; 6] = [
        Self::Subscription,
        Self::Users,
        Self::Contacts,
        Self::Configuration,
        Self::Api,
        Self::Privacy,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::Users => "users",
            Self::Contacts => "contacts",
            Self::Configuration => "configuration",
            Self::Api => "api",
            Self::Privacy => "privacy",
        }
    }
}

impl Verb {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl Rights {
    /// Everything.
    pub fn all() -> Self {
        Self(Area::ALL.map(|area| (area, Verb::Write)).into())
    }

    /// Whether these rights allow it.
    pub fn allow(&self, area: Area, verb: Verb) -> bool {
        self.0.get(&area).is_some_and(|held| *held >= verb)
    }

    /// Whether these rights allow all that others allow: nobody hands out more than they have.
    pub fn include(&self, other: &Self) -> bool {
        other.0.iter().all(|(area, verb)| self.allow(*area, *verb))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// `contacts:read,users:write`
impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (area, verb)) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{}:{}", area.name(), verb.name())?;
        }
        Ok(())
    }
}

impl FromStr for Rights {
    type Err = UnknownRight;

    /// Words between commas: `AREA:read`, `AREA:write` or `all`. The stronger of two words for one
    /// area counts.
    fn from_str(text: &str) -> Result<Self, UnknownRight> {
        let mut rights = Self::default();
        for word in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            if word == "all" {
                return Ok(Self::all());
            }
            let unknown = || UnknownRight(word.chars().take(40).collect());
            let (area, verb) = word.split_once(':').ok_or_else(unknown)?;
            let area = Area::ALL.into_iter().find(|it| it.name() == area);
            let verb = [Verb::Read, Verb::Write]
                .into_iter()
                .find(|it| it.name() == verb);
            let (area, verb) = area.zip(verb).ok_or_else(unknown)?;
            let held = rights.0.entry(area).or_insert(verb);
            *held = (*held).max(verb);
        }
        Ok(rights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_read_and_written() {
        let rights: Rights = "users:read, contacts:write,users:write,contacts:read"
            .parse()
            .unwrap();
        assert_eq!(rights.to_string(), "users:write,contacts:write");
        assert_eq!(rights.to_string().parse(), Ok(rights));
        assert_eq!("all".parse(), Ok(Rights::all()));
        assert!("".parse::<Rights>().unwrap().is_empty());
        for bad in ["users", "users:delete", "everything:read", "Users:read"] {
            assert!(bad.parse::<Rights>().is_err(), "{bad}");
        }
    }

    #[test]
    fn writing_includes_reading_and_nothing_else() {
        let rights: Rights = "users:write,contacts:read".parse().unwrap();
        assert!(rights.allow(Area::Users, Verb::Write) && rights.allow(Area::Users, Verb::Read));
        assert!(rights.allow(Area::Contacts, Verb::Read));
        assert!(!rights.allow(Area::Contacts, Verb::Write));
        assert!(!rights.allow(Area::Api, Verb::Read));
        assert!(Rights::all().include(&rights) && !rights.include(&Rights::all()));
        assert!(rights.include(&"contacts:read".parse().unwrap()));
    }
}
