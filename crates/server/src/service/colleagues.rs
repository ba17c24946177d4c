//! Who belongs together: what a user of an organisation is told about its members and contacts.

use std::collections::{BTreeMap, BTreeSet};

use dreiklang_crypto::PublicKey;
use dreiklang_store::{
    Contact, DirectoryQuery, IdentityState, Member, MemberFilter, Org, Read, Result as Stored,
};
use dreiklang_wire::id::Identity;
use dreiklang_wire::mdm::{Parameter, Value};

use crate::app::App;
use crate::error::Error;
use crate::service::licenses::License;
use crate::service::mdm;

/// Somebody whom an organisation vouches for. Texts are empty where nothing is known.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// Who.
    pub identity: Identity,
    /// The client key.
    pub public_key: PublicKey,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// What they do.
    pub job_title: String,
    /// Where they do it.
    pub department: String,
    /// By what the organisation knows them.
    pub csi: String,
    /// Whether they are at work, encoded.
    pub availability: Vec<u8>,
    /// The ids of their categories; only a search tells them.
    pub categories: Vec<String>,
}

/// A page of a search.
#[derive(Debug, Clone)]
pub struct Found {
    /// Those on this page.
    pub colleagues: Vec<Colleague>,
    /// How many there are on all pages.
    pub total: u64,
    /// What their organisation is called.
    pub org_name: String,
}

/// Those of some identities that the organisation vouches for.
pub async fn among(
    app: &App,
    license: License,
    asked: Vec<Identity>,
) -> Result<Vec<Colleague>, Error> {
    let org = license.org;
    app.store
        .read(move |read| {
            Box::pin(async move {
                let Some(org) = read.org(org).await? else {
                    return Ok(Vec::new());
                };
                let mut list = List::default();
                list.ask(read, &org, asked).await?;
                list.with_keys(read).await
            })
        })
        .await
        .map_err(Error::of_store)
}

/// The same, and everybody whom the organisation gives to each of its users; without the user, if
/// the licence tells who that is.
pub async fn of_user(
    app: &App,
    license: License,
    asked: Vec<Identity>,
) -> Result<Vec<Colleague>, Error> {
    app.store
        .read(move |read| {
            Box::pin(async move {
                let Some(org) = read.org(license.org).await? else {
                    return Ok(Vec::new());
                };
                let mut list = List::default();
                if org.contacts_auto {
                    list.add_everybody(read, &org).await?;
                }
                list.ask(read, &org, asked).await?;
                for contact in read.enabled_contacts(org.id).await? {
                    let identity = contact.identity;
                    let member = read.member(identity).await?;
                    list.add(&org, identity, member.as_ref(), Some(&contact));
                }
                let own = read.credential(org.id, &license.credential).await?;
                if let Some(own) = own.and_then(|it| it.identity) {
                    list.0.remove(&own);
                }
                list.with_keys(read).await
            })
        })
        .await
        .map_err(Error::of_store)
}

/// Searches the directory of an organisation for one of its members. [`Error::Forbidden`]: it has
/// none, or not for this licence or this member.
pub async fn search(
    app: &App,
    license: License,
    member: Identity,
    query: DirectoryQuery,
    page: u32,
    size: u32,
) -> Result<Found, Error> {
    let parameters = mdm::of_license(app, license).await?;
    if parameters.value(Parameter::DisableWorkDirectory) == Some(&Value::Bool(true)) {
        return Err(Error::Forbidden);
    }
    app.store
        .read(move |read| {
            Box::pin(async move {
                let org = read.org(license.org).await?;
                let Some(org) = org.filter(|it| it.directory_enabled) else {
                    return Ok(None);
                };
                let asking = read.member(member).await?;
                if asking.is_some_and(|it| it.org != org.id || it.withdrawn_at.is_some()) {
                    return Ok(None);
                }
                found(read, org, &query, page.into(), size.into())
                    .await
                    .map(Some)
            })
        })
        .await
        .map_err(Error::of_store)?
        .ok_or(Error::Forbidden)
}

async fn found(
    read: &Read<'_>,
    org: Org,
    query: &DirectoryQuery,
    page: u64,
    size: u64,
) -> Stored<Found> {
    let (members, total) = read.members_search(org.id, query, page, size).await?;
    let mut colleagues = Vec::new();
    // One by one, because the order is that of the search.
    for member in members {
        let contact = read.contact(org.id, member.identity).await?;
        let mut list = List::default();
        list.add_found(&member, contact.as_ref());
        for mut colleague in list.with_keys(read).await? {
            let categories = read.categories_of(org.id, colleague.identity).await?;
            colleague.categories = categories
                .into_iter()
                .filter(|it| it.is_enabled)
                .map(|it| it.id.to_string())
                .collect();
            colleagues.push(colleague);
        }
    }
    Ok(Found {
        colleagues,
        total,
        org_name: org.name,
    })
}

/// What is known of each, once.
#[derive(Default)]
struct List(BTreeMap<Identity, Facts>);

struct Facts {
    first_name: String,
    last_name: String,
    job_title: String,
    department: String,
    csi: String,
    availability: Vec<u8>,
}

impl List {
    /// Adds those of some identities that are of the organisation.
    async fn ask(&mut self, read: &Read<'_>, org: &Org, asked: Vec<Identity>) -> Stored<()> {
        for identity in asked.into_iter().collect::<BTreeSet<_>>() {
            if self.0.contains_key(&identity) {
                continue;
            }
            let contact = read.contact(org.id, identity).await?;
            let member = read.member(identity).await?;
            self.add(org, identity, member.as_ref(), contact.as_ref());
        }
        Ok(())
    }

    /// Adds every member.
    async fn add_everybody(&mut self, read: &Read<'_>, org: &Org) -> Stored<()> {
        let filter = MemberFilter::default();
        let (members, _) = read.members_page(org.id, &filter, 0, ALL).await?;
        let (contacts, _) = read.contacts_page(org.id, None, 0, ALL).await?;
        let contacts: BTreeMap<_, _> = contacts.iter().map(|it| (it.identity, it)).collect();
        for member in &members {
            let contact = contacts.get(&member.identity).copied();
            self.add(org, member.identity, Some(member), contact);
        }
        Ok(())
    }

    /// Adds somebody if the organisation vouches for them: a contact that is enabled, or a member
    /// that is no disabled contact, as long as members are marked at all.
    fn add(
        &mut self,
        org: &Org,
        identity: Identity,
        member: Option<&Member>,
        contact: Option<&Contact>,
    ) {
        let member = member.filter(|it| it.org == org.id);
        let is_wanted = match contact {
            Some(contact) => contact.is_enabled,
            None => member.is_some() && org.contacts_marked,
        };
        if is_wanted {
            self.0.insert(identity, Facts::of(member, contact));
        }
    }

    /// Adds what a search has found: marks do not matter there, only what was disabled does.
    fn add_found(&mut self, member: &Member, contact: Option<&Contact>) {
        if contact.is_none_or(|it| it.is_enabled) {
            let facts = Facts::of(Some(member), contact);
            self.0.insert(member.identity, facts);
        }
    }

    /// Whoever still has an identity, with its key.
    async fn with_keys(self, read: &Read<'_>) -> Stored<Vec<Colleague>> {
        let identities: Vec<_> = self.0.keys().copied().collect();
        let rows = read.identities(&identities).await?;
        let keys: BTreeMap<_, _> = rows
            .into_iter()
            .filter(|row| row.state != IdentityState::Revoked)
            .map(|row| (row.identity, row.public_key))
            .collect();
        let colleague = |(identity, facts): (Identity, Facts)| {
            Some(Colleague {
                identity,
                public_key: *keys.get(&identity)?,
                first_name: facts.first_name,
                last_name: facts.last_name,
                job_title: facts.job_title,
                department: facts.department,
                csi: facts.csi,
                availability: facts.availability,
                categories: Vec::new(),
            })
        };
        Ok(self.0.into_iter().filter_map(colleague).collect())
    }
}

impl Facts {
    /// Names that an administrator gave win over those that an app told.
    fn of(member: Option<&Member>, contact: Option<&Contact>) -> Self {
        let named = contact.filter(|it| !(it.first_name.is_empty() && it.last_name.is_empty()));
        let profile = member.map(|it| &it.profile);
        let (first_name, last_name) = match (named, profile) {
            (Some(contact), _) => (contact.first_name.clone(), contact.last_name.clone()),
            (None, Some(profile)) => (profile.first_name.clone(), profile.last_name.clone()),
            (None, None) => (String::new(), String::new()),
        };
        let of_profile = |text: fn(&dreiklang_store::Profile) -> &String| {
            profile.map(text).cloned().unwrap_or_default()
        };
        Self {
            first_name,
            last_name,
            job_title: of_profile(|it| &it.job_title),
            department: of_profile(|it| &it.department),
            csi: of_profile(|it| &it.csi),
            availability: member.map(|it| it.availability.clone()).unwrap_or_default(),
        }
    }
}

const ALL: u64 = u64::MAX;
