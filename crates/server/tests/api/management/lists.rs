//! Lists as programs for the vendor's interface read them: pages, filters, links.

use serde_json::{Value, json};

use super::World;

const NOTHING: Value = Value::Null;

#[tokio::test]
async fn lists_come_in_pages() {
    let world = World::new().await;
    let key = world.a.write.as_str();
    for number in 0..25 {
        let body = json!({ "username": format!("page{number:02}"), "password": "long enough" });
        assert_eq!(
            world.call(key, "POST", "/credentials", &body).await.status,
            201
        );
    }
    let list = async |query: &str| {
        let path = format!("/credentials{query}");
        world.call(key, "GET", &path, &NOTHING).await
    };
    let usernames = |page: &Value| -> Vec<String> {
        let rows = page["credentials"].as_array().unwrap().iter();
        rows.map(|it| it["username"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = list("").await.json();
    assert_eq!(
        (
            first["paging"]["count"].as_i64(),
            first["paging"]["total"].as_i64()
        ),
        (Some(20), Some(26))
    );
    assert_eq!(first["paging"]["_links"][0]["rel"], "next");
    let second = list("?page=1").await.json();
    assert_eq!(usernames(&second).len(), 6);
    assert_eq!(second["paging"]["_links"][0]["rel"], "prev");
    assert_eq!(usernames(&list("?pageSize=0").await.json()).len(), 26);
    assert_eq!(usernames(&list("?pageSize=2000").await.json()).len(), 26);
    let filtered = list("?filterUsername=PAGE1&limit=100").await.json();
    assert_eq!(usernames(&filtered).len(), 10);
    assert_eq!(usernames(&list("?page=9").await.json()).len(), 0);
    assert_eq!(list("?page=x").await.status, 400);
    assert_eq!(list("?page=-1").await.status, 400);
}

#[tokio::test]
async fn links_have_both_names_and_the_second_of_a_user_is_its_credential() {
    let world = World::new().await;
    let users = world
        .call(&world.a.read, "GET", "/users", &NOTHING)
        .await
        .json();
    let user = &users["users"][0];
    assert_eq!(user["id"], json!(world.a.member));
    assert_eq!(user["nickname"], "Nick");
    let link = &user["_links"][1];
    assert_eq!(
        (&link["ref"], &link["rel"]),
        (&json!("credential"), &json!("credential"))
    );
    let address = link["link"].as_str().unwrap();
    let wanted = format!("/api/v1/credentials/{}", world.a.credential);
    assert!(
        address.starts_with("http") && address.ends_with(&wanted),
        "{address}"
    );
}

#[tokio::test]
async fn users_are_filtered() {
    let world = World::new().await;
    let count = async |query: &str| {
        let path = format!("/users{query}");
        let answer = world.call(&world.a.read, "GET", &path, &NOTHING).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["paging"]["total"].as_i64().unwrap()
    };
    assert_eq!(count("?filterQuery=nick").await, 1);
    assert_eq!(count("?filterQuery=nobody").await, 0);
    assert_eq!(count("?filterUsername=user-a").await, 1);
    assert_eq!(count("?filterUsername=user-b").await, 0);
    assert_eq!(
        count(&format!("?filterCredential={}", world.a.credential)).await,
        1
    );
    assert_eq!(
        count(&format!("?filterCredential={}", world.b.credential)).await,
        0
    );
}

#[tokio::test]
async fn the_subscription_and_its_status_are_shown() {
    let world = World::new().await;
    for path in ["", "/"] {
        let shown = world
            .call(&world.a.read, "GET", path, &NOTHING)
            .await
            .json();
        assert_eq!(shown["id"], json!(world.a.org.to_string()));
        assert_eq!(
            (&shown["type"], &shown["validUntil"]),
            (&json!("enterprise"), &NOTHING)
        );
    }
    let status = world
        .call(&world.a.read, "GET", "/status", &NOTHING)
        .await
        .json();
    assert_eq!(
        (&status["seatsUsed"], &status["credentials"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        (&status["messagesDropped"], &status["isFull"]),
        (&json!(0), &json!(false))
    );
}

#[tokio::test]
async fn bulk_parameters_name_their_credentials() {
    let world = World::new().await;
    let shown = world
        .call(&world.a.read, "GET", "/mdm-bulk", &NOTHING)
        .await
        .json();
    let only = &shown["credentials"][0];
    assert_eq!(only["id"], json!(world.a.credential.to_string()));
    assert_eq!(only["parameters"][0]["name"], "th_nickname");
    assert_eq!(only["parameters"][0]["value"], "Nick");
    assert_eq!(shown["paging"]["total"], 1);
    let of_org = world
        .call(&world.a.read, "GET", "/mdm", &NOTHING)
        .await
        .json();
    assert_eq!(of_org["parameters"][0]["id"], "th_nickname");
}
