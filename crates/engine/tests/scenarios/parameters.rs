//! Every parameter of the app configuration: it has its effect, the person cannot undo it, and what
//! was before comes back when it is unset.

use dreiklang_engine::{Command, DirectoryQuery, Edition, Refusal, Reply, view};
use dreiklang_wire::mdm::Parameter;
use serde_json::{Value, json};

use crate::world::{ALICE, BOB, World};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// What is looked at, and what the person tries against it.
struct Case {
    parameter: Parameter,
    value: Value,
    /// Other parameters that are set all the time.
    beside: Vec<(Parameter, Value)>,
    shown: Box<dyn Fn(&mut World) -> String>,
    attempt: Option<(Command, Parameter)>,
    /// Unsetting gives control back, but what was done is not undone.
    stays: bool,
    has_identity: bool,
}

fn case(
    parameter: Parameter,
    value: impl Into<Value>,
    shown: impl Fn(&mut World) -> String + 'static,
) -> Case {
    Case {
        parameter,
        value: value.into(),
        beside: Vec::new(),
        shown: Box::new(shown),
        attempt: None,
        stays: false,
        has_identity: true,
    }
}

impl Case {
    fn refuses(self, command: Command) -> Self {
        let by = self.parameter;
        self.refuses_by(command, by)
    }

    fn refuses_by(mut self, command: Command, by: Parameter) -> Self {
        self.attempt = Some((command, by));
        self
    }

    fn beside(mut self, parameter: Parameter, value: impl Into<Value>) -> Self {
        self.beside.push((parameter, value.into()));
        self
    }

    fn stays(mut self) -> Self {
        self.stays = true;
        self
    }

    fn at_setup(mut self) -> Self {
        self.has_identity = false;
        self
    }
}

fn abilities(look: impl Fn(view::Abilities) -> String) -> impl Fn(&mut World) -> String {
    move |world| look(view::abilities(&world.device(ALICE).conn).unwrap())
}

fn plan(look: impl Fn(view::SetupPlan) -> String) -> impl Fn(&mut World) -> String {
    move |world| look(view::setup_plan(&world.device(ALICE).conn).unwrap())
}

fn safe(look: impl Fn(view::SafeAbility) -> Option<String>) -> impl Fn(&mut World) -> String {
    abilities(move |abilities| format!("{:?}", look(abilities.safe)))
}

/// A field of what the organisation was told about this user at last.
fn told(field: &'static str) -> impl Fn(&mut World) -> String {
    move |world| {
        let me = world.identities[ALICE];
        format!("{:?}", world.server.organisation.users[&me].get(field))
    }
}

fn settings(world: &mut World) -> dreiklang_engine::Settings {
    view::settings(&world.device(ALICE).conn).unwrap()
}

fn set_settings(change: impl Fn(&mut dreiklang_engine::Settings)) -> Command {
    let mut settings = dreiklang_engine::Settings {
        read_receipts: true,
        typing_indicators: true,
        block_unknown: false,
        contact_sync: false,
        ..dreiklang_engine::Settings::default()
    };
    change(&mut settings);
    Command::SetSettings(settings)
}

/// How many of two messages are there: one of eight days ago, one of now.
fn kept(world: &mut World) -> String {
    if world.identities.len() == 1 {
        world.add_stranger();
        world.befriend(ALICE, BOB);
    }
    world.send(ALICE, BOB, "old");
    world.settle();
    world.pass_ms(8 * DAY_MS);
    world.send(ALICE, BOB, "young");
    let now = world.now;
    world
        .device(ALICE)
        .give(now, dreiklang_engine::Input::Timeout);
    world.settle();
    let texts = world.texts(ALICE, BOB);
    let newest = texts.iter().rev().take(2).cloned().collect::<Vec<_>>();
    newest.join(",")
}

/// Whether somebody unknown gets through.
fn heard(world: &mut World) -> String {
    let who = world.add_stranger();
    world.befriend(who, ALICE);
    world.send(who, ALICE, "hello");
    world.settle();
    world.texts(ALICE, who).join(",")
}

/// Who is in the list, with somebody in it who is not active any more.
fn listed(world: &mut World) -> String {
    if world.identities.len() == 1 {
        world.add_stranger();
        world.befriend(ALICE, BOB);
        let revoke = Command::RevokeIdentity {
            confirm: world.identities[BOB],
        };
        world.ask(BOB, revoke).unwrap();
        world.pass_ms(DAY_MS);
        world.answer_all_http(ALICE);
    }
    view::contacts(&world.device(ALICE).conn)
        .unwrap()
        .len()
        .to_string()
}

fn nickname(world: &mut World) -> String {
    view::me(&world.device(ALICE).conn)
        .unwrap()
        .unwrap()
        .nickname
}

fn rename() -> Command {
    Command::SetNickname("Somebody".into())
}

fn license(world: &mut World) -> String {
    view::standing(&world.device(ALICE).conn).unwrap().username
}

fn activate() -> Command {
    Command::ActivateWork {
        username: "alice".into(),
        password: "correct horse".into(),
    }
}

fn links(world: &mut World) -> String {
    format!("{:?}", view::links(&world.device(ALICE).conn).unwrap())
}

fn add_stranger() -> Command {
    Command::AddContact {
        identity: "NOBODY01".parse().unwrap(),
        public_key: None,
        name: None,
    }
}

fn ability(
    parameter: Parameter,
    look: impl Fn(&view::Abilities) -> view::Ability + 'static,
) -> Case {
    case(
        parameter,
        true,
        abilities(move |abilities| format!("{:?}", look(&abilities))),
    )
}

fn people_cases() -> Vec<Case> {
    use Parameter as P;
    let texts = [
        (P::FirstName, "firstName"),
        (P::LastName, "lastName"),
        (P::Csi, "csi"),
        (P::Category, "category"),
        (P::JobTitle, "jobTitle"),
        (P::Department, "department"),
    ];
    let texts = texts
        .into_iter()
        .map(|(parameter, field)| case(parameter, "Something", told(field)));
    let search = Command::SearchDirectory(DirectoryQuery {
        text: "bob".into(),
        ..DirectoryQuery::default()
    });
    let managed = |parameter, value: &str| {
        let other = if parameter == P::LicenseUsername {
            (P::LicensePassword, "by the device")
        } else {
            (P::LicenseUsername, "managed")
        };
        case(parameter, value, license)
            .beside(other.0, other.1)
            .refuses_by(activate(), P::LicenseUsername)
    };
    let mut cases: Vec<_> = texts.collect();
    cases.extend([
        managed(P::LicenseUsername, "managed"),
        managed(P::LicensePassword, "by the device"),
        case(P::Nickname, "Preset", nickname)
            .beside(P::ReadonlyProfile, true)
            .refuses_by(rename(), P::ReadonlyProfile),
        case(P::LinkedEmail, "ali@example.com", links)
            .refuses(Command::LinkEmail("other@example.com".into()))
            .stays(),
        case(P::LinkedPhone, "+41791234567", links)
            .refuses(Command::LinkPhone("+41790000000".into()))
            .stays(),
        ability(P::ReadonlyProfile, |a| a.edit_profile).refuses(rename()),
        ability(P::DisableSendProfilePicture, |a| a.send_profile_picture),
        case(P::ContactSync, true, |world| {
            settings(world).contact_sync.to_string()
        })
        .refuses(set_settings(|settings| settings.contact_sync = false)),
        case(P::BlockUnknown, true, heard)
            .refuses(set_settings(|settings| settings.block_unknown = false)),
        ability(P::DisableAddContact, |a| a.add_contact).refuses(add_stranger()),
        case(P::HideInactiveIds, true, listed)
            .refuses(set_settings(|settings| settings.hide_inactive = false)),
        ability(P::DisableWorkDirectory, |a| a.search_directory).refuses(search),
        ability(P::DisableCreateGroup, |a| a.create_group),
    ]);
    cases
}

fn media_cases() -> Vec<Case> {
    use Parameter as P;
    let hosts = abilities(|abilities| format!("{:?}", abilities.web_hosts));
    vec![
        ability(P::DisableExport, |a| a.export_chats),
        ability(P::DisableSaveToGallery, |a| a.save_media),
        ability(P::DisableShareMedia, |a| a.share_media),
        ability(P::DisableScreenshots, |a| a.screenshots),
        ability(P::DisableMessagePreview, |a| a.message_preview),
        case(P::KeepMessagesDays, 7, kept),
        ability(P::DisableCalls, |a| a.calls),
        ability(P::DisableVideoCalls, |a| a.video_calls),
        ability(P::DisableGroupCalls, |a| a.group_calls),
        ability(P::DisableWeb, |a| a.web),
        ability(P::DisableMultidevice, |a| a.further_devices),
        case(P::WebHosts, "signal.example.com", hosts),
    ]
}

fn backup_cases() -> Vec<Case> {
    use Parameter as P;
    let credentials = |parameter, beside| {
        let shown = safe(|safe| {
            safe.server_license
                .map(|license| license.username + &license.password)
        });
        case(parameter, "somebody", shown).beside(beside, "something")
    };
    vec![
        ability(P::DisableBackups, |a| a.data_backup),
        ability(P::DisableIdExport, |a| a.export_identity),
        ability(P::DisableDataBackups, |a| a.data_backup),
        ability(P::DisableSystemBackups, |a| a.system_backup),
        ability(P::DisableSystemBackupsIdKey, |a| a.system_backup_of_key),
        case(
            P::SafeEnable,
            true,
            safe(|safe| Some(format!("{:?}", safe.rule))),
        ),
        case(
            P::SafeServerUrl,
            "https://safe.example.com/",
            safe(|safe| safe.server_url),
        ),
        credentials(P::SafeServerUsername, P::SafeServerPassword),
        credentials(P::SafeServerPassword, P::SafeServerUsername),
        case(
            P::SafePassword,
            "a long password",
            safe(|safe| safe.password),
        ),
        case(
            P::SafePasswordPattern,
            "^.{12,}$",
            safe(|safe| safe.password_pattern),
        ),
        case(
            P::SafePasswordMessage,
            "Twelve, please.",
            safe(|safe| safe.password_message),
        ),
        case(
            P::EnableRemoteSecret,
            true,
            abilities(|abilities| abilities.remote_secret.to_string()),
        ),
    ]
}

fn setup_cases() -> Vec<Case> {
    use Parameter as P;
    let export = |parameter, beside| {
        case(
            parameter,
            "XXXX",
            plan(|plan| format!("{:?}", plan.id_export)),
        )
        .beside(beside, "YYYY")
        .at_setup()
    };
    vec![
        case(
            P::SkipWizard,
            true,
            plan(|plan| plan.is_wizard_skipped.to_string()),
        )
        .at_setup(),
        case(
            P::OnpremServer,
            "https://example.com/prov/config.oppf",
            plan(|plan| format!("{:?}", plan.server)),
        )
        .at_setup(),
        case(
            P::SafeRestoreEnable,
            false,
            plan(|plan| plan.is_safe_restore_offered.to_string()),
        )
        .at_setup(),
        case(
            P::SafeRestoreId,
            "ECHOECHO",
            plan(|plan| format!("{:?}", plan.safe_restore)),
        )
        .at_setup(),
        export(P::IdBackup, P::IdBackupPassword),
        export(P::IdBackupPassword, P::IdBackup),
    ]
}

fn cases() -> Vec<Case> {
    let cases = [people_cases(), media_cases(), backup_cases(), setup_cases()];
    cases.into_iter().flatten().collect()
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Device,
    Server,
}

fn set(world: &mut World, from: From, values: &[(Parameter, Value)]) {
    let params = values.iter().cloned();
    let params = params.map(|(parameter, value)| (parameter.name().to_owned(), value));
    match from {
        From::Device => {
            let command = Command::SetExternalMdm(params.collect());
            assert_eq!(world.ask(ALICE, command), Ok(Reply::Done));
        }
        From::Server => {
            world.server.organisation.params = params.collect();
            assert_eq!(world.ask(ALICE, Command::WorkSync), Ok(Reply::Done));
        }
    }
    world.answer_all_http(ALICE);
}

fn is_refused(result: &Result<Reply, Refusal>) -> bool {
    matches!(result, Err(Refusal::SetByOrganisation(_)))
}

fn run(case: &Case, from: From) {
    let name = case.parameter.name();
    let mut world = World::work(Edition::OnPrem, case.has_identity);
    if from == From::Device {
        // The server's switch over the device's own management is off, and it says nothing.
        assert!(world.server.organisation.params.is_empty());
    }
    let beside = &case.beside;
    // The device's management says what goes with it; so a server's value stands alone.
    set(&mut world, From::Device, beside);
    let before = (case.shown)(&mut world);
    let mut all = beside.clone();
    all.push((case.parameter, case.value.clone()));
    match from {
        From::Device => set(&mut world, From::Device, &all),
        From::Server => {
            let one = [(case.parameter, case.value.clone())];
            set(&mut world, From::Server, &one);
        }
    }
    assert_ne!(
        (case.shown)(&mut world),
        before,
        "{name} from {from:?} has no effect"
    );
    if let Some((command, by)) = &case.attempt {
        let refused = Err(Refusal::SetByOrganisation(*by));
        assert_eq!(world.ask(ALICE, command.clone()), refused, "{name}");
    }
    set(&mut world, from, &[]);
    set(&mut world, From::Device, beside);
    if !case.stays {
        assert_eq!(
            (case.shown)(&mut world),
            before,
            "{name} from {from:?} is still there"
        );
    }
    set(&mut world, From::Device, &[]);
    if let Some((command, _)) = &case.attempt {
        let result = world.ask(ALICE, command.clone());
        assert!(!is_refused(&result), "{name} is still refused");
    }
}

#[test]
fn every_parameter_has_a_case() {
    let mut tested: Vec<_> = cases().iter().map(|case| case.parameter).collect();
    tested.sort();
    let mut all = Parameter::ALL.to_vec();
    all.sort();
    assert_eq!(tested, all);
    assert_eq!(all.len(), 50);
}

#[test]
fn every_parameter_of_the_device_has_its_effect_and_goes_again() {
    for case in cases() {
        run(&case, From::Device);
    }
}

#[test]
fn every_parameter_of_the_server_has_its_effect_and_goes_again() {
    let open = |parameter: Parameter| {
        !parameter.traits().is_device_only && parameter != Parameter::EnableRemoteSecret
    };
    for case in cases().iter().filter(|case| open(case.parameter)) {
        run(case, From::Server);
    }
}

#[test]
fn the_server_cannot_set_what_only_the_device_may() {
    let mut count = 0;
    for case in cases() {
        let is_closed = case.parameter.traits().is_device_only
            || case.parameter == Parameter::EnableRemoteSecret;
        if !is_closed {
            continue;
        }
        count += 1;
        let mut world = World::work(Edition::OnPrem, case.has_identity);
        set(&mut world, From::Device, &case.beside);
        let before = (case.shown)(&mut world);
        let one = [(case.parameter, case.value.clone())];
        set(&mut world, From::Server, &one);
        assert_eq!((case.shown)(&mut world), before, "{}", case.parameter);
        let policy = view::policy(&world.device(ALICE).conn).unwrap();
        assert_eq!(policy.value(case.parameter), None);
    }
    assert_eq!(
        count, 6,
        "five secrets, and the remote secret without its entitlement"
    );
}

#[test]
fn where_both_speak_the_override_decides() {
    for is_override in [false, true] {
        let mut world = World::work(Edition::Work, true);
        set(
            &mut world,
            From::Device,
            &[(Parameter::Nickname, json!("Device"))],
        );
        world.server.organisation.is_override = is_override;
        set(
            &mut world,
            From::Server,
            &[(Parameter::Nickname, json!("Server"))],
        );
        let expected = if is_override { "Server" } else { "Device" };
        assert_eq!(nickname(&mut world), expected);
    }
}

#[test]
fn a_preset_nickname_may_be_changed_and_the_old_one_comes_back() {
    let mut world = World::work(Edition::Work, true);
    let preset = [(Parameter::Nickname, json!("Preset"))];
    set(&mut world, From::Server, &preset);
    assert_eq!(nickname(&mut world), "Preset");
    set(&mut world, From::Server, &[]);
    assert_eq!(nickname(&mut world), "Ali");
    set(&mut world, From::Server, &preset);
    assert_eq!(world.ask(ALICE, rename()), Ok(Reply::Done));
    set(&mut world, From::Server, &preset);
    assert_eq!(
        nickname(&mut world),
        "Somebody",
        "it is a preset, not a rule"
    );
    set(&mut world, From::Server, &[]);
    assert_eq!(nickname(&mut world), "Somebody");
}

#[test]
fn a_choice_made_before_comes_back_after_the_rule() {
    let mut world = World::work(Edition::Work, true);
    let choice = set_settings(|settings| settings.block_unknown = true);
    assert_eq!(world.ask(ALICE, choice.clone()), Ok(Reply::Done));
    set(
        &mut world,
        From::Server,
        &[(Parameter::BlockUnknown, json!(false))],
    );
    assert!(!settings(&mut world).block_unknown);
    assert!(is_refused(&world.ask(ALICE, choice)));
    // What is not fixed may be changed at the same time.
    let other = set_settings(|settings| settings.read_receipts = false);
    assert_eq!(world.ask(ALICE, other), Ok(Reply::Done));
    set(&mut world, From::Server, &[]);
    assert!(settings(&mut world).block_unknown);
    assert!(!settings(&mut world).read_receipts);
}
