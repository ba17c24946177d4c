//! Parameters: limits, filters, merging, and the rules that follow from several.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn wire(json: serde_json::Value) -> WireParameters {
    serde_json::from_value(json).unwrap()
}

#[test]
fn there_are_fifty_parameters_with_names_of_their_own() {
    let names: BTreeSet<_> = Parameter::ALL.into_iter().map(Parameter::name).collect();
    assert_eq!((names.len(), Parameter::ALL.len()), (50, 50));
    for parameter in Parameter::ALL {
        assert!(parameter.name().starts_with("th_"));
        assert_eq!(parameter.name().parse::<Parameter>().unwrap(), parameter);
    }
    let secrets: BTreeSet<_> = Parameter::ALL
        .into_iter()
        .filter(|parameter| parameter.traits().is_device_only)
        .map(Parameter::name)
        .collect();
    assert_eq!(
        secrets.into_iter().collect::<Vec<_>>(),
        [
            "th_id_backup",
            "th_id_backup_password",
            "th_license_password",
            "th_license_username",
            "th_safe_password"
        ]
    );
}

#[test]
fn values_are_checked_against_their_limits() {
    let check = |name: &str, value: serde_json::Value| {
        let parameter: Parameter = name.parse().unwrap();
        Value::try_from(value).and_then(|value| parameter.check(&value))
    };
    for (name, value) in [
        ("th_block_unknown", json!(false)),
        ("th_keep_messages_days", json!(0)),
        ("th_keep_messages_days", json!(7)),
        ("th_keep_messages_days", json!(3650)),
        ("th_nickname", json!("x".repeat(32))),
        ("th_nickname", json!("")),
        (
            "th_onprem_server",
            json!("https://onprem.example.com/prov/config.oppf"),
        ),
        ("th_web_hosts", json!("saltyrtc.example.com, *.example.org")),
        ("th_safe_restore_id", json!("ECHOECHO")),
        ("th_linked_email", json!("max@example.com")),
        ("th_linked_phone", json!("+41 79 123 45 67")),
        ("th_safe_password", json!("shootdeathstar")),
    ] {
        assert_eq!(check(name, value.clone()), Ok(()), "{name} {value}");
    }
    for (name, value, why) in [
        ("th_block_unknown", json!("true"), Invalid::NotBool),
        ("th_block_unknown", json!(1), Invalid::NotBool),
        ("th_block_unknown", json!(null), Invalid::NotScalar),
        ("th_block_unknown", json!([true]), Invalid::NotScalar),
        ("th_keep_messages_days", json!(6), Invalid::NotDays),
        ("th_keep_messages_days", json!(-1), Invalid::NotDays),
        ("th_keep_messages_days", json!(3651), Invalid::NotDays),
        ("th_keep_messages_days", json!(7.5), Invalid::NotScalar),
        ("th_keep_messages_days", json!("7"), Invalid::NotInteger),
        (
            "th_nickname",
            json!("x".repeat(33)),
            Invalid::TooLong { max: 32 },
        ),
        ("th_nickname", json!("a\u{7}"), Invalid::ControlCharacter),
        ("th_nickname", json!(5), Invalid::NotText),
        (
            "th_onprem_server",
            json!("http://onprem.example.com"),
            Invalid::NotUrl,
        ),
        ("th_web_hosts", json!("a b"), Invalid::NotHosts),
        (
            "th_safe_restore_id",
            json!("echoecho"),
            Invalid::NotIdentity,
        ),
        ("th_linked_email", json!("max"), Invalid::NotEmail),
        ("th_linked_phone", json!("079 123 45 67"), Invalid::NotPhone),
        (
            "th_safe_password",
            json!("short"),
            Invalid::TooShort { min: 8 },
        ),
    ] {
        assert_eq!(check(name, value.clone()), Err(why), "{name} {value}");
    }
}

#[test]
fn the_server_cannot_set_secrets_nor_what_the_instance_is_not_entitled_to() {
    let sent = wire(json!({
        "th_license_password": "a", "th_safe_password": "long enough", "th_id_backup": "a",
        "th_id_backup_password": "a", "th_license_username": "a",
        "th_enable_remote_secret": true, "th_unknown": true, "th_disable_calls": "yes",
        "th_keep_messages_days": 3, "th_block_unknown": true
    }));
    let (parameters, dropped) = Parameters::from_server(&sent, false);
    assert_eq!(
        serde_json::to_value(&parameters).unwrap(),
        json!({"th_block_unknown": true, "th_keep_messages_days": 7})
    );
    let why = |name: &str| dropped.iter().find(|d| d.name == name).map(|d| d.why);
    assert_eq!(dropped.len(), 8);
    assert_eq!(why("th_safe_password"), Some(WhyDropped::Secret));
    assert_eq!(
        why("th_enable_remote_secret"),
        Some(WhyDropped::NotEntitled)
    );
    assert_eq!(why("th_unknown"), Some(WhyDropped::Unknown));
    assert_eq!(
        why("th_disable_calls"),
        Some(WhyDropped::Invalid(Invalid::NotBool))
    );

    let (entitled, _) = Parameters::from_server(&sent, true);
    assert!(entitled.value(Parameter::EnableRemoteSecret).is_some());
    let (device, dropped) = Parameters::from_device(&sent);
    assert_eq!((device.len(), dropped.len()), (8, 2));
    assert_eq!(
        wire(serde_json::to_value(&device).unwrap()),
        device.to_wire()
    );
}

#[test]
fn the_source_that_overrides_wins_where_both_have_a_say() {
    let (device, _) = Parameters::from_device(&wire(json!({
        "th_block_unknown": false, "th_disable_web": true
    })));
    let (server, _) = Parameters::from_server(
        &wire(json!({"th_block_unknown": true, "th_disable_calls": true})),
        false,
    );
    for (is_override, blocks, origin) in
        [(false, false, Origin::Device), (true, true, Origin::Server)]
    {
        let policy = Policy::merged(&device, &server, is_override);
        assert_eq!(policy.block_unknown(), Some(blocks));
        assert_eq!(policy.origin(Parameter::BlockUnknown), Some(origin));
        assert_eq!(policy.disable_web(), Some(true));
        assert_eq!(policy.origin(Parameter::DisableCalls), Some(Origin::Server));
        assert_eq!(policy.contact_sync(), None);
        assert_eq!(policy.iter().count(), 3);
        assert_eq!(policy.marker(), ";me");
    }
    let none = Parameters::default();
    assert_eq!(Policy::merged(&none, &server, false).marker(), ";m");
    assert_eq!(Policy::merged(&device, &none, false).marker(), ";e");
    assert_eq!(Policy::merged(&none, &none, true).marker(), "");
}

#[test]
fn levels_lie_above_each_other() {
    let one = |json| Parameters::from_device(&wire(json)).0;
    let instance = one(json!({"th_csi": "i", "th_category": "i", "th_department": "i"}));
    let org = one(json!({"th_category": "o", "th_department": "o"}));
    let user = one(json!({"th_department": "u"}));
    let all = instance.below(&org).below(&user);
    assert_eq!(
        serde_json::to_value(&all).unwrap(),
        json!({"th_csi": "i", "th_category": "o", "th_department": "u"})
    );
}

#[test]
fn rules_follow_from_several_values() {
    let policy = |json| {
        let (server, dropped) = Parameters::from_server(&wire(json), false);
        assert_eq!(dropped, []);
        Policy::merged(&Parameters::default(), &server, false)
    };
    let none = policy(json!({}));
    assert_eq!(none.safe(), (SafeRule::May, None));
    assert!(none.may_restore_safe());
    assert_eq!(none.multidevice_forbidden_by(), None);

    let strict = policy(json!({"th_disable_backups": true, "th_safe_enable": true}));
    assert_eq!(strict.safe().0, SafeRule::Never);
    assert_eq!(
        strict.id_export_forbidden_by(),
        Some(Parameter::DisableBackups)
    );
    assert_eq!(
        strict.data_backup_forbidden_by(),
        Some(Parameter::DisableBackups)
    );

    let must = policy(json!({"th_safe_enable": true, "th_safe_restore_enable": false}));
    assert_eq!(must.safe(), (SafeRule::Must, Some(Parameter::SafeEnable)));
    assert!(!must.may_restore_safe());

    let web = policy(json!({"th_disable_web": true}));
    assert_eq!(web.multidevice_forbidden_by(), Some(Parameter::DisableWeb));
    let both = policy(json!({"th_disable_web": true, "th_disable_multidevice": false}));
    assert_eq!(both.multidevice_forbidden_by(), None);

    let calls = policy(json!({"th_disable_calls": true, "th_disable_group_calls": false}));
    assert_eq!(
        calls.group_calls_forbidden_by(),
        Some(Parameter::DisableCalls)
    );
    assert_eq!(calls.video_forbidden_by(), Some(Parameter::DisableCalls));
}

#[test]
fn values_do_not_print_their_text() {
    let value = Value::Text("hunter2".to_owned());
    assert!(!format!("{value:?}").contains("hunter2"));
    assert_eq!(Value::from_json(&value.to_json()), Some(value));
    assert_eq!(Value::from_json("[1]"), None);
}

proptest! {
    #[test]
    fn whatever_is_sent_is_filtered(name in "(th_[a-z_]{0,30}|.{0,10})", text in ".{0,40}") {
        for value in [json!(text), json!(1), json!(true), json!(null), json!([text])] {
            let sent = WireParameters::from([(name.clone(), value)]);
            let (parameters, dropped) = Parameters::from_device(&sent);
            prop_assert_eq!(parameters.is_empty(), dropped.len() == 1);
        }
    }

    #[test]
    fn any_text_is_checked(text in ".{0,60}") {
        for parameter in Parameter::ALL {
            let _ = parameter.read(Value::Text(text.clone()));
        }
    }
}
