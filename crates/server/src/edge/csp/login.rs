//! From the client-hello to the login-ack (protocol.md A2.2, A2.10).
//!
//! Whatever is wrong before the vouch is proven ends in silence: the socket closes, and neither a
//! byte nor the time tells why.

use std::sync::Arc;
use std::time::Duration;

use dreiklang_crypto::SystemRng;
use dreiklang_store::Error;
use dreiklang_wire::csp::edition::Claim;
use dreiklang_wire::csp::payload::FromServer;
use dreiklang_wire::csp::server::{Handshake, LoginRequest, Step};
use dreiklang_wire::csp::{LoginAck, Session};
use dreiklang_wire::spec::CLIENT_HELLO_BYTES;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::connection::{Connection, Stream, now_s};
use super::gate::{Handshaking, Pass};
use crate::app::App;
use crate::app::limits::Opening;
use crate::service::sessions::admission::{self, Refused};
use crate::service::sessions::known::{Facts, Recall};
use crate::service::sessions::{Line, SessionKey, login};
use crate::service::texts::Language;

/// Logs a client in. `None` if it failed, or was told why it may not stay.
pub(super) async fn run<S: Stream>(
    app: Arc<App>,
    stream: S,
    pass: Pass,
) -> Option<Box<Connection<S>>> {
    let Pass {
        connection,
        handshake,
    } = pass;
    metrics::counter!("chat_handshakes_total").increment(1);
    let limit = Duration::from_secs(app.config.chat.login_timeout_s);
    let Handshaking { evicted, .. } = &handshake;
    let steps = steps(&app, stream, connection);
    let result = tokio::select! {
        result = tokio::time::timeout(limit, steps) => result.unwrap_or(Err(Failure::Slow)),
        () = evicted.notified() => Err(Failure::Slow),
    };
    match result {
        Ok(connection) => {
            metrics::counter!("chat_logins_total").increment(1);
            Some(connection)
        }
        Err(failure) => {
            let class = failure.class();
            metrics::counter!("chat_logins_failed_total", "class" => class).increment(1);
            tracing::debug!(class, "login failed");
            None
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Failure {
    Slow,
    Network,
    Protocol,
    Rejected,
    Refused,
    Store,
}

impl Failure {
    fn class(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Network => "network",
            Self::Protocol => "protocol",
            Self::Rejected => "rejected",
            Self::Refused => "refused",
            Self::Store => "store",
        }
    }
}

async fn steps<S: Stream>(
    app: &Arc<App>,
    mut stream: S,
    opening: Option<Opening>,
) -> Result<Box<Connection<S>>, Failure> {
    let mut input = Vec::with_capacity(CLIENT_HELLO_BYTES);
    // No key is made before the hello is complete: silence costs the server no mathematics.
    let hello = async {
        while input.len() < CLIENT_HELLO_BYTES {
            read(&mut stream, &mut input).await?;
        }
        Ok(())
    };
    let limit = Duration::from_secs(app.config.chat.hello_timeout_s);
    tokio::time::timeout(limit, hello)
        .await
        .unwrap_or(Err(Failure::Slow))?;
    let mut handshake = begin(app);
    let request = loop {
        let (taken, step) = handshake.handle(&input).map_err(|_| Failure::Protocol)?;
        input.drain(..taken);
        match step {
            Step::NeedMore => read(&mut stream, &mut input).await?,
            Step::Send(bytes) => {
                stream
                    .write_all(&bytes)
                    .await
                    .map_err(|_| Failure::Network)?;
            }
            Step::Login(request) => break request,
        }
    };
    enter(app, stream, *request, input, opening).await
}

/// The server's part, fresh for every connection: that is what makes a recorded login worthless.
fn begin(app: &App) -> Handshake {
    #[cfg(feature = "planted-bugs")]
    if crate::planted::is(crate::planted::Weakness::SameHandshake) {
        let mut rng = dreiklang_crypto::SeededRng::new(1);
        return Handshake::generate(&mut rng, Arc::clone(&app.keys));
    }
    Handshake::generate(&mut SystemRng, Arc::clone(&app.keys))
}

async fn read<S: Stream>(stream: &mut S, input: &mut Vec<u8>) -> Result<(), Failure> {
    // The largest login fits; what is more are frames, and they can wait in the socket.
    let mut chunk = [0; 512];
    match stream.read(&mut chunk).await {
        Ok(0) | Err(_) => Err(Failure::Network),
        Ok(count) => {
            input.extend_from_slice(&chunk[..count]);
            Ok(())
        }
    }
}

async fn enter<S: Stream>(
    app: &Arc<App>,
    mut stream: S,
    request: LoginRequest,
    rest: Vec<u8>,
    opening: Option<Opening>,
) -> Result<Box<Connection<S>>, Failure> {
    let identity = request.claims.identity;
    let found = app.sessions.known.find(&app.store, identity).await;
    let Some(facts) = found.map_err(|_| Failure::Store)? else {
        let _ = request.verify_dummy();
        return Err(Failure::Rejected);
    };
    let ss1 = facts.ss1();
    let verified = request
        .verify(&facts.public_key, ss1.as_ref())
        .map_err(|_| Failure::Rejected)?;
    if ss1.is_none() {
        facts.note_ss1(verified.ss1());
    }
    let claims = verified.claims.clone();
    // Durable before the client hears anything: a changed cookie survives whatever comes.
    let noted = login::note(
        &app.store,
        &app.clock,
        identity,
        &facts,
        claims.device_cookie,
    )
    .await;
    let queued = app
        .messages
        .backlog(identity)
        .await
        .map_err(|_| Failure::Store)?;
    let ack = LoginAck {
        server_time_ms: u64::try_from(app.clock.now().0).unwrap_or(0),
        queued_messages: u32::try_from(queued).unwrap_or(u32::MAX),
    };
    let (bytes, mut session) = verified.accept(ack);
    stream
        .write_all(&bytes)
        .await
        .map_err(|_| Failure::Network)?;
    let language = Language::of_client(&claims.client_info);
    let claim = Claim::of(&claims.client_info);
    if let Err(refused) = admit(app, claim, &facts, noted) {
        let is_warned = noted == Some(true);
        return Err(say_no(&mut stream, &mut session, refused, is_warned, language).await);
    }
    let owner = SessionKey {
        identity,
        device: claims.device_id,
    };
    let idle_s = u32::from(app.config.chat.idle_timeout_s);
    let key = app.sessions.next_key();
    let line = Line::new(
        key,
        owner,
        claim,
        claims.features,
        language,
        idle_s,
        now_s(app),
    );
    if noted == Some(true) {
        line.put(&FromServer::DeviceCookieChanged);
    }
    // Whoever drops it takes the line off the sessions, also in the middle of what follows.
    let opened = Arc::clone(&line);
    let connection = Connection::new(Arc::clone(app), stream, session, opened, opening);
    app.sessions.open(&line);
    app.pushes.seen(identity);
    recheck(app, &facts, &line).await;
    Ok(Box::new(connection.with_input(rest)))
}

/// Judges a client whose vouch was right. `noted` is `None` if the identity was revoked meanwhile.
fn admit(app: &App, claim: Claim, facts: &Facts, noted: Option<bool>) -> Result<(), Refused> {
    let now = app.clock.now();
    admission::admit(claim, &facts.standing, app.config.kind, now)?;
    noted.map(|_| ()).ok_or(Refused::REVOKED)
}

/// A change that came while the client was logging in did not see its connection.
async fn recheck(app: &Arc<App>, facts: &Arc<Facts>, line: &Arc<Line>) {
    let identity = line.identity();
    let recall = app.sessions.known.recall(identity);
    if matches!(recall, Recall::Facts(it) if Arc::ptr_eq(&it, facts)) {
        return;
    }
    let found = app.sessions.known.find(&app.store, identity).await;
    judge(
        line,
        found.map(|facts| {
            facts.map_or(Err(Refused::REVOKED), |facts| {
                admit(app, line.claim(), &facts, Some(false))
            })
        }),
    );
}

/// Lets a connection stay if its identity may still be here.
fn judge(line: &Line, judgement: Result<Result<(), Refused>, Error>) {
    match judgement {
        Ok(Ok(())) => {}
        Ok(Err(refused)) => {
            line.close(refused.can_reconnect, refused.text);
        }
        // Nobody knows, so nobody is told to stay away for ever: the client comes back and asks.
        Err(error) => {
            tracing::warn!(%error, "a login could not be checked again");
            line.hang_up();
        }
    }
}

/// The vouch was right, so this client is told why it may not stay; and, if it has to know, that
/// another device logged in.
async fn say_no<S: Stream>(
    stream: &mut S,
    session: &mut Session,
    refused: Refused,
    is_warned: bool,
    language: Language,
) -> Failure {
    let closing = FromServer::CloseError {
        can_reconnect: refused.can_reconnect,
        text: refused.text.in_language(language),
    };
    let warning = is_warned.then_some(FromServer::DeviceCookieChanged);
    let mut frames = Vec::new();
    for payload in warning.iter().chain([&closing]) {
        let mut container = Vec::new();
        let sealed = payload
            .encode_into(&mut container)
            .and_then(|()| session.seal_frame(&container, &mut frames));
        if sealed.is_err() {
            return Failure::Refused;
        }
    }
    if stream.write_all(&frames).await.is_ok() {
        let _ = stream.shutdown().await;
    }
    Failure::Refused
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use dreiklang_wire::csp::Features;

    use super::*;

    fn line() -> Arc<Line> {
        let owner = SessionKey {
            identity: "BOB00001".parse().unwrap(),
            device: None,
        };
        Line::new(
            1,
            owner,
            Claim::Unknown,
            Features::default(),
            Language::ENGLISH,
            60,
            0,
        )
    }

    #[test]
    fn only_a_revocation_tells_a_client_to_stay_away() {
        let mut context = Context::from_waker(Waker::noop());
        let stays = line();
        judge(&stays, Ok(Ok(())));
        assert!(!stays.is_closing());

        let revoked = line();
        judge(&revoked, Ok(Err(Refused::REVOKED)));
        let said = revoked.take(&mut context);
        assert!(said.is_last && !said.containers.is_empty());

        let unsure = line();
        judge(&unsure, Err(Error::Unavailable("the disk".to_owned())));
        let said = unsure.take(&mut context);
        assert!(said.is_last && said.containers.is_empty(), "no words");
    }
}
