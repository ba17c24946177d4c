//! The HTTP client against a small server of hyper's on this machine.

use std::convert::Infallible;
use std::net::SocketAddr;

use hyper::body::Incoming;
use hyper::{Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::net::local::{self, acceptor, authority};

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let response = Response::builder();
    Ok(match request.uri().path() {
        "/api/echo" => {
            let head = format!(
                "{} {} ",
                request.method(),
                request.headers()[CONTENT_TYPE].to_str().unwrap()
            );
            let body = request.into_body().collect().await.unwrap().to_bytes();
            response.body(Full::new([head.as_bytes(), &body].concat().into()))
        }
        "/api/moved" => response
            .status(StatusCode::FOUND)
            .header("location", "/api/echo")
            .body(Full::default()),
        "/api/limit" => response.body(Full::new(vec![0; RESPONSE_BYTES_MAX].into())),
        "/api/over" => response.body(Full::new(vec![0; RESPONSE_BYTES_MAX + 1].into())),
        "/api/never" => std::future::pending().await,
        _ => response.status(StatusCode::NOT_FOUND).body(Full::default()),
    }
    .unwrap())
}

async fn serve(tls: Option<TlsAcceptor>) -> SocketAddr {
    local::serve(tls, answer).await
}

fn request(method: Method, path: &str, body: &str) -> HttpRequest {
    HttpRequest {
        method,
        ..HttpRequest::post(path, body.as_bytes().to_vec())
    }
}

fn over_tls(port: u16, pem: Option<&str>) -> Http {
    Http::new(&format!("https://localhost:{port}/api/"), pem, None).unwrap()
}

#[tokio::test]
async fn the_own_authority_is_trusted() {
    let authority = authority();
    let address = serve(Some(acceptor(&authority, "localhost"))).await;
    let http = over_tls(address.port(), Some(&authority.pem));
    let answer = http
        .exchange(request(Method::Post, "echo", "{}"))
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, b"POST application/json {}");
    let answer = http
        .exchange(request(Method::Get, "nothing", ""))
        .await
        .unwrap();
    assert_eq!(answer.status, 404, "an error of the server is an answer");
}

#[tokio::test]
async fn nobody_else_is_trusted() {
    let authority = authority();
    let address = serve(Some(acceptor(&authority, "localhost"))).await;
    let echo = || request(Method::Get, "echo", "");
    let stranger = local::authority();
    for pem in [None, Some(stranger.pem.as_str())] {
        let refused = over_tls(address.port(), pem).exchange(echo()).await;
        assert_eq!(refused, Err(HttpFault::Unreachable));
    }
    // The right authority, but for another name.
    let address = serve(Some(acceptor(&authority, "example.org"))).await;
    let refused = over_tls(address.port(), Some(&authority.pem))
        .exchange(echo())
        .await;
    assert_eq!(refused, Err(HttpFault::Unreachable));
    // No TLS at all.
    let address = serve(None).await;
    let refused = over_tls(address.port(), Some(&authority.pem))
        .exchange(echo())
        .await;
    assert_eq!(refused, Err(HttpFault::Unreachable));
}

#[tokio::test]
async fn large_answers_and_redirects_are_not_followed() {
    let address = serve(None).await;
    let http = Http::new(&format!("http://{address}/api"), None, None).unwrap();
    let limit = http
        .exchange(request(Method::Get, "limit", ""))
        .await
        .unwrap();
    assert_eq!(limit.body.len(), RESPONSE_BYTES_MAX);
    let over = http.exchange(request(Method::Get, "over", "")).await;
    assert_eq!(over, Err(HttpFault::TooLarge));
    let moved = http
        .exchange(request(Method::Get, "moved", ""))
        .await
        .unwrap();
    assert_eq!((moved.status, moved.body.as_slice()), (302, [].as_slice()));
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_left_after_twenty_seconds() {
    let address = serve(None).await;
    let http = Http::new(&format!("http://{address}/api/"), None, None).unwrap();
    let before = tokio::time::Instant::now();
    let result = http.exchange(request(Method::Get, "never", "")).await;
    assert_eq!(result, Err(HttpFault::TimedOut));
    assert_eq!(before.elapsed().as_secs(), TIMEOUT.as_secs());
}

#[tokio::test]
async fn nobody_there_is_said_at_once() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let http = Http::new(&format!("http://{address}/"), None, None).unwrap();
    let result = http.exchange(request(Method::Get, "echo", "")).await;
    assert_eq!(result, Err(HttpFault::Unreachable));
}

#[test]
fn addresses_are_checked_before_anything_is_sent() {
    for bad in [
        "http://example.org/",
        "http://10.0.0.1/",
        "http://127.0.0.1.example.org/",
        "http://localhost.example.org/",
        "http://127.0.0.1@example.org/",
        "https://user:secret@example.org/",
        "https://example.org/?a=b",
        "ftp://example.org/",
        "example.org",
        "",
    ] {
        assert!(
            matches!(Address::base(bad), Err(Error::Instance(_))),
            "{bad}"
        );
    }
    let base = Address::base("https://example.org:8443/api").unwrap();
    assert_eq!(
        (base.port, base.path.as_str(), base.is_tls),
        (8443, "/api/", true)
    );
    for good in [
        "http://localhost:1/",
        "http://127.9.9.9/",
        "http://[::1]:8080/x/",
    ] {
        assert!(!Address::base(good).unwrap().is_tls, "{good}");
    }
    assert!(Http::new("https://example.org/", Some("nonsense"), None).is_err());
}
