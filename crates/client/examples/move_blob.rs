//! Seals a file, uploads it, downloads it, saves it again, and says how long that took and how much
//! memory. Transfers that fail for a reason that may pass are tried again, as the engine does it.
//!
//! `move_blob <instance.json> <folder> <bytes> [<user name> <password>]` prints one line of JSON. A
//! closed instance asks for the credentials; they are shown as a token.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use dreiklang_client::engine::Transferred;
use dreiklang_client::engine::{Authorization, License, MediaName, Place, Transfer, TransferFault};
use dreiklang_client::{Blobs, Media, Sealed, Watcher, instance};
use dreiklang_crypto::{SystemRng, random};
use tokio::time::Instant;

const TRIES: u32 = 5;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args_os().skip(1);
    let mut next = || {
        arguments
            .next()
            .ok_or("move_blob <instance> <folder> <bytes>")
    };
    let (instance, folder): (PathBuf, PathBuf) = (next()?.into(), next()?.into());
    let bytes: u64 = next()?.to_string_lossy().parse()?;
    let authorization = match (next(), next()) {
        (Ok(username), Ok(password)) => Authorization::Token(License {
            username: username.to_string_lossy().into_owned(),
            password: password.to_string_lossy().into_owned(),
        }),
        _ => Authorization::Nobody,
    };
    let mut courier = Courier {
        blobs: Blobs::new(&instance::read(&instance)?)?,
        media: Media::open(&folder)?,
        faults: Vec::new(),
        told: 0,
    };
    let (plain, again) = (folder.join("plain"), folder.join("again"));
    make(&plain, bytes)?;

    let start = Instant::now();
    let staged = courier.media.stage(File::open(&plain)?)?;
    let seal_ms = start.elapsed().as_millis();

    let start = Instant::now();
    let upload = Transfer::Upload {
        source: Place::File(staged.name),
        persist: false,
        authorization: authorization.clone(),
    };
    let Transferred::Uploaded(blob) = courier.carry(&upload).await? else {
        return Err("an upload gives an id".into());
    };
    let upload_ms = start.elapsed().as_millis();

    let start = Instant::now();
    let name = MediaName(random(&mut SystemRng));
    let download = Transfer::Download {
        blob,
        key: staged.key.clone(),
        nonce: staged.nonce,
        bytes_max: bytes + 16,
        target: Some(name),
        authorization: authorization.clone(),
    };
    courier.carry(&download).await?;
    let download_ms = start.elapsed().as_millis();

    let start = Instant::now();
    let sealed = Sealed {
        name,
        ..staged.sealed()
    };
    courier.media.save(&sealed, &again, true)?;
    let open_ms = start.elapsed().as_millis();

    let done = Transfer::Done {
        blob,
        authorization,
    };
    courier.carry(&done).await?;
    let line = serde_json::json!({
        "is_same": is_same(&plain, &again)?, "faults": courier.faults, "told": courier.told,
        "seal_ms": seal_ms, "upload_ms": upload_ms, "download_ms": download_ms,
        "open_ms": open_ms, "peak_kib": peak_kib()?,
    });
    writeln!(io::stdout().lock(), "{line}")?;
    Ok(())
}

struct Courier {
    blobs: Blobs,
    media: Media,
    faults: Vec<String>,
    /// How often progress was told.
    told: u64,
}

struct Count<'a>(&'a mut u64);

impl Watcher for Count<'_> {
    fn moved(&mut self, _: u64, _: u64) {
        *self.0 += 1;
    }
}

impl Courier {
    async fn carry(&mut self, transfer: &Transfer) -> Result<Transferred, TransferFault> {
        for _ in 1..TRIES {
            let mut watcher = Count(&mut self.told);
            let outcome = self.blobs.perform(transfer, &self.media, &mut watcher);
            match outcome.await {
                Err(fault) if !fault.is_permanent() => self.faults.push(fault.to_string()),
                outcome => return outcome,
            }
        }
        let mut watcher = Count(&mut self.told);
        self.blobs
            .perform(transfer, &self.media, &mut watcher)
            .await
    }
}

/// Bytes that no two pieces have in common.
fn make(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    let (mut left, mut state) = (bytes, 1_u64);
    let mut piece = vec![0; 64 * 1024];
    while left > 0 {
        for word in piece.chunks_exact_mut(8) {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            word.copy_from_slice(&state.to_be_bytes());
        }
        let size = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
        file.write_all(&piece[..size])?;
        left -= size as u64;
    }
    Ok(())
}

fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    let [mut one, mut other] = [
        BufReader::new(File::open(one)?),
        BufReader::new(File::open(other)?),
    ];
    let (mut a, mut b) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        let (first, second) = (fill(&mut one, &mut a)?, fill(&mut other, &mut b)?);
        if a[..first] != b[..second] {
            return Ok(false);
        }
        if first == 0 {
            return Ok(true);
        }
    }
}

fn fill(from: &mut impl Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < piece.len() {
        match from.read(&mut piece[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

/// The most memory this program ever had, as Linux counts it.
fn peak_kib() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmHWM")?.parse()?)
}
