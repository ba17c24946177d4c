//! `blob/upload`, `blob/{id}` and `blob/{id}/done`

use std::time::Duration;

use dreiklang_server::app::UnixMillis;
use dreiklang_server::worker::expire_blobs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::server::{Answer, START, TestServer};

const TYPE: &str = "multipart/form-data; boundary=---------------------------Boundary_Line";
const DAY: Duration = Duration::from_hours(24);

fn form(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "-----------------------------Boundary_Line\r\n\
         Content-Disposition: form-data; name=\"{name}\"; filename=\"blob.bin\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let tail = b"\r\n-----------------------------Boundary_Line--\r\n";
    [head.as_bytes(), content, tail].concat()
}

async fn upload(server: &TestServer, query: &str, content: &[u8]) -> Answer {
    let headers = [("content-type", TYPE)];
    server
        .post_bytes(
            &format!("/blob/upload{query}"),
            &headers,
            form("blob", content),
        )
        .await
}

async fn done(server: &TestServer, id: &str) -> u16 {
    let answer = server
        .post_bytes(&format!("/blob/{id}/done"), &[], "")
        .await;
    assert!(answer.body.is_empty());
    answer.status
}

#[tokio::test]
async fn what_was_uploaded_comes_back_until_it_is_done() {
    let server = TestServer::start().await;
    let content: Vec<u8> = (0..300_000_u32).map(|it| (it % 251) as u8).collect();
    for content in [&content[..], b"", b"\r\n--"] {
        let answer = upload(&server, "", content).await;
        // Exactly 200 and the bare digits (protocol.md D17).
        assert_eq!(answer.status, 200, "{}", answer.text());
        let id = answer.text();
        assert!(
            id.len() == 32 && id.bytes().all(|it| b"0123456789abcdef".contains(&it)),
            "{id}"
        );
        let found = server.get(&format!("/blob/{id}")).await;
        assert_eq!(found.status, 200);
        assert_eq!(
            found.header("content-length"),
            Some(content.len().to_string().as_str())
        );
        assert!(found.body == content);
        assert_eq!(done(&server, &id).await, 204);
        assert_eq!(server.get(&format!("/blob/{id}")).await.status, 404);
        assert_eq!(done(&server, &id).await, 204);
    }
}

#[tokio::test]
async fn a_persistent_blob_survives_done_and_expires_later() {
    let server = TestServer::start().await;
    let kept = upload(&server, "?persist=1", b"kept").await.text();
    let usual = upload(&server, "?persist=0", b"usual").await.text();
    assert_eq!(done(&server, &kept).await, 204);
    let status = async |id: &str| server.get(&format!("/blob/{id}")).await.status;
    assert_eq!((status(&kept).await, status(&usual).await), (200, 200));
    server.clock.advance(DAY * 14);
    // Gone at once, and its bytes with the next round of the worker.
    assert_eq!((status(&kept).await, status(&usual).await), (200, 404));
    assert_eq!(expire_blobs::sweep(server.app(), 0).await.unwrap(), 1);
    server.clock.advance(DAY * 16);
    assert_eq!(status(&kept).await, 404);
    assert_eq!(expire_blobs::sweep(server.app(), 0).await.unwrap(), 1);
    assert_eq!(server.app().store.blob_totals().await.unwrap().blobs, 0);
}

#[tokio::test]
async fn a_jump_of_the_wall_clock_deletes_nothing() {
    let server = TestServer::start().await;
    let id = upload(&server, "", b"x").await.text();
    for days in [30, -30] {
        let jump = days * 24 * 3600 * 1000;
        server.clock.jump(UnixMillis(START.0 + jump));
        assert_eq!(expire_blobs::sweep(server.app(), 0).await.unwrap(), 0);
        assert_eq!(server.get(&format!("/blob/{id}")).await.status, 200);
    }
}

#[tokio::test]
async fn an_upload_that_stalls_is_refused_and_leaves_nothing() {
    let server = TestServer::start_with(|config| config.api.body_stall_timeout_s = 1).await;
    let mut stream = server.connect().await;
    let head = format!(
        "POST /blob/upload HTTP/1.1\r\nHost: x\r\nContent-Type: {TYPE}\r\n\
         Content-Length: 100000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
        .write_all(&form("blob", &[7; 5_000])[..4_000])
        .await
        .unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    server.clock.advance(DAY * 3);
    assert_eq!(
        expire_blobs::sweep(server.app(), 0).await.unwrap(),
        0,
        "a row is left"
    );
}

#[tokio::test]
async fn a_reader_that_stops_reading_is_cut_off() {
    let server = TestServer::start_with(|config| config.api.write_stall_timeout_s = 1).await;
    let id = upload(&server, "", &vec![7; 40_000_000]).await.text();
    let mut stream = server.connect().await;
    let request = format!("GET /blob/{id} HTTP/1.1\r\nHost: x\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut byte = [0];
    stream.read_exact(&mut byte).await.unwrap();
    // Reading nothing until the server has let go; then what the buffers held is all there is.
    while server.app().openings.count() > 0 {
        tokio::task::yield_now().await;
    }
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(rest.len() < 40_000_000, "{}", rest.len());
}

#[tokio::test]
async fn only_what_clients_send_is_taken() {
    let server = TestServer::start().await;
    let post = async |content_type: &str, body: Vec<u8>| {
        server
            .post_bytes("/blob/upload", &[("content-type", content_type)], body)
            .await
            .status
    };
    assert_eq!(post("application/json", b"{}".to_vec()).await, 415);
    assert_eq!(post("multipart/form-data", form("blob", b"x")).await, 415);
    assert_eq!(post(TYPE, form("file", b"x")).await, 400);
    assert_eq!(post(TYPE, form("blob", b"x")[..160].to_vec()).await, 400);
    assert_eq!(post(TYPE, vec![b'x'; 100_000]).await, 400);
    assert_eq!(server.app().store.blob_totals().await.unwrap().blobs, 0);
}

#[tokio::test]
async fn a_large_blob_is_refused_with_and_without_a_declared_length() {
    let server = TestServer::start_with(|config| config.blob.bytes_max = 1000).await;
    assert_eq!(upload(&server, "", &[7; 1000]).await.status, 200);
    assert_eq!(upload(&server, "", &[7; 1001]).await.status, 413);
    assert_eq!(upload(&server, "", &vec![7; 50_000]).await.status, 413);
    let mut stream = server.connect().await;
    let head = format!(
        "POST /blob/upload HTTP/1.1\r\nHost: x\r\nContent-Type: {TYPE}\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let body = form("blob", &vec![7; 50_000]);
    for piece in body.chunks(5_000) {
        let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
        if stream.write_all(&chunk).await.is_err() {
            break;
        }
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    assert_eq!(server.app().store.blob_totals().await.unwrap().blobs, 1);
}

#[tokio::test]
async fn uploads_are_limited_per_address() {
    let server = TestServer::start_with(|config| {
        config.blob.uploads_per_ip_hour_max = 2;
        config.blob.bytes_max = 1000;
        config.blob.bytes_per_ip_day_max = 1000;
    })
    .await;
    assert_eq!(upload(&server, "", &[1; 600]).await.status, 200);
    assert_eq!(
        upload(&server, "", &[1; 600]).await.status,
        429,
        "too many bytes"
    );
    assert_eq!(
        upload(&server, "", &[1; 1]).await.status,
        429,
        "too many uploads"
    );
    server.clock.advance(DAY);
    assert_eq!(upload(&server, "", &[1; 600]).await.status, 200);
}

#[tokio::test]
async fn uploads_can_be_closed_to_strangers() {
    let server = TestServer::start_with(|config| config.blob.anonymous_upload = false).await;
    assert_eq!(upload(&server, "", b"x").await.status, 401);
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let server = TestServer::start().await;
    std::fs::write(server.folder.path().join("secret.txt"), "secret").unwrap();
    let id = upload(&server, "", b"x").await.text();
    let mut paths: Vec<String> = [
        "../secret.txt",
        "..%2fsecret.txt",
        "..%2Fsecret.txt",
        "%2e%2e%2fsecret.txt",
        "....//secret.txt",
        "..\\secret.txt",
        "..%5csecret.txt",
        "%2fetc%2fpasswd",
        "%252e%252e%252fsecret.txt",
        "secret.txt%00",
        "%c0%ae%c0%ae/secret.txt",
        "..;/secret.txt",
        "../../../../../../etc/passwd",
        "incoming",
        "ab",
        ".",
        "..",
        "%00",
        "file:%2f%2fetc",
    ]
    .map(str::to_owned)
    .into();
    paths.extend((0..32).map(|length| id[..length].to_owned()));
    paths.extend((0..32).map(|at| format!("{}%2f{}", &id[..at], &id[at..])));
    paths.extend((0..32).map(|at| format!("{}{}%00", &id[..at], &id[at..])));
    paths.push(format!("{id}0"));
    paths.push(format!("../blobs/{}/{id}", &id[..2]));
    for path in paths {
        // As bytes: a client library would tidy the path up.
        let mut stream = server.connect().await;
        let request = format!("GET /blob/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        assert!(
            !answer.contains("secret") && !answer.contains("root:"),
            "{path}: {answer}"
        );
    }
    assert_eq!(server.get(&format!("/blob/{id}")).await.status, 200);
}

#[tokio::test]
async fn a_blob_survives_a_restart() {
    let server = TestServer::start().await;
    let id = upload(&server, "", b"still here").await.text();
    let id = id.parse().unwrap();
    let database = server.app().config.database_url.clone();
    let blobs = server.app().config.blobs_url.clone();
    let _folder = server.stop().await;
    let store = crate::server::open_store(&database, &blobs).await;
    let blob = store.blob(id).await.unwrap().unwrap();
    let piece = store
        .blob_bytes(&blob)
        .await
        .unwrap()
        .unwrap()
        .next()
        .await
        .unwrap();
    assert_eq!(piece.as_deref(), Some(&b"still here"[..]));
    store.close().await;
}
