//! Tests that no change of the audit goes unnoticed but erasure.

use dreiklang_crypto::SeededRng;

use super::*;
use crate::sql::{Connection, migrate, sqlite};

/// How many changes are tried; each must be noticed. The promise was tried with ten times as many.
const ROUNDS: usize = 10_000;

const ENTRIES: u64 = 24;

struct Chain {
    connection: Connection,
    _folder: tempfile::TempDir,
}

impl Chain {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let connection =
            Connection::Sqlite(sqlite::open_writer(&folder.path().join("server.db")).unwrap());
        migrate(&connection).await.unwrap();
        let tx = Tx::new(&connection);
        for number in 0..ENTRIES {
            let subject = format!("ALICE0{number:02}");
            tx.note_audit(AuditNote {
                at: 1_000 + number.cast_signed(),
                actor: "ada",
                action: "member.withdraw",
                org: (number % 2 == 0).then(|| "ABCDEFGHIJ".parse().unwrap()),
                subject: &subject,
                detail: "one thing",
            })
            .await
            .unwrap();
        }
        Self {
            connection,
            _folder: folder,
        }
    }

    async fn verdict(&self) -> AuditVerdict {
        Tx::new(&self.connection).verify_audit().await.unwrap()
    }

    async fn head(&self) -> AuditHead {
        match self.verdict().await {
            AuditVerdict::Whole(head) => head,
            AuditVerdict::Broken { position } => panic!("broken at {position}"),
        }
    }

    async fn run(&self, sql: &str) {
        self.connection.batch(sql).await.unwrap();
    }
}

/// One random change of the table.
fn tampering(rng: &mut SeededRng) -> String {
    let draw = |rng: &mut SeededRng, below: u64| {
        u64::from_be_bytes(random::<8>(rng))
            .checked_rem(below)
            .unwrap()
    };
    let row = draw(rng, ENTRIES) + 1;
    let other = (row + draw(rng, ENTRIES - 1)) % ENTRIES + 1;
    let byte = draw(rng, 256);
    match draw(rng, 14) {
        0 => format!("UPDATE audit SET at = at + 1 + {byte} WHERE position = {row}"),
        1 => format!("UPDATE audit SET actor = actor || '{byte}' WHERE position = {row}"),
        2 => format!("UPDATE audit SET action = 'member.{byte}' WHERE position = {row}"),
        3 => format!("UPDATE audit SET subject = 'BOB{byte}' WHERE position = {row}"),
        4 => format!("UPDATE audit SET detail = '' WHERE position = {row}"),
        5 => format!("UPDATE audit SET org = 'ZZZZZZZ{byte:03}' WHERE position = {row}"),
        6 => format!("UPDATE audit SET salt = randomblob(16) WHERE position = {row}"),
        7 => format!("UPDATE audit SET content_hash = randomblob(32) WHERE position = {row}"),
        8 => format!("UPDATE audit SET hash = randomblob(32) WHERE position = {row}"),
        9 => format!("DELETE FROM audit WHERE position = {row}"),
        10 => format!("DELETE FROM audit WHERE position >= {row}"),
        // A field flows into the next: the framing must tell them apart.
        11 => format!(
            "UPDATE audit SET actor = actor || substr(subject, 1, 1), subject = substr(subject, 2)
             WHERE position = {row}"
        ),
        // Salt without its content, and content without its salt.
        12 => format!("UPDATE audit SET salt = x'' WHERE position = {row}"),
        _ => format!(
            "UPDATE audit SET position = -1 WHERE position = {row};
             UPDATE audit SET position = {row} WHERE position = {other};
             UPDATE audit SET position = {other} WHERE position = -1"
        ),
    }
}

#[tokio::test]
async fn every_tampering_is_noticed() {
    let chain = Chain::new().await;
    let kept = chain.head().await;
    assert_eq!((kept.entries, kept.position), (ENTRIES, 24));
    let mut rng = SeededRng::new(7);
    for round in 0..ROUNDS {
        let sql = tampering(&mut rng);
        chain.connection.begin().await.unwrap();
        chain.run(&sql).await;
        let verdict = chain.verdict().await;
        chain.connection.rollback().await.unwrap();
        assert_ne!(verdict, AuditVerdict::Whole(kept), "round {round}: {sql}");
        // Only a cut end needs the head that was kept elsewhere.
        if let AuditVerdict::Whole(head) = verdict {
            assert!(head.entries < kept.entries, "round {round}: {sql}");
        }
    }
    assert_eq!(chain.head().await, kept);
}

#[tokio::test]
async fn broken_position_is_named() {
    let chain = Chain::new().await;
    chain
        .run("UPDATE audit SET subject = 'x' WHERE position = 7")
        .await;
    let broken = AuditVerdict::Broken { position: 7 };
    assert_eq!(chain.verdict().await, broken);
}

#[tokio::test]
async fn erasure_keeps_the_chain() {
    let chain = Chain::new().await;
    let kept = chain.head().await;
    let tx = Tx::new(&chain.connection);
    let alice = "ALICE003".parse().unwrap();
    tx.erase_audit(&alice).await.unwrap();
    assert_eq!(chain.head().await, kept);
    let page = tx.audit_page(None, i64::MAX, 100).await.unwrap();
    let erased: Vec<&AuditEntry> = page.iter().filter(|entry| entry.is_erased).collect();
    assert_eq!(erased.len(), 1);
    assert_eq!(erased[0].position, 4);
    assert_eq!(
        (erased[0].actor.as_str(), erased[0].detail.as_str()),
        ("", "")
    );
}

#[tokio::test]
async fn old_acts_go_and_the_chain_goes_on() {
    let chain = Chain::new().await;
    let kept = chain.head().await;
    let tx = Tx::new(&chain.connection);
    assert_eq!(tx.expire_audit(1_010, 4).await.unwrap(), 4);
    assert_eq!(tx.expire_audit(1_010, 100).await.unwrap(), 6);
    assert_eq!(tx.expire_audit(1_010, 100).await.unwrap(), 0);
    assert_eq!(chain.head().await, kept);
    assert_eq!(tx.audit_count().await.unwrap(), 14);
    // Removing one more act than that is noticed, and so is removing all that are left.
    chain.connection.begin().await.unwrap();
    chain.run("DELETE FROM audit WHERE position = 11").await;
    assert_eq!(chain.verdict().await, AuditVerdict::Broken { position: 12 });
    chain.connection.rollback().await.unwrap();
    assert_eq!(tx.expire_audit(i64::MAX, 100).await.unwrap(), 14);
    assert_eq!(chain.head().await, kept);
    let note = AuditNote::of_instance(2_000, "ada", "org.create", "one");
    tx.note_audit(note).await.unwrap();
    let head = chain.head().await;
    assert_eq!((head.entries, head.position), (25, 25));
    assert_eq!(tx.audit_hash(25).await.unwrap(), Some(head.hash));
    assert_ne!(head.hash, kept.hash);
}

#[tokio::test]
async fn acts_of_one_org_are_apart() {
    let chain = Chain::new().await;
    let tx = Tx::new(&chain.connection);
    let org: OrgId = "ABCDEFGHIJ".parse().unwrap();
    let page = tx.audit_page(Some(org), i64::MAX, 100).await.unwrap();
    assert_eq!(page.len(), 12);
    assert!(page.iter().all(|entry| entry.org == Some(org)));
    let first = tx
        .audit_page(Some(org), page[10].position, 5)
        .await
        .unwrap();
    assert_eq!(first, page[11..]);
}
