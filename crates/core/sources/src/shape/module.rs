//! Modules of Beats and Elastic's agent: they put an event below a prefix, its names in words
//! joined by underscores, and move some of its fields into ECS.

use crate::json::camel;

/// A module, and how to find the event again.
#[derive(Debug)]
pub(super) struct Module {
    /// What stands before the names of the event.
    pub(super) prefix: &'static str,
    /// What stands before them in the event itself.
    before: &'static str,
    /// Names outside the prefix, and what the event itself calls these fields.
    moved: &'static [(&'static str, &'static str)],
}

const MODULES: [Module; 9] = [
    Module {
        prefix: "aws.cloudtrail.",
        before: "",
        moved: &[
            ("event.action", "eventName"),
            ("event.provider", "eventSource"),
            ("cloud.region", "awsRegion"),
            ("source.address", "sourceIPAddress"),
            ("user.name", "userIdentity.userName"),
            ("user_agent.original", "userAgent"),
        ],
    },
    Module { prefix: "azure.activitylogs.", before: "", moved: &AZURE },
    Module { prefix: "azure.auditlogs.", before: "", moved: &AZURE },
    Module { prefix: "azure.platformlogs.", before: "", moved: &AZURE },
    Module { prefix: "azure.signinlogs.", before: "", moved: &AZURE },
    Module { prefix: "gcp.audit.", before: "protoPayload.", moved: &[("log.logger", "logName")] },
    Module {
        prefix: "github.",
        before: "",
        moved: &[("event.action", "action"), ("user.name", "actor"), ("@timestamp", "@timestamp")],
    },
    Module {
        prefix: "google_workspace.",
        before: "",
        moved: &[
            ("event.action", "events.name"),
            ("event.provider", "id.applicationName"),
            ("google_workspace.event.type", "events.type"),
            ("google_workspace.admin.new_value", "new_value"),
            ("google_workspace.admin.old_value", "old_value"),
            ("google_workspace.admin.setting.name", "setting_name"),
        ],
    },
    Module { prefix: "okta.", before: "", moved: &[] },
];

const AZURE: [(&str, &str); 5] = [
    ("azure.correlation_id", "correlationId"),
    ("azure.resource.id", "resourceId"),
    ("azure.tenant_id", "tenantId"),
    ("source.ip", "callerIpAddress"),
    ("user_agent.original", "userAgent"),
];

impl Module {
    /// Number of the module whose prefix a name has, from 1; 0 is none.
    pub(super) fn of(name: &str) -> u8 {
        let found = MODULES.iter().position(|module| name.starts_with(module.prefix));
        found.and_then(|number| u8::try_from(number + 1).ok()).unwrap_or(0)
    }

    pub(super) fn numbered(number: u8) -> Option<&'static Self> {
        MODULES.get(usize::from(number).checked_sub(1)?)
    }

    /// Writes what the event itself calls a field, and says whether it is one of its fields.
    pub(super) fn rename(&self, name: &str, out: &mut String) -> bool {
        if let Some((_, own)) = self.moved.iter().find(|(moved, _)| *moved == name) {
            out.push_str(own);
            return true;
        }
        let Some(rest) = name.strip_prefix(self.prefix) else { return false };
        out.push_str(self.before);
        // Arrays have become objects whose members are numbers.
        let is_word = |part: &&str| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit());
        let words: Vec<&str> = rest.split('.').filter(is_word).collect();
        camel(&words.join("."), out);
        true
    }
}
