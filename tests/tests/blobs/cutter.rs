//! Stands between client and server and cuts one connection in the middle.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// In which direction the bytes go that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Up,
    Down,
}

/// Lets everything through, except that the first connection on which so many bytes went in one
/// direction ends there.
pub(crate) struct Cutter {
    port: u16,
}

impl Cutter {
    pub(crate) fn start(server: SocketAddr, cut: Cut, after_bytes: u64) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let has_cut = Arc::new(AtomicBool::new(false));
        thread::spawn(move || {
            // It ends with the test.
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(server) else {
                    return;
                };
                for direction in [Cut::Up, Cut::Down] {
                    let ends = (client.try_clone(), server.try_clone());
                    let (Ok(client), Ok(server)) = ends else {
                        return;
                    };
                    let bytes_max = (direction == cut).then_some(after_bytes);
                    let has_cut = Arc::clone(&has_cut);
                    thread::spawn(move || match direction {
                        Cut::Up => copy(client, server, bytes_max, &has_cut),
                        Cut::Down => copy(server, client, bytes_max, &has_cut),
                    });
                }
            }
        });
        Ok(Self { port })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, bytes_max: Option<u64>, has_cut: &AtomicBool) {
    let mut piece = vec![0; 16 * 1024];
    let mut copied = 0;
    while let Ok(count @ 1..) = from.read(&mut piece) {
        copied += count as u64;
        let is_due = bytes_max.is_some_and(|most| copied > most);
        if is_due && !has_cut.swap(true, Ordering::Relaxed) {
            // Both ends lose it at once; whoever is gone already cannot be told.
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
            return;
        }
        if to.write_all(&piece[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
