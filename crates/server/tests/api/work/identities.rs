//! `POST identities`: which of some contacts are colleagues.

use serde_json::{Value, json};

use super::office::{Office, Pass};
use crate::server::{START, TestServer, base64};

const PATH: &str = "/identities";

#[tokio::test]
async fn only_colleagues_come_back() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let (_, pass) = office.colleague("anna").await;
    let (ben, _) = office.colleague("ben").await;
    let (_carl, _) = office.colleague("carl").await;
    let stranger = server.person().await;
    let asked = json!([ben.identity, stranger.identity, "nonsense", 7, null]);
    let body = pass.with(&json!({ "contacts": asked }));
    let expected = json!([{
        "id": ben.identity, "pk": base64(ben.public().as_bytes()), "first": "", "last": "",
    }]);
    let answer = server.post(PATH, &body).await;
    assert_eq!(
        answer.json(),
        json!({ "contacts": expected, "time": START.0 })
    );
    // One reader decodes the list alone.
    let headers = [("user-agent", "libthreema/1.2 (test)")];
    let answer = server.call("POST", PATH, &headers, &body).await;
    assert_eq!(answer.json(), expected);
}

#[tokio::test]
async fn a_good_license_is_needed_and_lists_are_limited() {
    let server = TestServer::start().await;
    let office = Office::open(&server, "Office", 0).await;
    let pass = office.pass("anna").await;
    let wrong = Pass {
        password: String::new(),
        ..pass.clone()
    };
    let status = async |body: &Value| server.post(PATH, body).await.status;
    assert_eq!(status(&wrong.with(&json!({ "contacts": [] }))).await, 401);
    assert_eq!(status(&json!({ "contacts": [] })).await, 401);
    assert_eq!(status(&pass.with(&json!({ "contacts": {} }))).await, 400);
    let many: Vec<_> = (0..1001).map(|it| format!("A{it:07}")).collect();
    assert_eq!(status(&pass.with(&json!({ "contacts": many }))).await, 413);
}
