//! Everything before and around an open profile: setting up, locking, opening, erasing.

mod described;
mod events;
mod lock;
mod setup;

use dreiklang_client::desk::types::Declarations;
use dreiklang_client::desk::{Desk, Failure, Outgoing, Source, read_qr};
use dreiklang_client::{App, Client, Error, Passphrase, PlaceFault, Profile, view};
use n0_future::task::JoinHandle;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::{Mutex, broadcast};
use ts_rs::TS;

pub use events::Events;

use described::{Described, StageEvent};

/// There is one profile per origin.
const PROFILE: &str = "main";
/// Events that a slow page may lag behind.
const EVENTS_MAX: usize = 1_024;

/// How the core was started.
#[derive(Clone, Debug)]
pub struct Options {
    app: App,
    /// `https://app.example.org`, without a slash at the end.
    origin: String,
    locale: String,
    version: String,
    /// Where profiles lie; a browser has one place only.
    folder: Option<std::path::PathBuf>,
}

impl Options {
    /// For an edition (`private`, `work`, `onprem`) and the origin that ships it.
    pub fn new(edition: &str, origin: &str) -> Option<Self> {
        let apps = [App::Private, App::Work, App::OnPrem];
        Some(Self {
            app: apps.into_iter().find(|app| app.as_str() == edition)?,
            origin: origin.trim_end_matches('/').to_owned(),
            locale: "en".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            folder: None,
        })
    }

    /// With the language of the person.
    #[must_use]
    pub fn with_locale(mut self, locale: &str) -> Self {
        if !locale.is_empty() {
            locale.clone_into(&mut self.locale);
        }
        self
    }

    /// With the version of the app.
    #[must_use]
    pub fn with_version(mut self, version: &str) -> Self {
        if !version.is_empty() {
            version.clone_into(&mut self.version);
        }
        self
    }

    /// With another place for profiles.
    #[must_use]
    pub fn with_folder(mut self, folder: &std::path::Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }
}

/// What was asked for.
pub struct Answer {
    /// The reply.
    pub reply: Value,
    /// A file that goes with it.
    pub file: Option<Outgoing>,
}

/// The core of one app.
pub struct Stage {
    options: Options,
    /// One change of the stage after the other; what is asked of an open profile does not wait
    /// here.
    state: Mutex<State>,
    events: broadcast::Sender<Value>,
}

#[derive(Default)]
struct State {
    /// Whether the place for profiles was taken.
    has_place: bool,
    /// Why not.
    no_place: Option<PlaceFault>,
    open: Option<Open>,
    /// Opening failed because the organisation's server holds half of the key.
    is_remote_locked: bool,
}

/// An open profile.
struct Open {
    client: Client,
    desk: Desk,
    /// Tells what happens.
    pump: JoinHandle<()>,
}

/// What concerns the stage.
#[derive(Debug, Deserialize, TS)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[ts(rename = "StageRequest")]
enum Request {
    Stage {},
    TakeOver {},
    Release {},
    Begin(setup::Begin),
    IdentityNew(setup::IdentityNew),
    IdentityRestoreSafe(setup::IdentityRestoreSafe),
    IdentityImport(setup::IdentityImport),
    Unlock {
        secret: String,
    },
    LockSet(lock::LockSet),
    LockNow {},
    Erase {
        confirm: String,
    },
    /// All others are for the desk.
    #[serde(other)]
    #[ts(skip)]
    Other,
}

/// What stands for the identity where nobody can know it.
const EVERYTHING: &str = "everything";

impl Stage {
    /// The core of an app; nothing is opened yet.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            state: Mutex::default(),
            events: broadcast::channel(EVENTS_MAX).0,
        }
    }

    /// Everything that happens from now on.
    pub fn events(&self) -> Events {
        Events::new(self.events.subscribe())
    }

    /// Does what a page asks for.
    pub async fn ask(
        &self,
        request: Value,
        file: Option<Box<dyn Source>>,
    ) -> Result<Answer, Failure> {
        let request = match parsed(&request)? {
            Request::Other => return self.ask_desk(parsed(&request)?, file).await,
            request => request,
        };
        let mut state = self.state.lock().await;
        let is_question = matches!(request, Request::Stage {});
        let done = self.perform(&mut state, request).await;
        let now = self.describe(&mut state).await?;
        drop(state);
        let reply = to_json(&now)?;
        if !is_question {
            self.tell(to_json(&StageEvent::Stage(now))?);
        }
        done?;
        Ok(Answer { reply, file: None })
    }

    async fn perform(&self, state: &mut State, request: Request) -> Result<(), Failure> {
        match request {
            Request::Stage {} | Request::TakeOver {} => self.open_if_possible(state).await,
            Request::Release {} => self.release(state).await,
            Request::Begin(begin) => self.begin(state, begin).await,
            Request::IdentityNew(new) => self.identity_new(state, new).await,
            Request::IdentityRestoreSafe(safe) => self.identity_restore_safe(state, safe).await,
            Request::IdentityImport(import) => self.identity_import(state, import).await,
            Request::Unlock { secret } => self.unlock(state, secret).await,
            Request::LockSet(set) => self.lock_set(state, set).await,
            Request::LockNow {} => self.close(state).await,
            Request::Erase { confirm } => self.erase(state, &confirm).await,
            Request::Other => Err(Failure::usage("bad-command")),
        }
    }

    /// What concerns an open profile.
    async fn ask_desk(
        &self,
        request: dreiklang_client::desk::Request,
        file: Option<Box<dyn Source>>,
    ) -> Result<Answer, Failure> {
        if let dreiklang_client::desk::Request::QrRead { width, height } = request {
            // People scan what an organisation gave them before there is a profile.
            return Ok(Answer {
                reply: to_json(&read_qr(file, width, height)?)?,
                file: None,
            });
        }
        let desk = {
            let state = self.state.lock().await;
            state.open.as_ref().map(|open| open.desk.clone())
        };
        let desk = desk.ok_or_else(|| Failure::new("not-open"))?;
        let answered = desk.answer(request, file).await?;
        let reply = to_json(&answered.answer)?;
        Ok(Answer {
            reply,
            file: answered.file,
        })
    }

    fn profile(&self) -> Result<Profile, Failure> {
        let folder = self.options.folder.as_deref();
        Ok(Profile::locate(folder, self.options.app, PROFILE)?)
    }

    /// Opens what needs no word from anybody.
    async fn open_if_possible(&self, state: &mut State) -> Result<(), Failure> {
        if self.take_place(state).await.is_err() {
            // The stage says so.
            return Ok(());
        }
        let profile = self.profile()?;
        if state.open.is_some() || !profile.exists() || profile.needs_passphrase()? {
            return Ok(());
        }
        match self.open(state, None).await {
            // The stage says so.
            Err(_) if state.is_remote_locked => Ok(()),
            other => other,
        }
    }

    async fn take_place(&self, state: &mut State) -> Result<(), Failure> {
        if state.has_place {
            return Ok(());
        }
        let taken = dreiklang_client::take_place().await;
        state.has_place = taken.is_ok();
        state.no_place = taken.err();
        taken.map_err(|fault| match fault {
            PlaceFault::Elsewhere => Failure::new("elsewhere"),
            PlaceFault::Unsupported => Failure::new("unsupported"),
        })
    }

    /// Opens the profile and connects.
    async fn open(&self, state: &mut State, secret: Option<&Passphrase>) -> Result<(), Failure> {
        self.open_stirred(state, secret, Vec::new()).await
    }

    async fn open_stirred(
        &self,
        state: &mut State,
        secret: Option<&Passphrase>,
        stirred: Vec<u8>,
    ) -> Result<(), Failure> {
        let profile = self.profile()?;
        let options = dreiklang_client::Options {
            version: self.options.version.clone(),
            locale: self.options.locale.clone(),
            stirred,
            ..dreiklang_client::Options::default()
        };
        let clock = options.clock.clone();
        let client = match Client::open(&profile, secret, options).await {
            Ok(client) => client,
            Err(error) => {
                state.is_remote_locked = matches!(error, Error::RemoteSecret(_));
                return Err(error.into());
            }
        };
        state.is_remote_locked = false;
        let instance = profile.instance()?;
        let desk = Desk::new(client.clone(), clock, instance);
        let pump = events::pump(desk.clone(), self.events.clone());
        client.connect().await?;
        state.open = Some(Open { client, desk, pump });
        Ok(())
    }

    /// Closes the profile, if it is open.
    async fn close(&self, state: &mut State) -> Result<(), Failure> {
        if let Some(open) = state.open.take() {
            open.pump.abort();
            drop(open.desk);
            open.client.close().await?;
        }
        Ok(())
    }

    /// Lets another tab have the profile.
    async fn release(&self, state: &mut State) -> Result<(), Failure> {
        self.close(state).await?;
        if std::mem::take(&mut state.has_place) {
            dreiklang_client::leave_place()?;
            state.no_place = Some(PlaceFault::Elsewhere);
        }
        Ok(())
    }

    async fn describe(&self, state: &mut State) -> Result<Described, Failure> {
        let mut now = Described::new(self.options.app.as_str(), &self.options.version);
        if state.has_place {
            let profile = self.profile()?;
            now = now.with_lock(lock::kind(&profile)?);
            match &state.open {
                Some(open) => {
                    now.plan = setup::plan(&open.client).await?;
                    now.stage = if now.plan.is_some() {
                        "no_identity"
                    } else {
                        "open"
                    };
                    now.instance = profile.instance().ok().map(|instance| instance.name);
                }
                None if !profile.exists() => now.stage = "empty",
                None if state.is_remote_locked => now.stage = "remote_locked",
                None => now.stage = "locked",
            }
        } else if state.no_place == Some(PlaceFault::Unsupported) {
            now.stage = "unsupported";
        }
        Ok(now)
    }

    fn tell(&self, event: Value) {
        // Without a page there is nobody to tell.
        let _ = self.events.send(event);
    }

    async fn erase(&self, state: &mut State, confirm: &str) -> Result<(), Failure> {
        let expected = match &state.open {
            Some(open) => open.client.view(view::me).await?.map(|me| me.identity),
            // Whoever has lost the key to a locked profile can still begin anew.
            None if !state.has_place || !self.profile()?.exists() => {
                return Err(Failure::new("not-open"));
            }
            None if confirm != EVERYTHING => return Err(Failure::usage("wrong-confirmation")),
            None => None,
        };
        if expected.is_some_and(|identity| identity.as_str() != confirm) {
            return Err(Failure::usage("wrong-confirmation"));
        }
        self.close(state).await?;
        state.is_remote_locked = false;
        Ok(self.profile()?.delete()?)
    }
}

fn parsed<'a, T: Deserialize<'a>>(request: &'a Value) -> Result<T, Failure> {
    T::deserialize(request).map_err(|error| Failure::usage("bad-command").with("reason", error))
}

fn to_json(noun: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(noun).map_err(|error| Failure::new("input-output").with("reason", error))
}

/// The nouns of desk and stage together, in TypeScript.
pub fn typescript() -> String {
    let mut all = Declarations::desk();
    all.request::<Request>();
    all.event::<StageEvent>();
    all.answer_others::<Described>();
    all.typescript()
}

#[cfg(test)]
mod tests;
