//! `POST identity/set_featuremask` and `POST identity/check_featuremask`

use serde_json::{Value, json};

use crate::server::TestServer;

#[tokio::test]
async fn a_mask_is_set_by_its_owner_and_seen_by_everybody() {
    let server = TestServer::start().await;
    let person = server.person().await;
    for mask in [0_u64, 0x1ff, 1 << 40, u64::MAX] {
        let fields = json!({ "identity": person.identity, "featureMask": mask });
        let answer = server
            .prove("/identity/set_featuremask", &fields, &person.secret)
            .await;
        assert_eq!(answer, json!({ "success": true }));
        let asked = json!({ "identities": ["ZZZZZZZZ", person.identity] });
        let seen = server
            .post("/identity/check_featuremask", &asked)
            .await
            .json();
        assert_eq!(seen, json!({ "featureMasks": [null, mask] }));
    }
}

#[tokio::test]
async fn what_is_no_mask_is_refused() {
    let server = TestServer::start().await;
    let person = server.person().await;
    for mask in [Value::Null, json!(-1), json!("5"), json!(1.5), json!([])] {
        let fields = json!({ "identity": person.identity, "featureMask": mask });
        let answer = server.post("/identity/set_featuremask", &fields).await;
        assert_eq!(
            (answer.status, &answer.json()["success"]),
            (200, &json!(false)),
            "{mask}"
        );
    }
}
