//! Mail to a real SMTP server and short messages to a real HTTP server, both in this process: each
//! a listener that speaks as much of its protocol as the other side needs.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::linking::{ask_email, ask_phone, code_of, page_of, press, send_code};
use crate::server::TestServer;

/// Says to a client what an SMTP server says (RFC 5321) and gives every mail with its envelope.
async fn smtp(refuse: bool) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (mails, received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(take_mail(stream, mails.clone(), refuse));
        }
    });
    (address, received)
}

async fn take_mail(stream: TcpStream, mails: mpsc::UnboundedSender<String>, refuse: bool) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut mail = String::new();
    write.write_all(b"220 test ESMTP\r\n").await.unwrap();
    while let Some(line) = lines.next_line().await.unwrap() {
        let verb = line.split([' ', ':']).next().unwrap().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-test\r\n250 8BITMIME\r\n",
            "RCPT" if refuse => "550 no such mailbox\r\n",
            "MAIL" | "RCPT" => {
                mail.extend([line.as_str(), "\n"]);
                "250 ok\r\n"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.unwrap();
                while let Some(line) = lines.next_line().await.unwrap() {
                    if line == "." {
                        break;
                    }
                    mail.extend([line.strip_prefix('.').unwrap_or(&line), "\n"]);
                }
                mails.send(std::mem::take(&mut mail)).unwrap();
                "250 queued\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "502 what\r\n",
        };
        if write.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Undoes quoted-printable (RFC 2045, 6.7).
fn unquoted(text: &str) -> String {
    let text = text.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|it| hex::decode(it).ok());
        if let (b'=', Some(byte)) = (first, pair) {
            bytes.extend(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_mail_goes_over_smtp_and_its_link_works() {
    let (address, mut mails) = smtp(false).await;
    let server = TestServer::start_with(|config| {
        config.mail.url = format!("smtp://{address}");
        config.mail.from = "Dreiklang <noreply@chat.example.org>".to_owned();
    })
    .await;
    let alice = server.person().await;
    let answer = ask_email(&server, &alice, "Alice@Example.org").await;
    assert_eq!(answer["success"], true, "{answer}");
    let mail = mails.recv().await.unwrap();
    for line in [
        "MAIL FROM:<noreply@chat.example.org>",
        "RCPT TO:<alice@example.org>",
        "From: Dreiklang <noreply@chat.example.org>",
        "To: alice@example.org",
        "Auto-Submitted: auto-generated",
        "Date: Fri, 02 Jan 2026 03:04:05 +0000",
    ] {
        assert!(mail.contains(line), "{line} is missing in\n{mail}");
    }
    let page = page_of(&unquoted(&mail));
    assert_eq!(press(&server, &page).await.status, 200);
}

#[tokio::test]
async fn a_mail_that_nobody_takes_is_an_error_to_the_person() {
    let (address, _mails) = smtp(true).await;
    let server = TestServer::start_with(|config| {
        config.mail.url = format!("smtp://{address}");
        config.mail.from = "noreply@chat.example.org".to_owned();
    })
    .await;
    let alice = server.person().await;
    let answer = ask_email(&server, &alice, "nobody@example.org").await;
    assert_eq!(answer["success"], false);
    assert!(
        answer["error"]
            .as_str()
            .unwrap()
            .contains("could not be sent"),
        "{answer}"
    );
}

/// What a provider was asked.
struct Asked {
    head: String,
    body: String,
}

async fn provider(status: &'static str) -> (SocketAddr, mpsc::UnboundedReceiver<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (read, mut write) = stream.into_split();
            let mut read = BufReader::new(read);
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                read.read_line(&mut line).await.unwrap();
                if line.trim().is_empty() {
                    break;
                }
                if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
                    length = text.trim().parse().unwrap();
                }
                head += &line;
            }
            let mut body = vec![0; length];
            read.read_exact(&mut body).await.unwrap();
            let body = String::from_utf8(body).unwrap();
            asked.send(Asked { head, body }).unwrap();
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
            write.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, received)
}

async fn with_provider(address: SocketAddr) -> TestServer {
    TestServer::start_with(|config| {
        let folder = std::path::Path::new(&config.server.data_dir);
        let file = folder.join("keys/sms.token");
        dreiklang_server::app::keys::write_private(&file, b"Bearer very-secret\n").unwrap();
        config.sms.url = format!("http://{address}/v1/send");
        config.sms.call_url = format!("http://{address}/v1/call");
        config.sms.authorization = String::from("file:keys/sms.token");
        config.sms.headers = vec!["X-Tenant: dreiklang".to_owned()];
    })
    .await
}

#[tokio::test]
async fn a_short_message_and_a_call_go_over_http() {
    let (address, mut asked) = provider("202 Accepted").await;
    let server = with_provider(address).await;
    let alice = server.person().await;
    let answer = ask_phone(&server, &alice, "+41 79 123 45 67").await;
    assert_eq!(answer["success"], true, "{answer}");
    let first = asked.recv().await.unwrap();
    assert!(
        first.head.starts_with("POST /v1/send HTTP/1.1\r\n"),
        "{}",
        first.head
    );
    let head = first.head.to_lowercase();
    for line in [
        "authorization: bearer very-secret",
        "x-tenant: dreiklang",
        "content-type: application/json",
        &format!("host: {address}"),
    ] {
        assert!(head.contains(line), "{line} is missing in\n{head}");
    }
    let body: Value = serde_json::from_str(&first.body).unwrap();
    assert_eq!(body["to"], "+41791234567");
    let code = code_of(body["text"].as_str().unwrap());

    let call = serde_json::json!({ "verificationId": answer["verificationId"] });
    let called = server
        .post("/identity/link_mobileno_call", &call)
        .await
        .json();
    assert_eq!(called["success"], true, "{called}");
    let second = asked.recv().await.unwrap();
    assert!(
        second.head.starts_with("POST /v1/call HTTP/1.1\r\n"),
        "{}",
        second.head
    );
    let replaced = send_code(&server, &answer["verificationId"], &code).await;
    assert_eq!(replaced["success"], false, "the call brought a new code");
}

#[tokio::test]
async fn a_redirect_of_the_provider_is_not_followed() {
    let (elsewhere, mut asked_there) = provider("200 OK").await;
    let status = format!("307 Elsewhere\r\nLocation: http://{elsewhere}/");
    let (address, mut asked) = provider(status.leak()).await;
    let server = with_provider(address).await;
    let alice = server.person().await;
    let answer = ask_phone(&server, &alice, "+41791234567").await;
    assert_eq!(answer["success"], false);
    assert!(
        answer["error"]
            .as_str()
            .unwrap()
            .contains("could not be sent"),
        "{answer}"
    );
    assert!(asked.recv().await.is_some());
    assert!(asked_there.try_recv().is_err());
}

#[tokio::test]
async fn a_secret_that_others_can_read_keeps_the_server_from_starting() {
    use dreiklang_server::service::sms::Sms;
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mut config = crate::server::local_config(folder.path());
    config.sms.url = "https://sms.example/".to_owned();
    config.sms.authorization = "file:sms.token".to_owned();
    let settings = config.check().unwrap();
    assert!(Sms::load(&settings).is_err(), "it is not there");
    let file = folder.path().join("sms.token");
    std::fs::write(&file, "Bearer x").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(Sms::load(&settings).is_err(), "others can read it");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(Sms::load(&settings).is_ok());
}
