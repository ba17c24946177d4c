//! `GET logo/{org}/{variant}`: the picture of an organisation.

use dreiklang_server::service::orgs;
use dreiklang_store::LogoVariant;

use super::office::{ACTOR, Office};
use crate::server::TestServer;

fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend([0, 0, 0, 8, 0, 0, 0, 8, 8, 6, 0, 0, 0]);
    bytes
}

#[tokio::test]
async fn a_logo_is_told_and_served() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.pass("anna").await;
    let path = |variant: &str| format!("/logo/{}/{variant}", office.org);
    assert_eq!(server.get(&path("dark")).await.status, 404);
    orgs::set_logo(server.app(), ACTOR, office.org, LogoVariant::Dark, png())
        .await
        .unwrap();
    let news = server.post("/fetch2", &pass.body()).await.json();
    assert_eq!(news["logo"]["light"], serde_json::Value::Null);
    let url = news["logo"]["dark"].as_str().unwrap();
    assert!(url.contains(&path("dark")), "{url}");
    let query = url.split_once('?').unwrap().1;
    let answer = server.get(&format!("{}?{query}", path("dark"))).await;
    assert_eq!((answer.status, &*answer.body), (200, &*png()));
    assert_eq!(answer.header("content-type"), Some("image/png"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    for missing in [path("light"), path("blue"), "/logo/x/dark".to_owned()] {
        assert_eq!(server.get(&missing).await.status, 404, "{missing}");
    }
    orgs::delete_logo(server.app(), ACTOR, office.org, LogoVariant::Dark)
        .await
        .unwrap();
    assert_eq!(server.get(&path("dark")).await.status, 404);
}

#[tokio::test]
async fn only_pictures_become_logos() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    for bad in [
        b"<svg onload=alert(1)>".to_vec(),
        Vec::new(),
        vec![0; 600_000],
    ] {
        let result = orgs::set_logo(server.app(), ACTOR, office.org, LogoVariant::Light, bad).await;
        assert!(result.is_err());
    }
    let nobody = "AAAAAAAAAA".parse().unwrap();
    let result = orgs::set_logo(server.app(), ACTOR, nobody, LogoVariant::Light, png()).await;
    assert!(result.is_err());
}
