//! Transfers against small servers on this machine: what comes out, and what every fault means.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use dreiklang_crypto::{PublicKey, SecretKey, SeededRng, SharedKey};
use dreiklang_engine::{License, MediaName};
use dreiklang_wire::api::instance::{Chat, Kind};
use dreiklang_wire::e2e::BlobKey;
use dreiklang_wire::id::MessageNonce;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::AUTHORIZATION;
use hyper::{Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::*;
use crate::net::local;

const KEY: [u8; 32] = [7; 32];
const ID: BlobId = BlobId([0xab; 16]);

/// What a test saw: method, path with query, the authorisation, the body.
type Seen = Arc<Mutex<Vec<(String, String, Vec<u8>)>>>;

/// Answers every request as a test says, and keeps what was asked.
async fn serve(
    answer: impl Fn(&str, usize) -> Response<Full<Bytes>> + Clone + Send + Sync + 'static,
) -> (SocketAddr, Seen) {
    let seen: Seen = Arc::default();
    let kept = Arc::clone(&seen);
    let address = local::serve(None, move |request: Request<Incoming>| {
        let (kept, answer) = (Arc::clone(&kept), answer.clone());
        async move {
            let asked = format!("{} {}", request.method(), request.uri());
            let shown = request.headers().get(AUTHORIZATION);
            let shown = shown.map_or("", |shown| shown.to_str().unwrap()).to_owned();
            let body = request.into_body().collect().await.unwrap().to_bytes();
            let number = {
                let mut kept = kept.lock().unwrap();
                kept.push((asked.clone(), shown, body.to_vec()));
                kept.len()
            };
            Ok::<_, Infallible>(answer(&asked, number))
        }
    })
    .await;
    (address, seen)
}

fn answer(status: u16, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let body = Full::new(body.into());
    Response::builder().status(status).body(body).unwrap()
}

fn public_key() -> PublicKey {
    SecretKey::generate(&mut SeededRng::new(1)).public()
}

pub(crate) fn blobs(address: SocketAddr) -> Blobs {
    let base = format!("http://{address}/");
    Blobs::new(&Instance {
        name: "Model".to_owned(),
        chat: Chat {
            host: "127.0.0.1".to_owned(),
            ports: vec![1],
            public_key: public_key(),
            alternative_public_key: None,
        },
        directory_url: base.clone(),
        blob: Blob {
            upload_url: format!("{base}up"),
            download_url: format!("{base}{{blobIdPrefix}}/{{blobId}}"),
            done_url: format!("{base}{{blobId}}/done"),
        },
        kind: Kind::default(),
        work_url: None,
        safe_url: None,
        ca_certificate: None,
    })
    .unwrap()
}

pub(crate) fn media() -> (tempfile::TempDir, Media) {
    let folder = tempfile::tempdir().unwrap();
    let media = Media::open(folder.path()).unwrap();
    (folder, media)
}

fn files(folder: &tempfile::TempDir) -> usize {
    std::fs::read_dir(folder.path().join("media"))
        .unwrap()
        .count()
}

#[derive(Default)]
struct Heard(Vec<(u64, u64)>);

impl Watcher for Heard {
    fn moved(&mut self, done_bytes: u64, total_bytes: u64) {
        self.0.push((done_bytes, total_bytes));
    }
}

fn upload(source: Place, persist: bool) -> Transfer {
    Transfer::Upload {
        source,
        persist,
        authorization: Authorization::Nobody,
    }
}

pub(crate) fn download(bytes_max: u64, target: Option<MediaName>) -> Transfer {
    Transfer::Download {
        blob: ID,
        key: BlobKey(KEY),
        nonce: MessageNonce(spec::BLOB_NONCE),
        bytes_max,
        target,
        authorization: Authorization::Nobody,
    }
}

pub(crate) fn sealed(plain: &[u8]) -> Vec<u8> {
    SharedKey::from_bytes(KEY).seal(&spec::BLOB_NONCE, plain)
}

async fn perform(
    address: SocketAddr,
    media: &Media,
    transfer: &Transfer,
) -> Result<Transferred, TransferFault> {
    blobs(address)
        .perform(transfer, media, &mut Heard::default())
        .await
}

#[tokio::test]
async fn an_upload_is_one_part_of_known_length_from_memory_or_disk() {
    let (address, seen) = serve(|_, _| answer(200, format!("{ID}\n"))).await;
    let (_folder, media) = media();
    let plain = vec![5; 300_000];
    let staged = media.stage(plain.as_slice()).unwrap();
    let on_disk = std::fs::read(media.path(staged.name)).unwrap();
    for (place, persist, bytes) in [
        (Place::Memory(b"sealed".to_vec()), true, b"sealed".to_vec()),
        (Place::File(staged.name), false, on_disk),
    ] {
        let mut heard = Heard::default();
        let transfer = upload(place, persist);
        let uploaded = blobs(address).perform(&transfer, &media, &mut heard).await;
        assert_eq!(uploaded, Ok(Transferred::Uploaded(ID)));
        let total = bytes.len() as u64;
        assert_eq!(heard.0.last(), Some(&(total, total)));
        assert!(heard.0.is_sorted() && heard.0.iter().all(|(_, of)| *of == total));
        let (asked, shown, body) = seen.lock().unwrap().pop().unwrap();
        assert_eq!(asked, format!("POST /up?persist={}", u8::from(persist)));
        assert_eq!(shown, "");
        let head = b"Content-Disposition: form-data; name=\"blob\"; filename=\"blob.bin\"";
        assert!(body.windows(head.len()).any(|part| part == head));
        assert!(body.windows(bytes.len()).any(|part| part == bytes));
    }
}

#[tokio::test]
async fn a_download_is_verified_and_lands_in_memory_or_in_its_file() {
    let blob = sealed(&vec![9; 200_000]);
    let served = blob.clone();
    let (address, seen) = serve(move |_, _| answer(200, served.clone())).await;
    let (folder, media) = media();
    let bytes_max = blob.len() as u64;
    let read = perform(address, &media, &download(bytes_max, None)).await;
    assert_eq!(read, Ok(Transferred::Read(vec![9; 200_000])));
    assert_eq!(seen.lock().unwrap()[0].0, format!("GET /ab/{ID}"));
    assert_eq!(files(&folder), 0);

    let name = MediaName([1; 16]);
    let stored = perform(address, &media, &download(bytes_max, Some(name))).await;
    let sealed_bytes = bytes_max;
    assert_eq!(stored, Ok(Transferred::Stored { sealed_bytes }));
    assert_eq!(std::fs::read(media.path(name)).unwrap(), blob);
    assert_eq!(files(&folder), 1);
}

#[tokio::test]
async fn whatever_is_wrong_with_a_download_leaves_no_file() {
    let good = sealed(b"content");
    let mut bad = good.clone();
    bad[20] ^= 1;
    let name = Some(MediaName([1; 16]));
    let bytes = good.len() as u64;
    for (status, body, bytes_max, fault) in [
        (404, Vec::new(), 100, TransferFault::Gone),
        (410, Vec::new(), 100, TransferFault::Gone),
        (401, Vec::new(), 100, TransferFault::Refused(401)),
        (302, Vec::new(), 100, TransferFault::Refused(302)),
        (503, Vec::new(), 100, TransferFault::Refused(503)),
        (200, good.clone(), bytes - 1, TransferFault::TooLarge),
        (200, bad, bytes, TransferFault::Damaged),
        (200, good[..15].to_vec(), bytes, TransferFault::Damaged),
        (200, Vec::new(), bytes, TransferFault::Damaged),
    ] {
        let (address, _) = serve(move |_, _| answer(status, body.clone())).await;
        for target in [None, name] {
            let (folder, media) = media();
            let outcome = perform(address, &media, &download(bytes_max, target)).await;
            assert_eq!(outcome, Err(fault), "{status}");
            assert_eq!(files(&folder), 0, "{status}");
        }
    }
}

/// Says a length and gives less, or gives without end and without a length.
#[tokio::test]
async fn a_body_that_is_shorter_or_longer_than_it_says_is_refused() {
    for (head, body, fault) in [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
            50,
            TransferFault::Unreachable,
        ),
        (
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
            5_000,
            TransferFault::TooLarge,
        ),
    ] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request).await.unwrap();
            let answer = [head.as_bytes(), &vec![7; body]].concat();
            stream.write_all(&answer).await.unwrap();
        });
        let (folder, media) = media();
        let target = Some(MediaName([1; 16]));
        let outcome = perform(address, &media, &download(1_000, target)).await;
        assert_eq!(outcome, Err(fault));
        assert_eq!(files(&folder), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn bytes_that_rest_for_ten_seconds_end_a_download() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome";
        stream.write_all(head).await.unwrap();
        std::future::pending::<()>().await;
    });
    let (_folder, media) = media();
    let start = Instant::now();
    let outcome = perform(address, &media, &download(1_000, None)).await;
    assert_eq!(outcome, Err(TransferFault::TimedOut));
    assert_eq!(start.elapsed().as_secs(), STALL_TIMEOUT.as_secs());
}

/// The server does not read: what fits into the buffers between goes, and then nothing does.
#[tokio::test(start_paused = true)]
async fn bytes_that_rest_for_ten_seconds_end_an_upload() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let _open = listener.accept().await.unwrap();
        std::future::pending::<()>().await;
    });
    let (_folder, media) = media();
    let large = upload(Place::Memory(vec![7; 20 << 20]), false);
    let outcome = perform(address, &media, &large).await;
    assert_eq!(outcome, Err(TransferFault::TimedOut));
}

#[tokio::test]
async fn what_cannot_be_sent_is_said() {
    let (_folder, media) = media();
    let missing = upload(Place::File(MediaName([3; 16])), false);
    let nobody: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let outcome = perform(nobody, &media, &missing).await;
    assert_eq!(outcome, Err(TransferFault::FileMissing));
    let small = upload(Place::Memory(vec![7]), false);
    let outcome = perform(nobody, &media, &small).await;
    assert_eq!(outcome, Err(TransferFault::Unreachable));
    for (status, body, fault) in [
        (413, "", TransferFault::TooLarge),
        (507, "", TransferFault::Refused(507)),
        (200, "<html>log in here</html>", TransferFault::Unreachable),
    ] {
        let (address, _) = serve(move |_, _| answer(status, body)).await;
        assert_eq!(perform(address, &media, &small).await, Err(fault));
    }
}

#[tokio::test]
async fn done_is_told_with_what_lets_it_in() {
    let (address, seen) = serve(|_, _| answer(204, "")).await;
    let (_folder, media) = media();
    let license = License {
        username: "anna".to_owned(),
        password: "secret".to_owned(),
    };
    let done = Transfer::Done {
        blob: ID,
        authorization: Authorization::Basic(license.clone()),
    };
    let told = perform(address, &media, &done).await;
    assert_eq!(told, Ok(Transferred::Told));
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].0, format!("POST /{ID}/done"));
    assert_eq!(seen[0].1, license.basic());
}

/// One token for all transfers; one more when it has run out; and no third try.
#[tokio::test]
async fn tokens_are_kept_and_fetched_again_when_they_have_run_out() {
    let (address, seen) = serve(|asked, number| match asked {
        "GET /auth_token" => answer(200, format!("{{\"authToken\":\"t{number}\"}}")),
        // The first token runs out after two requests.
        _ if number == 4 => answer(401, ""),
        _ => answer(204, ""),
    })
    .await;
    let (_folder, media) = media();
    let license = License {
        username: "anna".to_owned(),
        password: "secret".to_owned(),
    };
    let done = Transfer::Done {
        blob: ID,
        authorization: Authorization::Token(license),
    };
    let blobs = blobs(address);
    for _ in 0..3 {
        let told = blobs.perform(&done, &media, &mut Heard::default()).await;
        assert_eq!(told, Ok(Transferred::Told));
    }
    let shown: Vec<String> = seen
        .lock()
        .unwrap()
        .iter()
        .filter(|(asked, _, _)| asked.ends_with("/done"))
        .map(|(_, shown, _)| shown.clone())
        .collect();
    assert_eq!(shown, ["Token t1", "Token t1", "Token t1", "Token t5"]);

    let (address, seen) = serve(|_, _| answer(401, "")).await;
    let told = perform(address, &media, &done).await;
    assert_eq!(told, Err(TransferFault::Refused(401)));
    // The credentials themselves are refused: two tries at a token, nothing was shown to the blobs.
    let seen = seen.lock().unwrap();
    assert!(seen.len() <= 2 && seen.iter().all(|(asked, _, _)| asked == "GET /auth_token"));
}
