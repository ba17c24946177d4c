//! `safe/…`: the rules of public Safe servers (interop.md, row 16).

use std::time::Duration;

use dreiklang_server::worker::expire_safe_backups::sweep;
use http_body_util::Full;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::closed::{basic, closed, member};
use crate::server::{Answer, TestServer, exchange, request};
use crate::work::office::Office;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);
const OCTETS: &str = "application/octet-stream";

fn path(byte: u8) -> String {
    format!("/safe/backups/{}", hex::encode([byte; 32]))
}

async fn call(
    server: &TestServer,
    method: &str,
    path: &str,
    head: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut request = request(method, path);
    for (name, value) in head {
        request = request.header(*name, *value);
    }
    let body = Full::new(hyper::body::Bytes::copy_from_slice(body));
    exchange(server.connect().await, request.body(body).unwrap()).await
}

async fn put(server: &TestServer, path: &str, body: &[u8]) -> Answer {
    let head = [("user-agent", "Threema"), ("content-type", OCTETS)];
    call(server, "PUT", path, &head, body).await
}

async fn get(server: &TestServer, path: &str) -> Answer {
    let head = [("user-agent", "Threema"), ("accept", OCTETS)];
    call(server, "GET", path, &head, b"").await
}

async fn delete(server: &TestServer, path: &str) -> u16 {
    call(server, "DELETE", path, &[("user-agent", "Threema")], b"")
        .await
        .status
}

#[tokio::test]
async fn the_configuration_names_both_limits() {
    let server = TestServer::start().await;
    let head = [("user-agent", "Threema"), ("accept", "application/json")];
    let answer = call(&server, "GET", "/safe/config", &head, b"").await;
    assert_eq!(answer.status, 200);
    let expected = json!({ "maxBackupBytes": 524_288, "retentionDays": 180 });
    assert_eq!(answer.json(), expected);
}

#[tokio::test]
async fn a_backup_is_made_replaced_read_and_deleted() {
    let server = TestServer::start().await;
    let path = path(1);
    assert_eq!(get(&server, &path).await.status, 404);
    let made = put(&server, &path, b"first").await;
    assert_eq!((made.status, made.body.len()), (201, 0));
    let replaced = put(&server, &path, b"the second").await;
    assert_eq!((replaced.status, replaced.body.len()), (204, 0));
    let read = get(&server, &path).await;
    assert_eq!((read.status, &read.body[..]), (200, &b"the second"[..]));
    assert_eq!(read.header("content-type"), Some(OCTETS));
    assert_eq!(read.header("cache-control"), Some("no-store"));
    // As Desktop asks.
    let head = call(&server, "HEAD", &path, &[("user-agent", "Threema")], b"").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some("10"));
    assert_eq!(delete(&server, &path).await, 204);
    assert_eq!(delete(&server, &path).await, 404);
    assert_eq!(get(&server, &path).await.status, 404);
    let head = call(&server, "HEAD", &path, &[("user-agent", "Threema")], b"").await;
    assert_eq!(head.status, 404);
}

#[tokio::test]
async fn a_program_says_its_name_and_what_it_takes() {
    let server = TestServer::start().await;
    let path = path(1);
    assert_eq!(put(&server, &path, b"x").await.status, 201);
    let status = async |method: &str, path: &str, head: &[(&str, &str)], body: &[u8]| {
        call(&server, method, path, head, body).await.status
    };
    let agent = ("user-agent", "x");
    let json = ("accept", "application/json");
    let octets = ("accept", OCTETS);
    assert_eq!(status("GET", "/safe/config", &[json], b"").await, 400);
    assert_eq!(status("GET", "/safe/config", &[agent], b"").await, 400);
    assert_eq!(
        status("GET", "/safe/config", &[agent, octets], b"").await,
        400
    );
    assert_eq!(status("GET", &path, &[octets], b"").await, 400);
    assert_eq!(status("GET", &path, &[agent], b"").await, 400);
    assert_eq!(status("GET", &path, &[agent, json], b"").await, 400);
    assert_eq!(status("PUT", &path, &[agent], b"y").await, 400);
    assert_eq!(
        status("PUT", &path, &[agent, ("content-type", "text/plain")], b"y").await,
        400
    );
    assert_eq!(status("DELETE", &path, &[], b"").await, 400);
    for wide in [
        "*/*",
        "application/*;q=0.5",
        "text/html, */*;q=0.8",
        "Application/Octet-Stream",
    ] {
        assert_eq!(
            status("GET", &path, &[agent, ("accept", wide)], b"").await,
            200,
            "{wide}"
        );
    }
}

#[tokio::test]
async fn only_whole_ids_reach_the_store() {
    let server = TestServer::start().await;
    let whole = hex::encode([0xab; 32]);
    for text in [
        &whole[..63],
        &format!("{whole}0"),
        &format!("{}g", &whole[..63]),
        "xx",
        "..%2f..%2fserver.db",
        &format!("..%2f{}", &whole[..61]),
        &format!("{}%00", &whole[..62]),
    ] {
        let path = format!("/safe/backups/{text}");
        assert_eq!(put(&server, &path, b"x").await.status, 400, "{text}");
        assert_eq!(get(&server, &path).await.status, 400, "{text}");
        assert_eq!(delete(&server, &path).await, 400, "{text}");
    }
    let upper = format!("/safe/backups/{}", whole.to_uppercase());
    assert_eq!(put(&server, &upper, b"x").await.status, 201);
    assert_eq!(
        get(&server, &format!("/safe/backups/{whole}")).await.status,
        200
    );
    assert_eq!(get(&server, "/safe/backups/").await.status, 404);
    assert_eq!(
        get(&server, "/safe/backups").await.status,
        404,
        "nothing lists ids"
    );
}

#[tokio::test]
async fn what_does_not_fit_leaves_the_old_backup() {
    let server = TestServer::start_with(|config| {
        config.safe.bytes_max = 20_000;
        config.safe.uploads_per_backup_max = 10;
    })
    .await;
    let path = path(1);
    assert_eq!(put(&server, &path, &vec![7; 20_000]).await.status, 201);
    assert_eq!(put(&server, &path, &vec![8; 20_001]).await.status, 413);
    assert_eq!(put(&server, &path, b"").await.status, 400);
    // A body that breaks off.
    let mut stream = server.connect().await;
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: x\r\nUser-Agent: x\r\nContent-Type: {OCTETS}\r\n\
         Content-Length: 1000\r\nConnection: close\r\n\r\nhalf"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(!rest.starts_with(b"HTTP/1.1 2"));
    // A body without a length that is too large.
    let mut stream = server.connect().await;
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: x\r\nUser-Agent: x\r\nContent-Type: {OCTETS}\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..3 {
        let chunk = [b"2710\r\n".as_slice(), &[9; 10_000], b"\r\n"].concat();
        if stream.write_all(&chunk).await.is_err() {
            break;
        }
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    assert_eq!(&get(&server, &path).await.body[..], vec![7; 20_000]);
}

#[tokio::test]
async fn a_backup_lasts_half_a_year_from_its_last_upload() {
    let server = TestServer::start().await;
    let (renewed, forgotten) = (path(1), path(2));
    assert_eq!(put(&server, &renewed, b"x").await.status, 201);
    assert_eq!(put(&server, &forgotten, b"x").await.status, 201);
    server.clock.advance(DAY * 90);
    assert_eq!(put(&server, &renewed, b"x").await.status, 204);
    server.clock.advance(DAY * 90);
    assert_eq!(
        get(&server, &forgotten).await.status,
        404,
        "gone before it is swept"
    );
    assert_eq!(sweep(server.app()).await.unwrap(), 1);
    assert_eq!(get(&server, &renewed).await.status, 200);
    server.clock.advance(DAY * 90);
    assert_eq!(sweep(server.app()).await.unwrap(), 1);
    assert_eq!(get(&server, &renewed).await.status, 404);
}

#[tokio::test]
async fn a_jump_of_the_wall_clock_deletes_nothing() {
    let server = TestServer::start().await;
    assert_eq!(put(&server, &path(1), b"x").await.status, 201);
    let later = server.clock.now().after(DAY * 1000);
    server.clock.jump(later);
    assert_eq!(sweep(server.app()).await.unwrap(), 0);
    assert_eq!(get(&server, &path(1)).await.status, 200);
}

#[tokio::test]
async fn uploads_of_a_backup_come_three_at_once_then_every_five_minutes() {
    let server = TestServer::start().await;
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(put(&server, &path(1), b"x").await.status);
    }
    assert_eq!(answers, [201, 204, 204, 429]);
    assert_eq!(
        put(&server, &path(2), b"x").await.status,
        201,
        "another backup"
    );
    server.clock.advance(MINUTE * 5);
    assert_eq!(put(&server, &path(1), b"x").await.status, 204);
    assert_eq!(put(&server, &path(1), b"x").await.status, 429);
}

#[tokio::test]
async fn downloads_are_limited_per_network_whether_there_is_a_backup_or_not() {
    let server = TestServer::start_with(|config| {
        config.safe.downloads_per_ip_hour_max = 5;
    })
    .await;
    put(&server, &path(9), b"x").await;
    for byte in 0..5 {
        assert_eq!(get(&server, &path(byte)).await.status, 404);
    }
    assert_eq!(get(&server, &path(9)).await.status, 429);
    assert_eq!(get(&server, &path(0)).await.status, 429);
    assert_eq!(
        delete(&server, &path(0)).await,
        429,
        "it would tell as much"
    );
    server.clock.advance(MINUTE * 60);
    assert_eq!(get(&server, &path(9)).await.status, 200);
}

#[tokio::test]
async fn no_page_of_another_origin_may_read_a_backup() {
    let server = TestServer::start().await;
    put(&server, &path(1), b"x").await;
    let origin = ("origin", "https://evil.example");
    let head = [("user-agent", "x"), ("accept", "*/*"), origin];
    let answer = call(&server, "GET", &path(1), &head, b"").await;
    assert!(answer.header("access-control-allow-origin").is_none());
    let wish = ("access-control-request-method", "PUT");
    let answer = call(&server, "OPTIONS", &path(1), &[origin, wish], b"").await;
    assert_eq!(answer.status, 405);
    assert!(answer.header("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn the_operator_can_switch_it_off() {
    let server = TestServer::start_with(|config| config.safe.enabled = false).await;
    assert_eq!(put(&server, &path(1), b"x").await.status, 404);
    let head = [("user-agent", "x"), ("accept", "*/*")];
    assert_eq!(
        call(&server, "GET", "/safe/config", &head, b"")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn on_a_closed_instance_a_licence_is_needed_and_names_the_owner() {
    let server = closed(|_| {}).await;
    let office = Office::open(&server, "Office", 0).await;
    let (anna, pass) = member(&server, &office, "anna").await;
    let shown = basic(&pass);
    let head = |shown| [("user-agent", "Threema"), ("content-type", OCTETS), shown];
    let nothing = ("x-nothing", "x");
    let answer = call(&server, "PUT", &path(1), &head(nothing), b"x").await;
    assert_eq!(answer.status, 401);
    for method in ["GET", "HEAD", "DELETE"] {
        let answer = call(&server, method, &path(1), &head(nothing), b"").await;
        assert_eq!(answer.status, 401, "{method}");
    }
    let answer = call(
        &server,
        "PUT",
        &path(1),
        &head(("authorization", &shown)),
        b"x",
    )
    .await;
    assert_eq!(answer.status, 201);
    let stored = server.app().store.safe_backup([1; 32]).await.unwrap();
    assert_eq!(stored.unwrap().owner, Some(anna.identity));
}

#[tokio::test]
async fn on_an_open_instance_nobody_is_the_owner_and_any_password_is_taken() {
    let server = TestServer::start().await;
    // Apps send what a person typed beside the server's name, whatever it is.
    let head = [
        ("user-agent", "Threema"),
        ("content-type", OCTETS),
        ("authorization", "Basic eDp5"),
    ];
    assert_eq!(
        call(&server, "PUT", &path(1), &head, b"x").await.status,
        201
    );
    let stored = server.app().store.safe_backup([1; 32]).await.unwrap();
    assert_eq!(stored.unwrap().owner, None);
}
