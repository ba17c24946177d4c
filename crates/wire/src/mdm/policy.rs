//! What counts once both sources are merged, and the rules that follow from more than one value.

use std::collections::BTreeMap;

use super::{Parameter, Parameters, Value};

/// Who set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The management of the device.
    Device,
    /// The organisation's server.
    Server,
}

/// What the organisation has to say about Safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SafeRule {
    /// It must be used.
    Must,
    /// It may be used.
    May,
    /// It cannot be used.
    Never,
}

/// The values that count, each with who set it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Policy(BTreeMap<Parameter, (Value, Origin)>);

macro_rules! accessors {
    ($as:ident, $type:ty: $($name:ident $variant:ident),+ $(,)?) => {$(
        #[doc = concat!("The value of [`Parameter::", stringify!($variant), "`], if it is set.")]
        pub fn $name(&self) -> Option<$type> {
            self.value(Parameter::$variant).and_then(Value::$as)
        }
    )+};
}

impl Policy {
    /// Both sources together. Where both have a value, `is_override` – which the server says – lets
    /// the server's win (mdm-parameters.md, merging).
    pub fn merged(device: &Parameters, server: &Parameters, is_override: bool) -> Self {
        let of = |parameters: &Parameters, origin| {
            parameters
                .iter()
                .map(|(parameter, value)| (parameter, (value.clone(), origin)))
                .collect::<BTreeMap<_, _>>()
        };
        let (device, server) = (of(device, Origin::Device), of(server, Origin::Server));
        let (mut below, above) = if is_override {
            (device, server)
        } else {
            (server, device)
        };
        below.extend(above);
        Self(below)
    }

    /// The value of a parameter, if it is set.
    pub fn value(&self, parameter: Parameter) -> Option<&Value> {
        self.0.get(&parameter).map(|(value, _)| value)
    }

    /// Who set a parameter, if it is set.
    pub fn origin(&self, parameter: Parameter) -> Option<Origin> {
        self.0.get(&parameter).map(|(_, origin)| *origin)
    }

    /// Every value that is set, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = (Parameter, &Value, Origin)> {
        self.0
            .iter()
            .map(|(parameter, (value, origin))| (*parameter, value, *origin))
    }

    /// What an app appends to its version in `update_work_info`: which sources have a say.
    pub fn marker(&self) -> &'static str {
        let has = |wanted| self.0.values().any(|(_, origin)| *origin == wanted);
        match (has(Origin::Server), has(Origin::Device)) {
            (true, true) => ";me",
            (true, false) => ";m",
            (false, true) => ";e",
            (false, false) => "",
        }
    }

    accessors!(as_bool, bool:
        skip_wizard SkipWizard,
        readonly_profile ReadonlyProfile,
        disable_send_profile_picture DisableSendProfilePicture,
        contact_sync ContactSync,
        block_unknown BlockUnknown,
        disable_add_contact DisableAddContact,
        hide_inactive_ids HideInactiveIds,
        disable_work_directory DisableWorkDirectory,
        disable_create_group DisableCreateGroup,
        disable_export DisableExport,
        disable_save_to_gallery DisableSaveToGallery,
        disable_share_media DisableShareMedia,
        disable_screenshots DisableScreenshots,
        disable_message_preview DisableMessagePreview,
        disable_calls DisableCalls,
        disable_video_calls DisableVideoCalls,
        disable_group_calls DisableGroupCalls,
        disable_web DisableWeb,
        disable_multidevice DisableMultidevice,
        disable_backups DisableBackups,
        disable_id_export DisableIdExport,
        disable_data_backups DisableDataBackups,
        disable_system_backups DisableSystemBackups,
        disable_system_backups_id_key DisableSystemBackupsIdKey,
        safe_enable SafeEnable,
        safe_restore_enable SafeRestoreEnable,
        enable_remote_secret EnableRemoteSecret,
    );
    accessors!(as_text, &str:
        license_username LicenseUsername,
        license_password LicensePassword,
        onprem_server OnpremServer,
        nickname Nickname,
        first_name FirstName,
        last_name LastName,
        csi Csi,
        category Category,
        job_title JobTitle,
        department Department,
        linked_email LinkedEmail,
        linked_phone LinkedPhone,
        web_hosts WebHosts,
        safe_server_url SafeServerUrl,
        safe_server_username SafeServerUsername,
        safe_server_password SafeServerPassword,
        safe_password SafePassword,
        safe_password_pattern SafePasswordPattern,
        safe_password_message SafePasswordMessage,
        safe_restore_id SafeRestoreId,
        id_backup IdBackup,
        id_backup_password IdBackupPassword,
    );
    accessors!(as_integer, i64: keep_messages_days KeepMessagesDays);

    fn forbids(&self, parameter: Parameter) -> bool {
        self.value(parameter).and_then(Value::as_bool) == Some(true)
    }

    /// Which parameter forbids the export of the identity, if one does. Forbidding backups covers
    /// every kind of them.
    pub fn id_export_forbidden_by(&self) -> Option<Parameter> {
        self.first_of(&[Parameter::DisableBackups, Parameter::DisableIdExport])
    }

    /// Which parameter forbids a backup of the app's data, if one does.
    pub fn data_backup_forbidden_by(&self) -> Option<Parameter> {
        self.first_of(&[Parameter::DisableBackups, Parameter::DisableDataBackups])
    }

    /// Which parameter forbids group calls, if one does: no calls means none at all.
    pub fn group_calls_forbidden_by(&self) -> Option<Parameter> {
        self.first_of(&[Parameter::DisableGroupCalls, Parameter::DisableCalls])
    }

    /// Which parameter forbids video in calls, if one does.
    pub fn video_forbidden_by(&self) -> Option<Parameter> {
        self.first_of(&[Parameter::DisableVideoCalls, Parameter::DisableCalls])
    }

    /// Which parameter forbids further devices, if one does: that of the web client counts only
    /// where that of further devices is not set.
    pub fn multidevice_forbidden_by(&self) -> Option<Parameter> {
        match self.disable_multidevice() {
            Some(true) => Some(Parameter::DisableMultidevice),
            Some(false) => None,
            None => self.first_of(&[Parameter::DisableWeb]),
        }
    }

    /// What is to be done about Safe, and which parameter says so.
    pub fn safe(&self) -> (SafeRule, Option<Parameter>) {
        if self.forbids(Parameter::DisableBackups) {
            return (SafeRule::Never, Some(Parameter::DisableBackups));
        }
        match self.safe_enable() {
            Some(true) => (SafeRule::Must, Some(Parameter::SafeEnable)),
            Some(false) => (SafeRule::Never, Some(Parameter::SafeEnable)),
            None => (SafeRule::May, None),
        }
    }

    /// May restoring from Safe be offered? Not set means yes.
    pub fn may_restore_safe(&self) -> bool {
        self.safe().0 != SafeRule::Never && self.safe_restore_enable() != Some(false)
    }

    fn first_of(&self, parameters: &[Parameter]) -> Option<Parameter> {
        parameters
            .iter()
            .copied()
            .find(|parameter| self.forbids(*parameter))
    }
}
