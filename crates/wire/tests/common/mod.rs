//! A client and a server that have met, for tests of both roles.

use std::sync::Arc;

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_wire::{
    csp::{
        ClientInfo, Features, LoginAck, Session,
        client::{self, Credentials, Login, ServerPublicKeys},
        server::{self, Handshake, LoginRequest, ServerKeys},
    },
    id::{DeviceCookie, DeviceId, Identity},
};

/// The server of all tests.
pub(crate) fn server_keys() -> Arc<ServerKeys> {
    Arc::new(ServerKeys {
        current: SecretKey::from_bytes([0x22; 32]),
        alternative: Some(SecretKey::from_bytes([0x23; 32])),
    })
}

/// The secret key of the client of all tests.
pub(crate) fn client_key() -> SecretKey {
    SecretKey::from_bytes([0x11; 32])
}

/// What the client of all tests says about itself.
pub(crate) fn credentials(keys: &ServerKeys) -> Credentials {
    Credentials {
        identity: identity("ECHOECHO"),
        client_key: client_key(),
        server_keys: ServerPublicKeys {
            current: keys.current.public(),
            alternative: None,
        },
        client_info: ClientInfo("1.0;Q;de/CH;test".into()),
        device_id: Some(DeviceId(7)),
        features: Features::ALL,
        device_cookie: Some(DeviceCookie([9; 16])),
    }
}

pub(crate) fn identity(text: &str) -> Identity {
    text.parse().expect("an identity")
}

/// What the server of all tests answers.
pub(crate) const ACK: LoginAck = LoginAck {
    server_time_ms: 1_750_000_000_123,
    queued_messages: 3,
};

/// Feeds a handshake and expects it to end in a login request; returns what it wants to send
/// before that.
pub(crate) fn login_request(
    handshake: &mut Handshake,
    login: &[u8],
) -> Result<LoginRequest, dreiklang_wire::Error> {
    match handshake.handle(login)? {
        (taken, server::Step::Login(request)) if taken == login.len() => Ok(*request),
        other => panic!("not a login request: {other:?}"),
    }
}

/// Runs a whole login and gives the client's and the server's session.
pub(crate) fn log_in(rng: &mut SeededRng) -> (Session, Session) {
    let keys = server_keys();
    let (mut login, hello) = Login::start(credentials(&keys), rng);
    let mut handshake = Handshake::generate(rng, keys);
    let Ok((48, server::Step::Send(hello))) = handshake.handle(&hello) else {
        panic!("the server must answer the hello")
    };
    let Ok((80, client::Step::Send(bytes))) = login.handle(&hello) else {
        panic!("the client must log in")
    };
    let request = login_request(&mut handshake, &bytes).expect("a login request");
    let verified = request
        .verify(&client_key().public(), None)
        .expect("an honest client");
    let (ack, server) = verified.accept(ACK);
    let Ok((32, client::Step::LoggedIn(logged_in))) = login.handle(&ack) else {
        panic!("the client must be in")
    };
    (logged_in.session, server)
}
