//! The chat connection: bytes in both directions, and the login over them.

#[cfg(not(target_family = "wasm"))]
mod tcp;
#[cfg(target_family = "wasm")]
mod websocket;

use std::time::Duration;

use dreiklang_crypto::SystemRng;
use dreiklang_wire::csp::LoginAck;
use dreiklang_wire::csp::client::{Credentials, Login, Session, Step};

use crate::event::Fault;
use crate::time::timeout;
#[cfg(not(target_family = "wasm"))]
use tcp as platform;
#[cfg(target_family = "wasm")]
use websocket as platform;

pub(crate) use platform::Wires;

/// For each port (`protocol.md` A2.1).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// For the whole handshake (`protocol.md` A2.1).
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(20);
/// A server that reads slower than we write is left, before memory fills.
const UNSENT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A connection after its login.
pub(crate) struct Established {
    pipe: platform::Pipe,
    pub(crate) session: Session,
    pub(crate) ack: LoginAck,
    /// What came in the same read as the login-ack.
    pub(crate) early: Vec<u8>,
}

/// Connects and logs in.
pub(crate) async fn establish(
    host: &str,
    ports: &[u16],
    credentials: Credentials,
) -> Result<Established, Fault> {
    let pipe = platform::Pipe::connect(host, ports).await?;
    timeout(HANDSHAKE_TIMEOUT, log_in(pipe, credentials))
        .await
        .map_err(|_| Fault::TimedOut)?
}

async fn log_in(mut pipe: platform::Pipe, credentials: Credentials) -> Result<Established, Fault> {
    let (mut login, hello) = Login::start(credentials, &mut SystemRng);
    pipe.write(&hello).await?;
    let mut past_hello = false;
    loop {
        let read = pipe.read().await?;
        if read.is_empty() {
            // A server closes without a word if it does not like the login.
            return Err(if past_hello {
                Fault::LoginRefused
            } else {
                Fault::Unreachable
            });
        }
        let mut input = read.as_slice();
        while !input.is_empty() {
            let (taken, step) = login.handle(input).map_err(|_| Fault::Untrusted)?;
            input = input.get(taken..).unwrap_or_default();
            match step {
                Step::NeedMore => {}
                Step::Send(bytes) => {
                    past_hello = true;
                    pipe.write(&bytes).await?;
                }
                Step::LoggedIn(logged_in) => {
                    return Ok(Established {
                        session: logged_in.session,
                        ack: logged_in.ack,
                        early: input.to_vec(),
                        pipe,
                    });
                }
            }
        }
    }
}

impl Established {
    /// The session, what moves its bytes from now on, and what has come already.
    pub(crate) fn split(self) -> (Session, Wires, Vec<u8>) {
        (self.session, self.pipe.split(), self.early)
    }
}
