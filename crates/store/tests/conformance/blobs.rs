//! The life of a blob: pending, sealed, fetched or expired, swept.

use dreiklang_store::{Blob, Error, NewBlob, Store};
use dreiklang_wire::id::BlobId;

use crate::{
    common::{Kind, World, identity},
    on_both,
};

pub(crate) fn new_blob(id: u8) -> NewBlob {
    NewBlob {
        id: BlobId::from([id; 16]),
        uploader: Some(identity("ALICE001")),
        persist: false,
        created_at: 100,
        expires_at: 1_000,
        size_bytes_max: 1 << 20,
    }
}

pub(crate) async fn upload(store: &Store, new: NewBlob, bytes: &[u8]) {
    let mut upload = store.begin_blob(new).await.unwrap();
    for piece in bytes.chunks(1_000) {
        upload.append(piece).await.unwrap();
    }
    upload.seal().await.unwrap();
}

pub(crate) async fn content(store: &Store, id: u8) -> Option<Vec<u8>> {
    let blob: Blob = store.blob(BlobId::from([id; 16])).await.unwrap()?;
    let mut bytes = store.blob_bytes(&blob).await.unwrap()?;
    assert_eq!(bytes.left(), blob.size_bytes);
    let mut all = Vec::new();
    while let Some(piece) = bytes.next().await.unwrap() {
        all.extend(piece);
    }
    Some(all)
}

fn objects(world: &World) -> usize {
    let mut files = 0;
    let mut folders = vec![world.path("blobs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files += 1;
            }
        }
    }
    files
}

on_both! {
    // I15: what was uploaded is what is fetched, also after reopening; nothing before sealing.
    async fn upload_is_found_only_when_sealed(world) {
        let store = world.open().await;
        let bytes: Vec<u8> = (0..200_000_u32).map(|number| number.to_le_bytes()[0]).collect();
        let mut upload = store.begin_blob(new_blob(1)).await.unwrap();
        upload.append(&bytes[..150_000]).await.unwrap();
        assert_eq!(content(&store, 1).await, None);
        upload.append(&bytes[150_000..]).await.unwrap();
        assert_eq!(upload.size_bytes(), 200_000);
        upload.seal().await.unwrap();
        assert!(content(&store, 1).await.unwrap() == bytes);
        store.close().await;
        let store = world.open().await;
        assert!(content(&store, 1).await.unwrap() == bytes);
        let totals = store.blob_totals().await.unwrap();
        assert_eq!((totals.blobs, totals.bytes), (1, 200_000));
        let path = world.path("blobs").join("01").join("01".repeat(16));
        assert!(path.is_file(), "an object is named by its id");
    }

    // A disk that is full when the bytes are synced must get them back now, not after a sweep.
    async fn upload_that_cannot_be_sealed_leaves_nothing(world) {
        let store = world.open().await;
        let mut upload = store.begin_blob(new_blob(1)).await.unwrap();
        upload.append(b"bytes").await.unwrap();
        // The folder of the object cannot be made.
        let folder = world.path("blobs").join("01");
        std::fs::write(&folder, b"in the way").unwrap();
        upload.seal().await.unwrap_err();
        std::fs::remove_file(&folder).unwrap();
        assert_eq!(objects(&world), 0);
        assert_eq!(store.sweep_blobs(i64::MAX, 10).await.unwrap(), 0, "no row is left");
    }

    async fn taken_id_is_a_conflict(world) {
        let store = world.open().await;
        upload(&store, new_blob(1), b"first").await;
        let second = store.begin_blob(new_blob(1)).await.map(|_| ());
        assert_eq!(second, Err(Error::Conflict));
        assert_eq!(content(&store, 1).await.unwrap(), b"first");
    }

    async fn too_long_upload_is_refused(world) {
        let store = world.open().await;
        let new = NewBlob { size_bytes_max: 10, ..new_blob(1) };
        let mut upload = store.begin_blob(new).await.unwrap();
        upload.append(&[1; 10]).await.unwrap();
        assert!(matches!(upload.append(&[1]).await, Err(Error::Invalid(_))));
        upload.abandon().await.unwrap();
        assert_eq!(objects(&world), 0);
        upload_again(&store).await;
    }

    async fn fetched_blob_goes_unless_it_persists(world) {
        let store = world.open().await;
        upload(&store, new_blob(1), b"once").await;
        upload(&store, NewBlob { persist: true, ..new_blob(2) }, b"often").await;
        assert!(store.finish_blob(BlobId::from([1; 16])).await.unwrap());
        assert!(!store.finish_blob(BlobId::from([1; 16])).await.unwrap());
        assert!(!store.finish_blob(BlobId::from([2; 16])).await.unwrap());
        assert!(!store.finish_blob(BlobId::from([9; 16])).await.unwrap());
        assert_eq!(content(&store, 1).await, None);
        assert_eq!(content(&store, 2).await.unwrap(), b"often");
        assert_eq!(objects(&world), 1);
    }

    async fn expired_blobs_go_and_extended_ones_stay(world) {
        let store = world.open().await;
        for id in 1..=3 {
            upload(&store, new_blob(id), b"short-lived").await;
        }
        let extended = store.write(|tx| Box::pin(async move {
            assert!(tx.extend_blob(BlobId::from([2; 16]), 5_000).await?);
            // Extending never shortens.
            tx.extend_blob(BlobId::from([2; 16]), 10).await
        }));
        assert!(extended.await.unwrap());
        assert_eq!(store.expire_blobs(999, 10).await.unwrap(), 0);
        assert_eq!(store.expire_blobs(1_000, 1).await.unwrap(), 1);
        assert_eq!(store.expire_blobs(1_000, 10).await.unwrap(), 1);
        assert_eq!(content(&store, 2).await.unwrap(), b"short-lived");
        assert_eq!(objects(&world), 1);
    }

    async fn uploads_that_were_never_sealed_are_swept(world) {
        let store = world.open().await;
        upload(&store, new_blob(1), b"whole").await;
        drop(store.begin_blob(new_blob(2)).await.unwrap());
        let mut late = store.begin_blob(new_blob(3)).await.unwrap();
        late.append(b"late").await.unwrap();
        assert_eq!(store.sweep_blobs(100, 10).await.unwrap(), 0);
        assert_eq!(store.sweep_blobs(101, 10).await.unwrap(), 2);
        // An upload that outlived its row must not become visible.
        assert!(late.seal().await.is_err());
        assert_eq!(content(&store, 3).await, None);
        assert_eq!(content(&store, 1).await.unwrap(), b"whole");
        assert_eq!(objects(&world), 1);
    }

    // A crash between deleting the row and deleting the object leaves an object without a row.
    async fn objects_without_a_row_are_swept(world) {
        let store = world.open().await;
        upload(&store, new_blob(0xab), b"kept").await;
        let orphan = world.path("blobs").join("ab").join("ab".repeat(15) + "00");
        std::fs::write(&orphan, b"orphan").unwrap();
        assert_eq!(store.sweep_objects(0xab).await.unwrap(), 1);
        assert_eq!(store.sweep_objects(0xab).await.unwrap(), 0);
        assert_eq!(store.sweep_objects(0xcd).await.unwrap(), 0);
        assert!(!orphan.exists());
        assert_eq!(content(&store, 0xab).await.unwrap(), b"kept");
    }

    // What a killed process left of an upload is gone after the next start.
    async fn leftovers_of_uploads_go_at_the_start(world) {
        let store = world.open().await;
        let mut upload = store.begin_blob(new_blob(1)).await.unwrap();
        upload.append(b"half").await.unwrap();
        std::mem::forget(upload);
        store.close().await;
        let store = world.open().await;
        assert_eq!(objects(&world), 0);
        assert_eq!(content(&store, 1).await, None);
    }

    async fn quota_counts_an_uploaders_bytes(world) {
        let store = world.open().await;
        upload(&store, new_blob(1), &[1; 300]).await;
        upload(&store, NewBlob { created_at: 200, ..new_blob(2) }, &[1; 50]).await;
        upload(&store, NewBlob { uploader: None, ..new_blob(3) }, &[1; 7]).await;
        let since = async |at| store.blob_bytes_since(identity("ALICE001"), at).await.unwrap();
        assert_eq!((since(0).await, since(101).await, since(201).await), (350, 50, 0));
        assert_eq!(store.blob(BlobId::from([3; 16])).await.unwrap().unwrap().uploader, None);
    }
}

async fn upload_again(store: &Store) {
    upload(store, new_blob(1), b"again").await;
    assert_eq!(content(store, 1).await.unwrap(), b"again");
}
