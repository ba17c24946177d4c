//! Every way from one closed instance to the other, and that it is none (features.md S22). Anna is
//! a member of A; she comes to B with everything that she has.

use dreiklang_crypto::sign::VerifyingKey;
use dreiklang_crypto::{SecretKey, SystemRng};
use dreiklang_wire::api::directory::hash;
use dreiklang_wire::csp::payload::{Flags, FromServer, Message, ToServer};
use dreiklang_wire::id::{Identity, MessageId, MessageNonce};
use dreiklang_wire::oppf::Document;
use serde_json::{Value, json};

use crate::world::{Instance, Member, Pair, base64, pair, prove};

pub(crate) const OCTETS: &str = "application/octet-stream";

#[test]
fn lookup() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (_, local) = pair.local();
    let path = format!("/identity/{}", anna.identity);
    assert_eq!(anna.at(&pair.a).get(&path).unwrap().status, 200);
    assert_eq!(stranger.get(&path).unwrap().status, 401);
    assert_eq!(pair.b.anybody.get(&path).unwrap().status, 401);
    assert_eq!(
        local.get(&path).unwrap().status,
        404,
        "B has never heard of her"
    );
}

#[test]
fn bulk_lookup_and_check() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (ben, local) = pair.local();
    let asked = json!({ "identities": [anna.identity, ben.identity] });
    for path in [
        "/identity/fetch_bulk",
        "/identity/check",
        "/identity/check_featuremask",
    ] {
        assert_eq!(stranger.post(path, &asked).unwrap().status, 401, "{path}");
    }
    let found = local.post("/identity/fetch_bulk", &asked).unwrap().json();
    let found = found["identities"].as_array().unwrap().clone();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["identity"], json!(ben.identity));
    let checked = local.post("/identity/check", &asked).unwrap().json();
    assert_eq!(
        checked["states"],
        json!([2, 0]),
        "invalid, as if there were no such identity"
    );
    assert_eq!(checked["featureMasks"][0], Value::Null);
}

#[test]
fn create_with_the_others_licence() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (_, local) = pair.local();
    let secret = SecretKey::generate(&mut SystemRng);
    let fields = json!({
        "publicKey": base64(secret.public().as_bytes()),
        "licenseUsername": anna.username, "licensePassword": anna.password,
    });
    assert_eq!(
        stranger.post("/identity/create", &fields).unwrap().status,
        401
    );
    let answer = prove(&local, "/identity/create", &fields, &secret).json();
    assert_eq!(answer["success"], false, "{answer}");
    assert!(answer.get("identity").is_none());
    let license = json!({
        "licenseUsername": anna.username, "licensePassword": anna.password,
        "version": "1.0", "arch": "x",
    });
    let answer = stranger.post("/check_license", &license).unwrap();
    assert_eq!(answer.json()["success"], false, "{}", answer.text());
}

#[test]
fn move_of_the_identity_itself() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (_, local) = pair.local();
    for path in [
        "/identity/fetch_priv",
        "/identity/revoke",
        "/identity/update_work_info",
    ] {
        let fields = json!({
            "identity": anna.identity, "appVariant": "work", "version": "1.0o",
            "licenseUsername": anna.username, "licensePassword": anna.password,
        });
        assert_eq!(stranger.post(path, &fields).unwrap().status, 401, "{path}");
        let answer = prove(&local, path, &fields, &anna.secret).json();
        assert_eq!(answer["success"], false, "{path}: {answer}");
    }
    assert_eq!(
        anna.at(&pair.a)
            .get(&format!("/identity/{}", anna.identity))
            .unwrap()
            .status,
        200,
        "nothing has happened to her at home"
    );
}

#[tokio::test]
async fn chat_login() {
    let pair = pair();
    let (anna, _) = pair.stranger();
    let (ben, _) = pair.local();
    assert!(pair.a.log_in(anna).await.is_ok());
    assert!(pair.b.log_in(ben).await.is_ok());
    assert!(pair.b.log_in(anna).await.is_err(), "unknown identity");
    // With the address of B but the server key of A, as a wrong provisioning file would have it.
    let mut crossed = pair.a.account(anna);
    crossed.address = pair.b.server.chat_address();
    assert!(
        dreiklang_tests::wire::Wire::connect(&crossed)
            .await
            .is_err()
    );
}

pub(crate) fn message(from: Identity, to: Identity, number: u64) -> Message {
    Message {
        sender: from,
        receiver: to,
        id: MessageId(number.to_le_bytes()),
        created_at: 1_700_000_000,
        flags: Flags::PUSH,
        nickname: [0; 32],
        metadata: Vec::new(),
        nonce: MessageNonce([u8::try_from(number).unwrap(); 24]),
        body: vec![7; 64],
    }
}

/// The ids of the messages that wait for somebody.
pub(crate) async fn waiting(instance: &Instance, who: &Member) -> Vec<MessageId> {
    let mut wire = instance.log_in(who).await.unwrap();
    wire.queue(&ToServer::Unblock).unwrap();
    wire.flush().await.unwrap();
    let mut ids = Vec::new();
    loop {
        match wire.receive().await.unwrap() {
            FromServer::Message(message) => {
                wire.queue(&ToServer::MessageAck {
                    sender: message.sender,
                    id: message.id,
                })
                .unwrap();
                ids.push(message.id);
            }
            FromServer::QueueSendComplete => {
                wire.flush().await.unwrap();
                return ids;
            }
            _ => {}
        }
    }
}

/// Sends and waits until the server has acknowledged every one: an echo would not do, it may
/// overtake what is still on its way to the disk.
pub(crate) async fn send(instance: &Instance, from: &Member, messages: &[Message]) {
    let mut wire = instance.log_in(from).await.unwrap();
    for message in messages {
        wire.queue(&ToServer::Message(message.clone())).unwrap();
    }
    wire.flush().await.unwrap();
    let mut unanswered: Vec<_> = messages.iter().map(|message| message.id).collect();
    while !unanswered.is_empty() {
        if let FromServer::MessageAck { id, .. } = wire.receive().await.unwrap() {
            unanswered.retain(|other| *other != id);
        }
    }
}

#[tokio::test]
async fn message_to_an_identity_of_the_other() {
    let pair = pair();
    let (anna, ben) = (&pair.a.members[0], &pair.b.members[0]);
    let colleague = &pair.b.members[1];
    let letters = [
        message(ben.identity, anna.identity, 1),
        message(ben.identity, colleague.identity, 2),
    ];
    send(&pair.b, ben, &letters).await;
    assert_eq!(waiting(&pair.a, anna).await, []);
    assert_eq!(waiting(&pair.b, colleague).await, [letters[1].id]);
}

pub(crate) fn multipart(content: &[u8]) -> (&'static str, Vec<u8>) {
    let head = b"--x\r\nContent-Disposition: form-data; name=\"blob\"\r\n\r\n";
    let body = [&head[..], content, b"\r\n--x--\r\n"].concat();
    ("multipart/form-data; boundary=x", body)
}

#[test]
fn blobs() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (_, local) = pair.local();
    let (kind, body) = multipart(b"a picture");
    let home = anna.at(&pair.a);
    let id = home.send("POST", "/blob/upload", kind, &body).unwrap();
    assert_eq!(id.status, 200, "{}", id.text());
    let path = format!("/blob/{}", id.text());
    assert_eq!(home.get(&path).unwrap().body, b"a picture");
    assert_eq!(local.get(&path).unwrap().status, 404);
    let token = token_of(anna, &pair.a);
    for foreign in [
        &stranger,
        &pair.b.anybody.with_token(&token),
        &pair.b.anybody,
    ] {
        assert_eq!(foreign.get(&path).unwrap().status, 401);
        assert_eq!(
            foreign
                .send("POST", "/blob/upload", kind, &body)
                .unwrap()
                .status,
            401
        );
        let done = foreign.post(&format!("{path}/done"), &json!({})).unwrap();
        assert_eq!(done.status, 401);
    }
    assert_eq!(home.get(&path).unwrap().status, 200, "still there");
}

fn token_of(who: &Member, at: &Instance) -> String {
    let answer = who.at(at).get("/auth_token").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["authToken"].as_str().unwrap().to_owned()
}

#[test]
fn safe_backups() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (_, local) = pair.local();
    let path = format!("/safe/backups/{}", "ab".repeat(32));
    let home = anna.at(&pair.a);
    let stored = home.send("PUT", &path, OCTETS, &[9; 200]).unwrap();
    assert!(
        [200, 201, 204].contains(&stored.status),
        "{}",
        stored.text()
    );
    assert_eq!(home.get(&path).unwrap().body, [9; 200]);
    assert_eq!(local.get(&path).unwrap().status, 404);
    for foreign in [&stranger, &pair.b.anybody] {
        assert_eq!(foreign.get(&path).unwrap().status, 401);
        assert_eq!(
            foreign
                .send("PUT", &path, OCTETS, &[1; 200])
                .unwrap()
                .status,
            401
        );
        assert_eq!(
            foreign.send("DELETE", &path, OCTETS, &[]).unwrap().status,
            401
        );
        assert_eq!(foreign.get("/safe/config").unwrap().status, 401);
    }
}

#[test]
fn work_directory() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (ben, local) = pair.local();
    let more = json!({
        "contacts": [anna.identity], "identity": anna.identity, "query": "anna",
        "categories": [], "sort": { "asc": true, "by": "firstName" }, "page": 0,
        "properties": "",
    });
    for path in [
        "/fetch2",
        "/identities",
        "/directory",
        "/api-client/v1/user-properties",
    ] {
        let answer = stranger.post(path, &anna.work(&more)).unwrap();
        assert_eq!(answer.status, 401, "{path}: {}", answer.text());
        let answer = pair.b.anybody.post(path, &anna.work(&more)).unwrap();
        assert_eq!(answer.status, 401, "{path}: {}", answer.text());
    }
    for path in ["/fetch2", "/identities"] {
        let answer = local.post(path, &ben.work(&more)).unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert!(
            !answer.text().contains(anna.identity.as_str()),
            "{}",
            answer.text()
        );
    }
}

#[test]
fn provisioning() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (_, local) = pair.local();
    let path = "/prov/config.oppf";
    assert_eq!(stranger.get(path).unwrap().status, 401);
    assert_eq!(pair.b.anybody.get(path).unwrap().status, 401);
    let [a, b] = [anna.at(&pair.a).get(path), local.get(path)].map(|it| {
        let answer = it.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.body
    });
    let [key_a, key_b] = [&a, &b].map(|file| signature_key(file));
    assert!(Document::open(&a, &[key_a]).is_ok() && Document::open(&b, &[key_b]).is_ok());
    // An app that trusts A is not led away by what B has signed, not even as the fallback.
    assert!(Document::open(&b, &[key_a]).is_err());
    let fallback = pair
        .b
        .anybody
        .get("/prov/config.fallback.oppf")
        .unwrap()
        .body;
    assert!(Document::open(&fallback, &[key_a]).is_err());
}

fn signature_key(file: &[u8]) -> VerifyingKey {
    let end = file.iter().rposition(|it| *it == b'\n').unwrap();
    let json: Value = serde_json::from_slice(&file[..end]).unwrap();
    let key: dreiklang_wire::api::Base64 =
        serde_json::from_value(json["signatureKey"].clone()).unwrap();
    VerifyingKey::from_bytes(&key.0.try_into().unwrap()).unwrap()
}

#[test]
fn auth_token() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (ben, _) = pair.local();
    assert_eq!(stranger.get("/auth_token").unwrap().status, 401);
    let foreign = pair.b.anybody.with_token(&token_of(anna, &pair.a));
    let own = pair.b.anybody.with_token(&token_of(ben, &pair.b));
    let path = format!("/identity/{}", ben.identity);
    assert_eq!(foreign.get(&path).unwrap().status, 401);
    assert_eq!(own.get(&path).unwrap().status, 200);
}

#[test]
fn avatar() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let token = pair.b.anybody.with_token(&token_of(anna, &pair.a));
    for foreign in [&stranger, &token, &pair.b.anybody] {
        let answer = foreign.get(&format!("/avatar/{}", anna.identity)).unwrap();
        assert_eq!(answer.status, 401);
    }
}

#[test]
fn linked_addresses() {
    let pair = pair();
    let (anna, stranger) = pair.stranger();
    let (ben, local) = pair.local();
    link(&pair, anna, "anna@example.org");
    let hashes = json!({ "emailHashes": [base64(&hash::email("anna@example.org"))] });
    let find = |who: &Member, at: &dreiklang_tests::http::Http| {
        let fields = json!({ "identity": who.identity });
        let answer = prove(at, "/identity/match_token", &fields, &who.secret).json();
        let mut asked = hashes.clone();
        asked["matchToken"] = answer["matchToken"].clone();
        asked["mobileNoHashes"] = json!([]);
        at.post("/identity/match", &asked).unwrap()
    };
    let colleague = &pair.a.members[1];
    let found = find(colleague, &colleague.at(&pair.a));
    assert!(
        found.text().contains(anna.identity.as_str()),
        "{}",
        found.text()
    );
    let found = find(ben, &local);
    assert_eq!(found.json()["identities"], json!([]), "{}", found.text());
    for path in [
        "/identity/match_token",
        "/identity/match",
        "/identity/link_email",
    ] {
        assert_eq!(stranger.post(path, &hashes).unwrap().status, 401, "{path}");
    }
}

/// Links an address at A, as the person does who reads the mail.
fn link(pair: &Pair, who: &Member, address: &str) {
    let fields = json!({ "identity": who.identity, "email": address, "lang": "en" });
    let answer = prove(
        &who.at(&pair.a),
        "/identity/link_email",
        &fields,
        &who.secret,
    );
    assert_eq!(answer.json()["success"], true, "{}", answer.text());
    let mails = pair.a.server.folder().join("mails");
    let mail = std::fs::read_dir(mails).unwrap().next().unwrap().unwrap();
    let mail = std::fs::read_to_string(mail.path()).unwrap();
    let at = mail.find("/link/email/").expect(&mail);
    let path: String = mail[at..]
        .chars()
        .take_while(|it| !it.is_whitespace())
        .collect();
    let anybody = &pair.a.anybody;
    let elsewhere = pair.b.anybody.send("POST", &path, OCTETS, b"").unwrap();
    assert_ne!(elsewhere.status, 200, "the link of A opens nothing at B");
    let answer = anybody.send("POST", &path, OCTETS, b"").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn the_same_identity_on_both() {
    let pair = pair();
    let identity: Identity = "TWINTWIN".parse().unwrap();
    let twins = [&pair.a, &pair.b].map(|instance| {
        let secret = SecretKey::generate(&mut SystemRng);
        instance
            .server
            .import(&[(identity, secret.public())])
            .unwrap();
        let http = instance.anybody.clone();
        let made = instance
            .server
            .command_output(&["admin", "credential", "create", "twin", "--json"])
            .unwrap();
        let made: Value = serde_json::from_str(&made).unwrap();
        let twin = Member {
            identity,
            secret,
            username: "twin".to_owned(),
            password: made["password"].as_str().unwrap().to_owned(),
        };
        let fields = json!({
            "identity": identity, "version": "1.0o",
            "licenseUsername": twin.username, "licensePassword": twin.password,
        });
        let http = http.with_password(&twin.username, &twin.password);
        let answer = prove(&http, "/identity/update_work_info", &fields, &twin.secret);
        assert_eq!(answer.json()["success"], true, "{}", answer.text());
        let found = http.get(&format!("/identity/{identity}")).unwrap().json();
        assert_eq!(found["publicKey"], base64(twin.secret.public().as_bytes()));
        twin
    });
    let [one, other] = &twins;
    assert!(
        pair.b.log_in(one).await.is_err(),
        "the key of A is nobody's at B"
    );
    assert!(pair.a.log_in(other).await.is_err());
    let letter = message(pair.a.members[0].identity, identity, 5);
    send(&pair.a, &pair.a.members[0], std::slice::from_ref(&letter)).await;
    assert_eq!(waiting(&pair.b, other).await, []);
    assert_eq!(waiting(&pair.a, one).await, [letter.id]);
}
