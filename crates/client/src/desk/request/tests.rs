//! Everything that can be asked for is understood and documented.

use super::*;

/// One line for every request, with every field that it has.
const REQUESTS: &str = r#"
    {"command":"send","to":"x","text":"t","quote":1,"reference":"r"}
    {"command":"send_location","to":"x","latitude":1.5,"longitude":-2,"accuracy_m":3,"name":"n","address":"a","reference":"r"}
    {"command":"send_file","to":"x","path":"p","name":"n","duration_ms":1,"caption":"c","as":"voice","size":"extra_large","reference":"r"}
    {"command":"poll_create","to":"x","question":"q","choices":["a","b"],"is_multiple":true,"shows_votes":false,"is_summary":true,"reference":"r"}
    {"command":"forward","message":"00112233445566ff","to":"x","reference":"r"}
    {"command":"resend","message":1}
    {"command":"react","message":1,"emoji":"e","on":false}
    {"command":"edit","message":1,"text":"t"}
    {"command":"delete","message":1,"for_everyone":true}
    {"command":"poll_vote","message":1,"choices":[1,2]}
    {"command":"poll_close","message":1}
    {"command":"star","message":1,"on":false}
    {"command":"download","message":1}
    {"command":"cancel","message":1}
    {"command":"save","message":1,"path":"p","replace":true}
    {"command":"starred"}
    {"command":"typing","to":"x","is_typing":true}
    {"command":"mark_read","conversation":"x","position":1}
    {"command":"chat_visibility","conversation":"x","visibility":"archived"}
    {"command":"chat_mute","conversation":"x","is_muted":true,"until_ms":5,"mentions_only":true}
    {"command":"chat_unread","conversation":"x","on":true}
    {"command":"chat_draft","conversation":"x","text":"t"}
    {"command":"chat_empty","conversation":"x"}
    {"command":"groups"}
    {"command":"group","group":"g"}
    {"command":"group_create","name":"n","members":["x"],"reference":"r"}
    {"command":"group_clone","group":"g","name":"n","reference":"r"}
    {"command":"group_rename","group":"g","name":"n"}
    {"command":"group_add","group":"g","members":["x"]}
    {"command":"group_remove","group":"g","members":["x"]}
    {"command":"group_leave","group":"g"}
    {"command":"group_disband","group":"g"}
    {"command":"group_sync","group":"g","member":"x"}
    {"command":"group_delete","group":"g"}
    {"command":"contact_add","contact":"x","name":"n"}
    {"command":"contact_verify","code":"c"}
    {"command":"contact_dismiss_warning","contact":"x"}
    {"command":"contact_rename","contact":"x","name":"n","last_name":"l"}
    {"command":"contact_policy","contact":"x","read_receipts":"on","typing_indicators":"default"}
    {"command":"contact_policy_reset"}
    {"command":"contact_remove","contact":"x"}
    {"command":"contact_block","contact":"x"}
    {"command":"contact_unblock","contact":"x"}
    {"command":"contact_exclude","contact":"x"}
    {"command":"contact_include","contact":"x"}
    {"command":"contact","contact":"x"}
    {"command":"blocked"}
    {"command":"contacts"}
    {"command":"chats"}
    {"command":"me"}
    {"command":"history","conversation":"x","before":5,"limit":3}
    {"command":"history","contact":"x","after":1}
    {"command":"history","contact":"x","around":1}
    {"command":"send_card","to":"x","contact":"y","reference":"r"}
    {"command":"details","message":1}
    {"command":"card","message":1}
    {"command":"mark_played","message":1}
    {"command":"unstar_all"}
    {"command":"markup","text":"t"}
    {"command":"media","message":1,"which":"thumbnail"}
    {"command":"picture","of":"me"}
    {"command":"set_picture"}
    {"command":"set_group_picture","group":"g"}
    {"command":"storage"}
    {"command":"clear_media","conversation":"x","before_ms":1}
    {"command":"auto_download","images":true,"audio":true,"videos":false,"others":false,"largest_bytes":1}
    {"command":"abilities"}
    {"command":"safe"}
    {"command":"links"}
    {"command":"safe_enable","password":"p","server":"s"}
    {"command":"safe_disable","even_if_it_stays":true}
    {"command":"export_id","password":"p"}
    {"command":"revoke","confirm":"x"}
    {"command":"link_email","address":"a"}
    {"command":"check_email"}
    {"command":"link_phone","number":"n"}
    {"command":"confirm_phone","code":"c"}
    {"command":"call_phone"}
    {"command":"search_directory","query":"q","categories":["c"],"page":1}
    {"command":"push_set","endpoint":null}
    {"command":"my_qr"}
    {"command":"qr_read","width":1,"height":1}
    {"command":"message","message":3}
    {"command":"message","reference":"r"}
    {"command":"nickname","nickname":"n"}
    {"command":"settings","read_receipts":true,"typing_indicators":true,"block_unknown":true,"hide_inactive":true,"sort":"last","first":"first","share_picture":"nobody"}
    {"command":"work_status"}
    {"command":"policy"}
    {"command":"work_sync"}
    {"command":"safe_backup"}
    {"command":"reclaim"}
    {"command":"clear_warning"}
    {"command":"connect"}
    {"command":"disconnect"}
    {"command":"stop"}
"#;

#[test]
fn every_request_is_understood_and_documented() {
    const DOCUMENTATION: &str = include_str!("../../../../../docs/cli.md");
    let table = DOCUMENTATION.split("| command | fields | answer |").nth(1);
    let table = table.unwrap().split("| event | fields |").next().unwrap();
    let lines = REQUESTS
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let mut count = 0;
    for line in lines {
        let input = parse(line.as_bytes());
        let Input::Request(envelope) = &input else {
            panic!("{line}: {input:?}");
        };
        let name = format!("`{}`", envelope.command);
        assert!(table.contains(&name), "{name} is not documented");
        let fields: Value = serde_json::from_str(line).unwrap();
        for field in fields.as_object().unwrap().keys() {
            let is_known = field == "command" || table.contains(&format!("`{field}`"));
            assert!(is_known, "{name}: {field} is not documented");
        }
        count += 1;
    }
    assert_eq!(count, REQUESTS_COUNT);
}

/// Some are there several times, in all of their forms.
const REQUESTS_COUNT: usize = 95;
