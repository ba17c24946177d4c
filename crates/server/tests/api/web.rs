//! The doors of the apps in the browser: files, headers, and what an app is told.

use std::net::SocketAddr;
use std::path::Path;

use dreiklang_server::config::{Config, InstanceKind};
use dreiklang_wire::api::instance::Instance;
use http_body_util::Full;
use serde_json::json;
use tokio::net::TcpStream;

use crate::server::{Answer, TestServer, exchange, request};

fn lay_out(folder: &Path) {
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    put("index.html", "common page");
    put("sw.js", "plain worker");
    put("sw.js.gz", "gzip worker");
    put("assets/app-1a2b.js", "plain script");
    put("assets/app-1a2b.js.br", "brotli script");
    put("assets/app-1a2b.js.gz", "gzip script");
    put("core/core.wasm", "wasm");
    put("secret", "in the folder above the editions");
    put("editions/private/index.html", "private page");
    put("editions/work/index.html", "work page");
    put("editions/work/app.webmanifest", "{}");
    std::os::unix::fs::symlink("/etc/passwd", folder.join("link.txt")).unwrap();
}

struct Doors {
    _folder: tempfile::TempDir,
    server: TestServer,
}

impl Doors {
    async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        lay_out(folder.path());
        let server = TestServer::start_with(|config| {
            let any: Vec<SocketAddr> = vec!["127.0.0.1:0".parse().unwrap()];
            folder
                .path()
                .to_str()
                .unwrap()
                .clone_into(&mut config.web.folder);
            config.web.private_listen.clone_from(&any);
            config.web.work_listen = any;
            change(config);
        })
        .await;
        Self {
            _folder: folder,
            server,
        }
    }

    async fn ask(&self, door: usize, method: &str, path: &str, head: &[(&str, &str)]) -> Answer {
        let mut request = request(method, path);
        for (name, value) in head {
            request = request.header(*name, *value);
        }
        let stream = TcpStream::connect(self.server.web()[door].bound)
            .await
            .unwrap();
        exchange(stream, request.body(Full::default()).unwrap()).await
    }

    async fn get(&self, door: usize, path: &str, head: &[(&str, &str)]) -> Answer {
        self.ask(door, "GET", path, head).await
    }
}

const PAGE: &[(&str, &str)] = &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];

#[tokio::test]
async fn each_edition_has_its_own_page_over_what_all_share() {
    let doors = Doors::open().await;
    for (door, page) in [(0, "private page"), (1, "work page")] {
        assert_eq!(doors.get(door, "/", &[]).await.text(), page);
        assert_eq!(doors.get(door, "/index.html", &[]).await.text(), page);
        for screen in ["/activate", "/add/ABCD1234", "/activate?a=b"] {
            assert_eq!(doors.get(door, screen, PAGE).await.text(), page);
            assert_eq!(doors.get(door, screen, &[]).await.status, 404, "{screen}");
        }
        assert_eq!(doors.get(door, "/sw.js", &[]).await.text(), "plain worker");
    }
    assert_eq!(doors.get(1, "/app.webmanifest", &[]).await.text(), "{}");
    assert_eq!(doors.get(0, "/app.webmanifest", &[]).await.status, 404);
}

#[tokio::test]
async fn there_is_no_way_out_of_the_folder_and_none_into_another_edition() {
    let doors = Doors::open().await;
    for path in [
        "/editions/work/index.html",
        "/editions/private/index.html",
        "/../secret",
        "/core/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "//secret",
        "/./secret",
        "/link.txt",
        "/assets/",
        "/assets",
        "/sw.js.gz",
        "/nothing",
    ] {
        let answer = doors.get(0, path, PAGE).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
    assert_eq!(doors.ask(0, "POST", "/sw.js", &[]).await.status, 405);
}

#[tokio::test]
async fn the_smallest_form_is_sent_and_only_once() {
    let doors = Doors::open().await;
    let script = "/assets/app-1a2b.js";
    for (accepted, text, coding) in [
        ("gzip, deflate, br", "brotli script", Some("br")),
        ("gzip;q=1.0, br;q=0", "gzip script", Some("gzip")),
        ("identity", "plain script", None),
    ] {
        let answer = doors.get(0, script, &[("accept-encoding", accepted)]).await;
        assert_eq!(answer.text(), text);
        assert_eq!(answer.header("content-encoding"), coding);
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        assert_eq!(
            answer.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
        assert_eq!(
            answer.header("content-type"),
            Some("text/javascript; charset=utf-8")
        );
        let tag = answer.header("etag").unwrap().to_owned();
        let known = [("accept-encoding", accepted), ("if-none-match", &tag)];
        let again = doors.get(0, script, &known).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        let other = [
            ("accept-encoding", "gzip, br;q=0.5"),
            ("if-none-match", "\"x\""),
        ];
        assert_eq!(doors.get(0, script, &other).await.status, 200);
    }
    let worker = doors
        .get(0, "/sw.js", &[("accept-encoding", "br, gzip")])
        .await;
    assert_eq!(worker.text(), "gzip worker");
    assert_eq!(worker.header("cache-control"), Some("no-cache"));
    let head = doors.ask(0, "HEAD", "/core/core.wasm", &[]).await;
    assert_eq!(head.header("content-length"), Some("4"));
    assert_eq!(head.header("content-type"), Some("application/wasm"));
}

#[tokio::test]
async fn every_answer_says_what_a_page_may_do() {
    let doors = Doors::open_with(|config| {
        config.web.map_url = "https://tiles.example/{z}/{x}/{y}.png".to_owned();
    })
    .await;
    for path in [
        "/",
        "/nothing",
        "/web.json",
        "/chat",
        "/api/health/live",
        "/api/x",
    ] {
        let answer = doors
            .get(0, path, &[("origin", "https://elsewhere.example")])
            .await;
        let policy = answer.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "connect-src 'self'",
            "img-src 'self' blob: data: https://tiles.example;",
            "require-trusted-types-for 'script'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {part}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        for (name, value) in [
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        assert!(
            answer
                .headers
                .keys()
                .all(|it| !it.as_str().starts_with("access-control"))
        );
    }
}

#[tokio::test]
async fn an_app_finds_everything_at_its_own_origin() {
    let doors = Doors::open().await;
    for door in [0, 1] {
        let origin = doors.server.web()[door].origin.clone();
        let answer = doors.get(door, "/instance.json", &[]).await;
        let instance = Instance::from_json(&answer.body).unwrap();
        assert_eq!(instance.directory_url, format!("{origin}/api/"));
        assert_eq!(instance.work_url.unwrap(), format!("{origin}/api/"));
        assert_eq!(instance.safe_url.unwrap(), format!("{origin}/api/safe/"));
        assert!(instance.blob.upload_url.starts_with(&origin));
        assert_eq!(instance.ca_certificate, None);
        let web = doors.get(door, "/web.json", &[]).await.json();
        assert_eq!(web["edition"], json!(["private", "work"][door]));
        assert_eq!(web.get("map_url"), None);
    }
    let person = doors.server.person().await;
    let found = doors
        .get(1, &format!("/api/identity/{}", person.identity), &[])
        .await;
    assert_eq!(found.json()["identity"], json!(person.identity));
}

#[tokio::test]
async fn administrators_have_another_door() {
    let doors = Doors::open().await;
    let here = doors.get(0, "/api/api/v1/users", &[]).await;
    assert_eq!(here.status, 404);
    for route in dreiklang_server::edge::api::routes::client() {
        use dreiklang_server::edge::api::routes::Access::{ApiKey, Operator};
        assert!(
            !matches!(route.access, ApiKey(..) | Operator(..)),
            "{}",
            route.path
        );
    }
}

#[tokio::test]
async fn a_folder_without_an_app_is_named_at_the_start() {
    let empty = tempfile::tempdir().unwrap();
    let mut config = crate::server::local_config(empty.path());
    std::fs::create_dir(empty.path().join("keys")).unwrap();
    dreiklang_server::app::keys::create(&empty.path().join("keys/chat.key")).unwrap();
    config.web.private_listen = vec!["127.0.0.1:0".parse().unwrap()];
    let nowhere = empty.path().join("nowhere");
    nowhere.to_str().unwrap().clone_into(&mut config.web.folder);
    let settings = config.check().unwrap();
    let store = crate::server::open_store(&settings.database_url, &settings.blobs_url).await;
    let started = dreiklang_server::run::start_with(
        settings,
        store,
        dreiklang_server::app::Clock::system(),
        tokio_util::sync::CancellationToken::new(),
    )
    .await;
    let error = format!("{:#}", started.err().unwrap());
    assert!(
        error.contains("web.folder") && error.contains("nowhere"),
        "{error}"
    );
}

#[test]
fn an_app_of_another_kind_of_instance_is_refused() {
    let mut config = Config::default();
    config.server.kind = InstanceKind::Closed;
    config.web.work_listen = vec!["127.0.0.1:0".parse().unwrap()];
    let error = config.check().unwrap_err().to_string();
    assert!(error.contains("web.work_listen"), "{error}");
}
