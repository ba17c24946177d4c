//! Every JSON body of the directory, requests and replies.

#![no_main]

use dreiklang_wire::api::{
    blob::BlobQuery,
    directory::{
        Challenge, CheckReply, CheckRevocationKeyReply, CreateRequest, FetchBulkReply,
        FetchPrivateReply, Identities, Outcome, RevokeByKeyRequest, SetFeatureMaskRequest,
        SetRevocationKeyRequest, TwoPhase, from_json,
    },
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = from_json::<TwoPhase<CreateRequest>>(bytes) {
        let _ = request.proof();
    }
    let _ = from_json::<TwoPhase<SetFeatureMaskRequest>>(bytes);
    let _ = from_json::<TwoPhase<SetRevocationKeyRequest>>(bytes);
    let _ = from_json::<RevokeByKeyRequest>(bytes);
    let _ = from_json::<Identities>(bytes);
    let _ = from_json::<Outcome<Challenge>>(bytes);
    let _ = from_json::<Outcome<FetchBulkReply>>(bytes);
    let _ = from_json::<Outcome<FetchPrivateReply>>(bytes);
    let _ = from_json::<Outcome<CheckReply>>(bytes);
    let _ = from_json::<Outcome<CheckRevocationKeyReply>>(bytes);
    if let Ok(query) = core::str::from_utf8(bytes) {
        let _ = BlobQuery::parse(query);
    }
});
