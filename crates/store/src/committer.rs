//! The one writer: takes what waits, commits it in one transaction, then answers in order.

mod ground;

use core::{
    future::{Future, poll_fn},
    panic::AssertUnwindSafe,
    pin::Pin,
    task::Poll,
    time::Duration,
};
use std::panic::catch_unwind;

use tokio::sync::{mpsc, oneshot};

use crate::{Error, Result, Tx, messages::place, queue::Work, sql::Connection};

pub(crate) use ground::Ground;

/// One thing that waits for the committer.
pub(crate) enum Op {
    /// A closure of [`crate::Store::write`].
    Act(Act),
    /// A batch of the hot path.
    Batch(Work),
    /// Finish what was submitted before, then empty the write-ahead log.
    Scrub(oneshot::Sender<Result<()>>),
    /// Finish what was submitted before, checkpoint, and end.
    Stop(oneshot::Sender<()>),
}

/// A closure that runs in its own savepoint and tells afterwards whether to keep its changes.
pub(crate) type Act =
    Box<dyn for<'t> FnOnce(&'t Tx<'t>) -> Pin<Box<dyn Future<Output = Verdict> + 't>> + Send>;

/// What a closure decided, and the answer to its caller once the commit is known.
pub(crate) struct Verdict {
    pub(crate) keep: bool,
    pub(crate) answer: Answer,
}

/// Answers one submitter: `None` after a durable commit, otherwise why there was none.
pub(crate) type Answer = Box<dyn FnOnce(Option<Error>)>;

/// A step of the current transaction; attempts may repeat batches but never closures.
enum Step {
    Act(Act),
    Ran(Answer),
    Failed(Answer, Error),
    Batch(Work),
}

pub(crate) struct Committer {
    ground: Ground,
    next_position: i64,
}

impl Committer {
    /// Takes the connection that writes; positions go on after the greatest that is stored.
    pub(crate) async fn new(ground: Ground) -> Result<Self> {
        let tx = Tx::new(ground.connection());
        let sql = "SELECT coalesce(max(position), 0) FROM messages";
        let next_position = tx.number(sql, &[]).await? + 1;
        Ok(Self {
            ground,
            next_position,
        })
    }

    /// Works until the store is closed or every handle is gone.
    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<Op>) {
        let mut stopped = None;
        while stopped.is_none() {
            let Some(mut op) = self.next(&mut inbox).await else {
                break;
            };
            let mut steps = Vec::new();
            let mut scrubbed = None;
            let mut weight = 0;
            loop {
                match op {
                    Op::Act(act) => steps.push(Step::Act(act)),
                    Op::Batch(work) => {
                        weight += work.weight();
                        steps.push(Step::Batch(work));
                    }
                    Op::Scrub(done) => {
                        scrubbed = Some(done);
                        break;
                    }
                    Op::Stop(done) => {
                        stopped = Some(done);
                        inbox.close();
                        break;
                    }
                }
                if weight >= WEIGHT_MAX || steps.len() >= STEPS_MAX {
                    break;
                }
                match inbox.try_recv() {
                    Ok(next) => op = next,
                    Err(_) => break,
                }
            }
            self.commit_all(steps).await;
            if let Some(done) = scrubbed {
                let _ = done.send(self.ground.scrub().await);
            }
        }
        self.ground.rest();
        // The lock must be free before anybody is told that the store is closed.
        self.ground.release().await;
        drop(self);
        drop(inbox);
        if let Some(done) = stopped {
            let _ = done.send(());
        }
    }

    /// Waits for work, and uses a pause to empty the write-ahead log.
    async fn next(&mut self, inbox: &mut mpsc::Receiver<Op>) -> Option<Op> {
        loop {
            match tokio::time::timeout(IDLE, inbox.recv()).await {
                Ok(op) => return op,
                Err(_) if self.ground.rest() => return inbox.recv().await,
                // A reader was in the way of the checkpoint: try again after the next pause.
                Err(_) => {}
            }
        }
    }

    #[cfg(not(feature = "planted-bugs"))]
    async fn commit_all(&mut self, steps: Vec<Step>) {
        self.commit(steps).await;
    }

    /// The planted sequence-number bug: a batch that took its positions first commits last.
    #[cfg(feature = "planted-bugs")]
    async fn commit_all(&mut self, mut steps: Vec<Step>) {
        let is_batch = |step: &Step| matches!(step, Step::Batch(_));
        if crate::planted::is(crate::Bug::CursorSkips)
            && steps.iter().filter(|step| is_batch(step)).count() > 1
            && let Some(first) = steps.iter().position(is_batch)
        {
            let mut late = steps.remove(first);
            if let Step::Batch(work) = &mut late {
                work.assign(&mut self.next_position);
            }
            self.commit(steps).await;
            self.commit(vec![late]).await;
            return;
        }
        if crate::planted::is(crate::Bug::CursorSkips) {
            for step in steps {
                let Step::Batch(mut work) = step else {
                    self.commit(vec![step]).await;
                    continue;
                };
                work.assign(&mut self.next_position);
                for half in crate::planted::later_half_first(work) {
                    self.commit(vec![Step::Batch(half)]).await;
                }
            }
            return;
        }
        self.commit(steps).await;
    }

    /// Makes the steps durable in one transaction and answers them in order.
    async fn commit(&mut self, mut steps: Vec<Step>) {
        if steps.is_empty() {
            return;
        }
        let is_low = self.ground.is_low();
        for step in &mut steps {
            if let Step::Batch(work) = step {
                work.refused = is_low && !work.batch.accept.is_empty();
                work.assign(&mut self.next_position);
            }
        }
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::Bug::AckBeforeSync) {
            let failure = self.perform(&mut steps).await.err();
            for step in steps {
                answer(step, failure.clone());
            }
            let _ = self.ground.connection().commit().await;
            return;
        }
        let mut failure = None;
        for attempt in 1..=ATTEMPTS_MAX {
            match self.attempt(&mut steps).await {
                Ok(()) => {
                    failure = None;
                    break;
                }
                Err(error) => {
                    fail_closures(&mut steps, &error);
                    let again = self.ground.recover(&error, attempt).await;
                    if error == Error::Full {
                        refuse_accepts(&mut steps);
                    }
                    failure = Some(error);
                    if !again {
                        break;
                    }
                }
            }
        }
        if failure == Some(Error::Full) {
            // `Full` promises that releases are durable, which here they are not.
            failure = Some(Error::Unavailable(
                "no space left, not even for releases".to_owned(),
            ));
        }
        for step in steps {
            answer(step, failure.clone());
        }
        self.ground.committed();
    }

    async fn attempt(&mut self, steps: &mut [Step]) -> Result<()> {
        self.perform(steps).await?;
        self.ground.connection().commit().await
    }

    /// Opens a transaction and performs everything that was not failed by an earlier attempt.
    async fn perform(&mut self, steps: &mut [Step]) -> Result<()> {
        let connection = self.ground.connection();
        connection.begin().await?;
        let mut rest = &mut *steps;
        while !rest.is_empty() {
            let count = rest
                .iter()
                .take_while(|step| matches!(step, Step::Batch(_)))
                .count();
            if count == 0 {
                let (closure, later) = rest.split_at_mut(1);
                for step in closure {
                    run_closure(connection, step).await?;
                }
                rest = later;
                continue;
            }
            let (now, later) = rest.split_at_mut(count);
            let mut batches: Vec<&mut Work> = now
                .iter_mut()
                .filter_map(|step| match step {
                    Step::Batch(work) => Some(work),
                    _ => None,
                })
                .collect();
            place(connection, &mut batches).await?;
            rest = later;
        }
        Ok(())
    }
}

/// Runs a closure in a savepoint; only a broken transaction is an error here.
async fn run_closure(connection: &Connection, step: &mut Step) -> Result<()> {
    let taken = core::mem::replace(step, Step::Ran(Box::new(|_| ())));
    let Step::Act(act) = taken else {
        *step = taken;
        return Ok(());
    };
    connection.batch("SAVEPOINT act").await?;
    let tx = Tx::new(connection);
    let Some(Verdict { keep, answer }) = caught(act(&tx)).await else {
        tracing::error!("a closure panicked inside a transaction; its changes are undone");
        connection.check()?;
        return connection.batch(UNDO).await;
    };
    *step = Step::Ran(answer);
    connection.check()?;
    if !keep {
        return connection.batch(UNDO).await;
    }
    let Err(error) = connection.batch("RELEASE SAVEPOINT act").await else {
        return Ok(());
    };
    // The closure has hidden that a statement failed: PostgreSQL refuses to go on from there.
    connection.batch(UNDO).await?;
    fail_closures(core::slice::from_mut(step), &error);
    Ok(())
}

/// Polls a future to its end; `None` if it panics.
pub(crate) async fn caught<T>(mut future: Pin<Box<dyn Future<Output = T> + '_>>) -> Option<T> {
    poll_fn(
        move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(Some(value)),
            Err(_) => Poll::Ready(None),
        },
    )
    .await
}

/// Closures cannot run twice: those that ran in a failed transaction get its error.
fn fail_closures(steps: &mut [Step], error: &Error) {
    for step in steps {
        if let Step::Ran(_) = step {
            let ran = core::mem::replace(step, Step::Ran(Box::new(|_| ())));
            if let Step::Ran(answer) = ran {
                *step = Step::Failed(answer, error.clone());
            }
        }
    }
}

fn refuse_accepts(steps: &mut [Step]) {
    for step in steps {
        if let Step::Batch(work) = step {
            work.refused = !work.batch.accept.is_empty();
        }
    }
}

/// Tells one submitter. A panic of its callback must not stop the others.
fn answer(step: Step, failure: Option<Error>) {
    let told = catch_unwind(AssertUnwindSafe(|| match step {
        // A closure that never ran: dropping it closes its channel, which its caller sees.
        Step::Act(act) => drop(act),
        Step::Ran(answer) => answer(failure),
        Step::Failed(answer, error) => answer(Some(error)),
        Step::Batch(work) => {
            let result = match failure {
                Some(error) => Err(error),
                None if work.refused => Err(Error::Full),
                None => Ok(()),
            };
            work.finish(result);
        }
    }));
    if told.is_err() {
        tracing::error!("a completion panicked");
    }
}

const UNDO: &str = "ROLLBACK TO SAVEPOINT act; RELEASE SAVEPOINT act";

/// How long nothing may come before the write-ahead log is emptied.
const IDLE: Duration = Duration::from_millis(250);

/// The most messages and releases, and the most submissions, of one transaction.
const WEIGHT_MAX: usize = 1_000;
const STEPS_MAX: usize = 1_000;

const ATTEMPTS_MAX: u32 = 5;
