//! What all commands share: which profile, its passphrase, the open client and its connection.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use dreiklang_client::view::{self, Me};
use dreiklang_client::{
    Client, Clock, ConnectionState, EngineEvent, Event, Options, Passphrase, Profile, Protection,
};
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use crate::args::Global;
use crate::failure::Failure;
use crate::moment::Calendar;
use crate::output;
use crate::texts::Texts;

/// A passphrase file is one line for people to type.
const PASSPHRASE_FILE_BYTES_MAX: u64 = 4 * 1024;
/// How long a command without a timeout of its own waits for the server.
pub(crate) const ONLINE_TIMEOUT: Duration = Duration::from_mins(1);

/// One run of the program.
pub(crate) struct Session<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) profile: Profile,
    pub(crate) clock: Clock,
    pub(crate) calendar: Calendar,
    is_json: bool,
    global: Global,
}

impl<'a> Session<'a> {
    pub(crate) fn new(global: Global, texts: &'a Texts) -> Result<Self, Failure> {
        let profile = Profile::locate(
            global.data_dir.as_deref(),
            global.app.into(),
            &global.profile,
        )?;
        let (clock, calendar) = (Clock::system(), Calendar::system());
        Ok(Self {
            texts,
            profile,
            clock,
            calendar,
            is_json: global.json,
            global,
        })
    }

    /// An empty variable counts as not set.
    pub(crate) fn has_colours(&self) -> bool {
        self.global.no_color.as_ref().is_none_or(String::is_empty)
    }

    /// Whether the terminal says that it shows every colour.
    pub(crate) fn has_true_colour(&self) -> bool {
        let words = self.global.colorterm.as_deref().unwrap_or_default();
        matches!(words, "truecolor" | "24bit")
    }

    /// Where files lie in the plain while another program shows them: in memory if the system has
    /// a folder for that.
    pub(crate) fn opened_folder(&self) -> PathBuf {
        let runtime = self.global.runtime_dir.as_ref();
        match runtime.filter(|folder| folder.is_absolute() && folder.is_dir()) {
            Some(folder) => {
                let app = format!("{:?}", self.global.app).to_lowercase();
                folder.join(format!("dreiklang-{app}-{}", self.global.profile))
            }
            None => self.profile.folder().join("opened"),
        }
    }

    /// Whether bold and italic text can be shown as such.
    pub(crate) fn has_styles(&self) -> bool {
        !self.is_json && io::stdout().is_terminal()
    }

    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// Prints for people, or else for a script.
    pub(crate) fn print<T: Serialize>(
        &self,
        for_people: impl FnOnce(&Texts) -> String,
        for_scripts: &T,
    ) -> Result<(), Failure> {
        if self.is_json {
            output::json(for_scripts)?;
        } else {
            let text = for_people(self.texts);
            if !text.is_empty() {
                output::line(&text)?;
            }
        }
        Ok(())
    }

    /// Opens the profile, offline.
    pub(crate) async fn open(&self) -> Result<Client, Failure> {
        let passphrase = self.passphrase()?;
        self.open_with(passphrase.as_ref()).await
    }

    /// Opens the profile with a passphrase that the person gave already.
    pub(crate) async fn open_with(
        &self,
        passphrase: Option<&Passphrase>,
    ) -> Result<Client, Failure> {
        let options = Options {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            locale: self.texts.language().locale(),
            stirred: Vec::new(),
            clock: self.clock.clone(),
        };
        Ok(Client::open(&self.profile, passphrase, options).await?)
    }

    /// Opens the profile and makes sure that the set-up was finished.
    pub(crate) async fn open_with_identity(&self) -> Result<(Client, Me), Failure> {
        let client = self.open().await?;
        match client.view(view::me).await? {
            Some(me) => Ok((client, me)),
            None => Err(Failure::new("no-identity")),
        }
    }

    /// The passphrase of the profile, if it has one: from the file, else from the person.
    pub(crate) fn passphrase(&self) -> Result<Option<Passphrase>, Failure> {
        if !self.profile.needs_passphrase()? {
            return Ok(None);
        }
        match &self.global.passphrase_file {
            Some(path) => passphrase_from(path).map(Some),
            None => self.ask_passphrase("passphrase-prompt").map(Some),
        }
    }

    /// How a new profile is protected.
    pub(crate) fn new_protection(
        &self,
        is_open: bool,
        key_file: Option<&Path>,
    ) -> Result<Protection, Failure> {
        if let Some(path) = key_file {
            return Ok(Protection::External(path.to_owned()));
        }
        if is_open {
            return Ok(Protection::Open);
        }
        let from = self.global.passphrase_file.as_deref();
        Ok(Protection::Passphrase(self.new_passphrase(from)?))
    }

    /// A passphrase that did not exist before: typed twice, unless it comes from a file.
    pub(crate) fn new_passphrase(&self, file: Option<&Path>) -> Result<Passphrase, Failure> {
        if let Some(path) = file {
            return passphrase_from(path);
        }
        let typed = self.ask("passphrase-new-prompt")?;
        if typed != self.ask("passphrase-repeat-prompt")? {
            return Err(Failure::usage("passphrases-differ"));
        }
        Passphrase::new(typed).ok_or_else(|| Failure::usage("passphrase-empty"))
    }

    fn ask_passphrase(&self, prompt: &str) -> Result<Passphrase, Failure> {
        Passphrase::new(self.ask(prompt)?).ok_or_else(|| Failure::usage("passphrase-empty"))
    }

    fn ask(&self, prompt: &str) -> Result<String, Failure> {
        if !io::stdin().is_terminal() {
            return Err(Failure::new("passphrase-needed"));
        }
        Ok(rpassword::prompt_password(self.texts.say(prompt))?)
    }
}

fn passphrase_from(path: &Path) -> Result<Passphrase, Failure> {
    Passphrase::new(secret_from(path)?).ok_or_else(|| Failure::usage("passphrase-empty"))
}

/// The first line of a file.
pub(crate) fn secret_from(path: &Path) -> Result<String, Failure> {
    let mut line = String::new();
    File::open(path)
        .and_then(|file| BufReader::new(file.take(PASSPHRASE_FILE_BYTES_MAX)).read_line(&mut line))
        .map_err(|cause| {
            Failure::new("file")
                .with("path", path.display())
                .with("reason", cause)
        })?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}

/// Connects and waits until the server has let us in.
pub(crate) async fn go_online(client: &Client, until: Instant) -> Result<(), Failure> {
    let mut state = client.connection();
    let mut events = client.events();
    // A locked app does not log in: waiting for it would only hide why.
    if let Some(reason) = client.view(view::standing).await?.locked {
        return Err(Failure::new("locked").with("reason", reason));
    }
    client.connect().await?;
    let mut failure = Failure::new("chat-timeout");
    loop {
        let now = state.borrow_and_update().clone();
        match now {
            ConnectionState::Online { .. } => return Ok(()),
            ConnectionState::Stopped(reason) => return Err(reason.into()),
            ConnectionState::Waiting { fault, .. } => failure = fault.into(),
            _ => {}
        }
        let news = async {
            tokio::select! {
                changed = state.changed() => changed.map_err(|_closed| Failure::new("stopped")),
                reason = lock(&mut events) => Err(Failure::new("locked").with("reason", reason)),
            }
        };
        match timeout_at(until, news).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => return Err(failure),
            // The last fault says more than that time is up.
            Err(_elapsed) => return Err(failure),
        }
    }
}

/// Waits until the app is locked.
async fn lock(events: &mut Receiver<Event>) -> String {
    loop {
        match events.recv().await {
            Ok(Event::Engine(EngineEvent::Locked { text })) => return text,
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            // The connection says that the client has ended.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
