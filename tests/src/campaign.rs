//! A campaign: clients at work, a server that is struck again and again, and a verdict.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use dreiklang_crypto::{PublicKey, SecretKey};
use dreiklang_wire::id::Identity;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::bot::{Bot, Shared};
use crate::dice::Dice;
use crate::ground::{Disk, Ground};
use crate::history::{self, Event, Person, Recorder, Report};
use crate::server::Server;
use crate::wire::Account;

/// What happens to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// SIGKILL.
    Kill,
    /// The power fails, then SIGKILL.
    Cut,
}

/// What to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The program of the server.
    pub program: PathBuf,
    /// The planted bug, if the program has one.
    pub bug: Option<String>,
    /// What happens.
    pub fault: Fault,
    /// How often.
    pub cycles: u64,
    /// How many letters must be acknowledged in each cycle before it happens, at least.
    pub acked_per_cycle: u64,
    /// The same seed makes the same letters; when they arrive is up to the machine.
    pub seed: u64,
    /// Where to write the history if a promise was broken.
    pub history: Option<PathBuf>,
}

/// Runs a campaign to its end and checks its history.
pub fn run(plan: &Plan) -> Result<Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let recorder = Recorder::default();
    let end = runtime.block_on(fight(plan, &recorder));
    let events = recorder.events();
    let report = history::check(&events);
    if let Some(path) = &plan.history
        && (end.is_err() || !report.violations.is_empty())
    {
        std::fs::write(path, history::text_of(&events))?;
    }
    end.with_context(|| format!("so far: {report}"))?;
    Ok(report)
}

async fn fight(plan: &Plan, recorder: &Recorder) -> Result<()> {
    let mut ground = match plan.fault {
        Fault::Kill => Ground::Folder(tempfile::tempdir()?),
        Fault::Cut => Ground::Disk(Disk::create()?),
    };
    let mut dice = Dice::new(plan.seed);
    let mut crowd = Crowd::settle(
        &plan.program,
        plan.bug.as_deref(),
        ground.folder(),
        &mut dice,
        recorder,
    )?;
    if let Ground::Disk(disk) = &mut ground {
        // What was there before the campaign is not part of it: unmounting synchronises all.
        disk.mount_again()?;
    }
    for cycle in 0..plan.cycles {
        crowd.start()?;
        // Not always at the same count, so not always at the same place in a batch.
        let goal = plan.acked_per_cycle + u64::try_from(dice.below(64))?;
        let switch = match &ground {
            Ground::Folder(_) => None,
            Ground::Disk(disk) => Some(disk.arm()?),
        };
        let clients = crowd.play();
        crowd.await_acked(goal).await?;
        crowd.shared.is_over.store(true, Ordering::SeqCst);
        if let Some(switch) = switch {
            // First nobody hears the server any more, then the power fails.
            crowd.shared.recorder.note(Event::Cut);
            switch.cut()?;
        } else {
            crowd.shared.recorder.note(Event::Kill);
        }
        crowd.server.kill()?;
        crowd
            .gather(clients)
            .await
            .with_context(|| format!("in cycle {cycle}"))?;
        if let Ground::Disk(disk) = &mut ground {
            disk.mount_again()?;
        }
    }
    crowd.start()?;
    // The first round empties the outboxes, and each later one must find what is left.
    for _ in 0..DRAINS {
        crowd.drain().await?;
    }
    // The disk can go only after the server.
    crowd.server.kill()
}

/// A server and its clients.
pub struct Crowd {
    /// The server.
    pub server: Server,
    /// What the clients share.
    pub shared: Arc<Shared>,
    bots: Vec<Bot>,
}

impl Crowd {
    /// Makes an instance in a folder with clients that it knows.
    pub fn settle(
        program: &Path,
        bug: Option<&str>,
        folder: &Path,
        dice: &mut Dice,
        recorder: &Recorder,
    ) -> Result<Self> {
        let server = Server::init(program, bug, &folder.join("server"))?;
        let server_key = server.instance()?.chat.public_key;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            let identity: Identity = format!("BOT{number:05}").parse()?;
            let mut secret = [0; 32];
            secret.copy_from_slice(&dice.bytes(32));
            people.push((identity, secret));
        }
        let public = |secret: [u8; 32]| -> PublicKey { SecretKey::from_bytes(secret).public() };
        let known: Vec<_> = people.iter().map(|(id, key)| (*id, public(*key))).collect();
        server.import(&known)?;
        let shared = Arc::new(Shared {
            people: known.iter().map(|(identity, _)| *identity).collect(),
            recorder: recorder.clone(),
            ..Shared::default()
        });
        let mut bots = Vec::new();
        for (number, (identity, secret)) in (0..).zip(people) {
            let account = Account {
                address: server.chat_address(),
                server_key,
                identity,
                secret,
            };
            let shared = Arc::clone(&shared);
            bots.push(Bot::new(account, Person(number), shared, dice.number()));
        }
        Ok(Self {
            server,
            shared,
            bots,
        })
    }

    /// Starts the server.
    pub fn start(&mut self) -> Result<()> {
        self.server.start()?;
        self.shared.recorder.note(Event::Restart);
        self.shared.is_over.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// Lets all clients play until it is over.
    pub fn play(&mut self) -> JoinSet<Result<Bot>> {
        self.shared.acked.store(0, Ordering::SeqCst);
        self.bots.drain(..).map(Bot::play).collect()
    }

    /// Waits until so many letters were acknowledged since `play`.
    pub async fn await_acked(&self, goal: u64) -> Result<()> {
        while self.shared.acked.load(Ordering::SeqCst) < goal {
            if timeout(PATIENCE, self.shared.progress.notified())
                .await
                .is_err()
            {
                let acked = self.shared.acked.load(Ordering::SeqCst);
                bail!("nothing is acknowledged any more after {acked} of {goal} letters");
            }
        }
        Ok(())
    }

    /// Waits for all clients.
    pub async fn gather(&mut self, mut clients: JoinSet<Result<Bot>>) -> Result<()> {
        let all = async {
            while let Some(bot) = clients.join_next().await {
                self.bots.push(bot??);
            }
            Ok(())
        };
        let end = timeout(GATHER_TIMEOUT, all).await;
        end.unwrap_or_else(|_elapsed| bail!("the clients do not come to an end"))
    }

    /// Each client takes all of its queue once.
    pub async fn drain(&mut self) -> Result<()> {
        let clients = self.bots.drain(..).map(Bot::drain).collect();
        self.gather(clients).await
    }
}

const PEOPLE: u8 = 5;
const DRAINS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(20);
/// Above the patience of a single client, which knows better what it waited for.
const GATHER_TIMEOUT: Duration = Duration::from_secs(30);
