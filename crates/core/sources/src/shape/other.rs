//! Objects that are no Windows events: which log they come from, told by names that only events
//! of that log have. They keep their names; what rules need and the object only implies is added.

use crate::json::Flat;

/// A name that helps to tell a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mark {
    // AWS CloudTrail
    EventSource,
    EventName,
    AwsRegion,
    EventVersion,
    // Zeek
    Path,
    Uid,
    OriginHost,
    Query,
    Method,
    ConnectionState,
    CipherOrServer,
    Fingerprint,
    FileAction,
    ShareType,
    RequestType,
    NtlmHost,
    Endpoint,
    Cookie,
    SshServer,
    // Suricata
    EventType,
    SourceAddress,
    FlowId,
    // OCSF
    ClassUid,
    CategoryUid,
    OcsfVersion,
    DeviceSystem,
    CloudProvider,
    // Microsoft
    Category,
    TableName,
    ResourceId,
    OperationName,
    ActivityName,
    LoggedBy,
    SignInApp,
    PrincipalName,
    SignInResult,
    RiskEvent,
    Operation,
    Workload,
    AuditData,
    // Google, Okta, GitHub, Kubernetes, journald
    ProtoMethod,
    ProtoService,
    OktaOutcome,
    OktaVersion,
    Action,
    Actor,
    DocumentId,
    AuditVersion,
    JournalTime,
    JournalProgram,
    JournalHost,
    JournalMessage,
}

/// Number of marks.
pub(super) const MARKS: usize = Mark::JournalMessage as usize + 1;

impl Mark {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "eventSource" => Self::EventSource,
            "eventName" => Self::EventName,
            "awsRegion" => Self::AwsRegion,
            "eventVersion" => Self::EventVersion,
            "_path" => Self::Path,
            "uid" | "conn_uids" | "fuid" | "id" => Self::Uid,
            "id.orig_h" | "tx_hosts" => Self::OriginHost,
            "qtype_name" | "qtype" => Self::Query,
            "status_code" | "trans_depth" => Self::Method,
            "conn_state" => Self::ConnectionState,
            "cipher" | "ssl_history" => Self::CipherOrServer,
            "certificate.serial" => Self::Fingerprint,
            "action" => Self::Action,
            "share_type" => Self::ShareType,
            "request_type" => Self::RequestType,
            "server_nb_computer_name" | "server_dns_computer_name" => Self::NtlmHost,
            "endpoint" => Self::Endpoint,
            "cookie" => Self::Cookie,
            "auth_attempts" | "hassh" => Self::SshServer,
            "seen_bytes" => Self::FileAction,
            "event_type" => Self::EventType,
            "src_ip" => Self::SourceAddress,
            "flow_id" => Self::FlowId,
            "class_uid" => Self::ClassUid,
            "category_uid" => Self::CategoryUid,
            "metadata.version" => Self::OcsfVersion,
            "device.os.type" | "device.os.name" => Self::DeviceSystem,
            "cloud.provider" => Self::CloudProvider,
            "category" | "Category" => Self::Category,
            "Type" | "$table" => Self::TableName,
            "resourceId" | "ResourceId" | "_ResourceId" => Self::ResourceId,
            "operationName" | "OperationName" | "operationName.value" | "OperationNameValue" => {
                Self::OperationName
            }
            "activityDisplayName" | "ActivityDisplayName" => Self::ActivityName,
            "loggedByService" | "LoggedByService" => Self::LoggedBy,
            "appDisplayName" | "AppDisplayName" | "properties.appDisplayName" => Self::SignInApp,
            "userPrincipalName" | "UserPrincipalName" => Self::PrincipalName,
            "status.errorCode" | "properties.status.errorCode" | "ResultType" | "resultType" => {
                Self::SignInResult
            }
            "riskEventType" | "RiskEventType" | "properties.riskEventType" => Self::RiskEvent,
            "Operation" | "Operations" => Self::Operation,
            "Workload" => Self::Workload,
            "AuditData" => Self::AuditData,
            "protoPayload.methodName" | "data.protoPayload.methodName" => Self::ProtoMethod,
            "protoPayload.serviceName" | "data.protoPayload.serviceName" => Self::ProtoService,
            "outcome.result" => Self::OktaOutcome,
            "legacyEventType" | "displayMessage" => Self::OktaVersion,
            "actor" => Self::Actor,
            "_document_id" | "actor_location.country_code" | "org" => Self::DocumentId,
            "auditID" => Self::AuditVersion,
            "__REALTIME_TIMESTAMP" => Self::JournalTime,
            "SYSLOG_IDENTIFIER" | "_COMM" => Self::JournalProgram,
            "_HOSTNAME" => Self::JournalHost,
            "MESSAGE" => Self::JournalMessage,
            _ => return None,
        })
    }
}

/// The marked fields of one object.
pub(super) struct Marks<'a> {
    pub(super) fields: &'a [Option<u32>; MARKS],
    pub(super) flat: &'a Flat,
    pub(super) text: &'a str,
}

/// Product, log and event id.
pub(super) type Told<'a> = (&'a str, &'a str, Option<u32>);

/// Zeek's logs by name.
const ZEEK: [&str; 31] = [
    "conn",
    "dns",
    "http",
    "ssl",
    "x509",
    "files",
    "smb_files",
    "smb_mapping",
    "smb_cmd",
    "kerberos",
    "ntlm",
    "dce_rpc",
    "rdp",
    "ssh",
    "ftp",
    "smtp",
    "notice",
    "weird",
    "dhcp",
    "software",
    "tunnel",
    "pe",
    "sip",
    "snmp",
    "socks",
    "syslog",
    "mysql",
    "modbus",
    "ldap",
    "radius",
    "known_hosts",
];

/// Suricata's event types.
const SURICATA: [&str; 24] = [
    "alert", "anomaly", "dns", "http", "tls", "flow", "netflow", "fileinfo", "ssh", "smb", "smtp", "ftp",
    "ftp_data", "krb5", "rdp", "dhcp", "nfs", "tftp", "ikev2", "mqtt", "snmp", "sip", "drop", "stats",
];

impl<'a> Marks<'a> {
    pub(super) fn has(&self, mark: Mark) -> bool {
        self.fields[mark as usize].is_some()
    }

    pub(super) fn value(&self, mark: Mark) -> &'a str {
        let field = self.fields[mark as usize].and_then(|number| self.flat.field(self.text, number));
        field.map_or("", |field| field.value.text)
    }

    /// What the object is, as far as its names tell.
    pub(super) fn tell(&self) -> Told<'a> {
        self.class()
            .or_else(|| self.cloud())
            .or_else(|| self.microsoft())
            .or_else(|| self.network())
            .or_else(|| self.journal())
            .unwrap_or(("", "", None))
    }

    /// OCSF names its class itself.
    fn class(&self) -> Option<Told<'a>> {
        let is_event = self.has(Mark::CategoryUid) || self.has(Mark::OcsfVersion);
        let class = self.value(Mark::ClassUid).parse().ok().filter(|_| is_event)?;
        let system = self.value(Mark::DeviceSystem).to_ascii_lowercase();
        let provider = self.value(Mark::CloudProvider);
        let product = match () {
            () if system.contains("windows") => "windows",
            () if system.contains("linux") => "linux",
            () if system.contains("mac") => "macos",
            () if provider.eq_ignore_ascii_case("aws") => "aws",
            () if provider.eq_ignore_ascii_case("azure") => "azure",
            () if provider.eq_ignore_ascii_case("gcp") => "gcp",
            () => "ocsf",
        };
        Some((product, "ocsf", Some(class)))
    }

    fn cloud(&self) -> Option<Told<'a>> {
        let is_aws = self.has(Mark::EventName)
            && (self.has(Mark::AwsRegion)
                || self.has(Mark::EventVersion)
                || self.value(Mark::EventSource).ends_with(".amazonaws.com"));
        if self.has(Mark::EventSource) && is_aws {
            return Some(("aws", "cloudtrail", None));
        }
        if self.has(Mark::ProtoMethod) {
            let log = match self.value(Mark::ProtoService) {
                "admin.googleapis.com" => "google_workspace.admin",
                "login.googleapis.com" => "google_workspace.login",
                _ => "gcp.audit",
            };
            return Some(("gcp", log, None));
        }
        if self.has(Mark::OktaOutcome) && self.has(Mark::OktaVersion) {
            return Some(("okta", "okta", None));
        }
        if self.has(Mark::AuditVersion) {
            return Some(("kubernetes", "audit", None));
        }
        let is_github = self.has(Mark::Action) && self.has(Mark::Actor) && self.has(Mark::DocumentId);
        is_github.then_some(("github", "audit", None))
    }

    /// Entra ID, Azure and Microsoft 365, by each of the ways in which people export them.
    fn microsoft(&self) -> Option<Told<'a>> {
        let by_name = |name: &str| match name {
            "SigninLogs"
            | "SignInLogs"
            | "AADNonInteractiveUserSignInLogs"
            | "NonInteractiveUserSignInLogs"
            | "AADServicePrincipalSignInLogs"
            | "ServicePrincipalSignInLogs"
            | "ManagedIdentitySignInLogs"
            | "AADManagedIdentitySignInLogs" => Some("signinlogs"),
            "AuditLogs" => Some("auditlogs"),
            "AzureActivity" | "Administrative" | "Policy" | "Security" | "Alert" | "ServiceHealth"
            | "ResourceHealth" | "Autoscale" | "Recommendation" => Some("activitylogs"),
            "RiskyUsers"
            | "UserRiskEvents"
            | "AADUserRiskEvents"
            | "AADRiskyUsers"
            | "ServicePrincipalRiskEvents" => Some("riskdetection"),
            _ => None,
        };
        if let Some(log) = by_name(self.value(Mark::TableName)) {
            return Some(("azure", log, None));
        }
        if self.has(Mark::RiskEvent) {
            return Some(("azure", "riskdetection", None));
        }
        let category = by_name(self.value(Mark::Category)).filter(|_| self.has(Mark::OperationName));
        if let Some(log) = category.filter(|_| self.has(Mark::ResourceId) || self.has(Mark::SignInResult)) {
            return Some(("azure", log, None));
        }
        if self.has(Mark::ActivityName) && (self.has(Mark::LoggedBy) || self.has(Mark::Category)) {
            return Some(("azure", "auditlogs", None));
        }
        if self.has(Mark::SignInApp) && self.has(Mark::SignInResult) {
            return Some(("azure", "signinlogs", None));
        }
        if self.has(Mark::OperationName) && self.has(Mark::ResourceId) {
            return Some(("azure", "activitylogs", None));
        }
        let log = match self.value(Mark::Workload) {
            "" => return None,
            "Exchange" => "exchange",
            "SecurityComplianceCenter" => "securitycompliancecenter",
            _ => "audit",
        };
        self.has(Mark::Operation).then_some(("m365", log, None))
    }

    fn network(&self) -> Option<Told<'a>> {
        let is_suricata = self.has(Mark::EventType)
            && (self.has(Mark::FlowId)
                || self.has(Mark::SourceAddress)
                || self.value(Mark::EventType) == "stats");
        if is_suricata {
            return Some(("suricata", listed(&SURICATA, self.value(Mark::EventType)), None));
        }
        if self.has(Mark::Path) {
            return Some(("zeek", listed(&ZEEK, self.value(Mark::Path)), None));
        }
        if !(self.has(Mark::Uid) && self.has(Mark::OriginHost)) {
            return None;
        }
        // Files that Zeek writes itself do not say which log they are.
        let telling = [
            (Mark::Query, "dns"),
            (Mark::Method, "http"),
            (Mark::RequestType, "kerberos"),
            (Mark::CipherOrServer, "ssl"),
            (Mark::ConnectionState, "conn"),
            (Mark::Fingerprint, "x509"),
            (Mark::ShareType, "smb_mapping"),
            (Mark::NtlmHost, "ntlm"),
            (Mark::Endpoint, "dce_rpc"),
            (Mark::Cookie, "rdp"),
            (Mark::SshServer, "ssh"),
            (Mark::FileAction, "files"),
            (Mark::Action, "smb_files"),
        ];
        let log = telling.iter().find(|(mark, _)| self.has(*mark)).map_or("other", |(_, log)| *log);
        Some(("zeek", log, None))
    }

    /// `journalctl -o json`.
    fn journal(&self) -> Option<Told<'a>> {
        if !(self.has(Mark::JournalTime) && self.has(Mark::JournalMessage)) {
            return None;
        }
        Some(("linux", log_of_program(self.value(Mark::JournalProgram)), None))
    }
}

/// The name from the list, so that odd input cannot make ever new kinds.
fn listed(list: &[&'static str], name: &str) -> &'static str {
    list.iter().find(|known| **known == name).copied().unwrap_or("other")
}

/// The log in which a distribution keeps what a program says.
pub(crate) fn log_of_program(program: &str) -> &'static str {
    match program {
        "sshd" | "sshd-session" | "sshd-auth" => "sshd",
        "sudo" => "sudo",
        "cron" | "CRON" | "crond" | "crontab" | "anacron" => "cron",
        "su" | "login" | "passwd" | "chpasswd" | "useradd" | "userdel" | "usermod" | "groupadd"
        | "groupdel" | "groupmod" | "gpasswd" | "chage" | "systemd-logind" | "polkitd" | "pkexec"
        | "gdm-password]" | "lightdm" | "unix_chkpwd" | "pam_unix" => "auth",
        "clamd" | "clamav" | "freshclam" | "clamscan" => "clamav",
        "vsftpd" => "vsftpd",
        "guacd" | "guacamole" => "guacamole",
        _ => "syslog",
    }
}
