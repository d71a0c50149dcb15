//! Names by which one sees what wrote an event.

use crate::json::camel;

/// A name, or a group of names that tell the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mark {
    // An event as text inside a wrapper: what surely is one, and what may be.
    Body,
    Message,
    // Several systems.
    Account,
    Action,
    Category,
    EventType,
    Kind,
    OperationName,
    Reason,
    Type,
    // AWS CloudTrail.
    AwsRegion,
    EventName,
    EventSource,
    EventVersion,
    // Azure and Entra ID.
    Generated,
    ActivityName,
    AlertType,
    AppName,
    CategoryValue,
    ConditionalAccess,
    ErrorCode,
    InitiatedBy,
    LoggedBy,
    ResourceId,
    ResultType,
    RiskType,
    UserPrincipal,
    // Microsoft 365.
    DeviceName,
    ActionType,
    Operation,
    RecordType,
    Workload,
    // Google.
    Application,
    Payload,
    PayloadService,
    // Okta, GitHub, Kubernetes, Bitbucket, OneLogin, Duo, OpenCanary.
    Outcome,
    LegacyType,
    Actor,
    DocumentId,
    AuditId,
    AuditAction,
    EventTypeId,
    AccessDevice,
    LogType,
    NodeId,
    // Zeek.
    Path,
    Ts,
    Uid,
    Originator,
    Conn,
    Dns,
    Http,
    Ssl,
    Files,
    X509,
    Ssh,
    SmbMapping,
    SmbFiles,
    Kerberos,
    Ntlm,
    DceRpc,
    Rdp,
    Ftp,
    Smtp,
    Notice,
    Weird,
    Dhcp,
    Tunnel,
    Software,
    Pe,
    // Suricata.
    Flow,
    // OCSF.
    ClassUid,
    ActivityId,
    MetadataVersion,
    CloudProvider,
    DeviceSystem,
    DeviceType,
    Product,
    // The systemd journal.
    Cursor,
    Identifier,
    JournalField,
    JournalMessage,
    Command,
}

impl Mark {
    /// The mark that a name is, where it is one.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let outer = name.split('.').next().unwrap_or(name);
        shared(name)
            .or_else(|| inside(name))
            .or_else(|| cloud(name, outer))
            .or_else(|| microsoft(name, outer))
            .or_else(|| network(name, outer))
            .or_else(|| others(name))
            .or_else(|| Self::of_capital(name))
    }

    /// The mark of a name that some exports of Microsoft's logs spell with capitals.
    pub(crate) fn of_capital(name: &str) -> Option<Self> {
        let mut small = String::new();
        camel(name, &mut small);
        let outer = small.split('.').next().unwrap_or(&small);
        if small == name { None } else { shared(&small).or_else(|| microsoft(&small, outer)) }
    }

    /// Whether the name alone makes it likely that an event stands around it.
    pub(crate) fn tells(self) -> bool {
        matches!(
            self,
            Self::EventSource
                | Self::EventVersion
                | Self::ActivityName
                | Self::ConditionalAccess
                | Self::LoggedBy
                | Self::OperationName
                | Self::RiskType
                | Self::ResultType
                | Self::ActionType
                | Self::Workload
                | Self::Application
                | Self::Payload
                | Self::PayloadService
                | Self::Outcome
                | Self::DocumentId
                | Self::AuditId
                | Self::AuditAction
                | Self::EventTypeId
                | Self::AccessDevice
                | Self::LogType
                | Self::Path
                | Self::Originator
                | Self::Flow
                | Self::ClassUid
                | Self::Cursor
        )
    }

    /// Whether an event may stand as text in a field with this mark, and whether it surely does.
    pub(crate) fn body(self) -> Option<bool> {
        match self {
            Self::Body => Some(true),
            Self::Message => Some(false),
            _ => None,
        }
    }

    fn bit(self) -> u128 {
        1 << self as u8
    }
}

/// The marks that an object has.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marks(u128);

impl Marks {
    pub(crate) fn add(&mut self, mark: Mark) {
        self.0 |= mark.bit();
    }

    pub(crate) fn any(self, marks: &[Mark]) -> bool {
        marks.iter().any(|mark| self.0 & mark.bit() != 0)
    }

    pub(crate) fn all(self, marks: &[Mark]) -> bool {
        marks.iter().all(|mark| self.0 & mark.bit() != 0)
    }
}

fn shared(name: &str) -> Option<Mark> {
    Some(match name {
        "account_id" | "actor_user_id" | "user_id" => Mark::Account,
        "action" => Mark::Action,
        "category" | "category.value" => Mark::Category,
        "event_type" => Mark::EventType,
        "kind" => Mark::Kind,
        "operationName" | "OperationName" | "operationName.value" | "OperationNameValue" => {
            Mark::OperationName
        }
        "reason" | "txid" | "factor" => Mark::Reason,
        "Type" => Mark::Type,
        _ => return None,
    })
}

/// Where shippers keep an event as text.
fn inside(name: &str) -> Option<Mark> {
    Some(match name {
        "AuditData" | "auditData" | "CloudTrailEvent" => Mark::Body,
        "message" | "@message" | "Message" | "msg" | "fields.message" | "body" | "Body" | "text"
        | "textPayload" | "line" | "content" => Mark::Message,
        "event.original" | "log.original" | "original" | "_raw" | "result._raw" | "raw" | "Raw"
        | "rawLog" | "raw_log" | "rawEvent" | "raw_event" | "rawMessage" | "raw_message" => Mark::Message,
        "log" | "event" | "Event" | "payload" | "data" | "Data" | "record" | "value" | "json" => {
            Mark::Message
        }
        _ => return None,
    })
}

fn cloud(name: &str, outer: &str) -> Option<Mark> {
    Some(match name {
        "awsRegion" | "recipientAccountId" => Mark::AwsRegion,
        "eventName" => Mark::EventName,
        "eventSource" => Mark::EventSource,
        "eventVersion" => Mark::EventVersion,
        "id.applicationName" => Mark::Application,
        "protoPayload.methodName" | "data.protoPayload.methodName" => Mark::Payload,
        "protoPayload.serviceName" | "data.protoPayload.serviceName" => Mark::PayloadService,
        "outcome.result" | "debugContext.debugData.requestUri" => Mark::Outcome,
        "eventType" | "legacyEventType" => Mark::LegacyType,
        "_document_id" => Mark::DocumentId,
        "actor" | "actor_id" | "org" | "repo" | "business" => Mark::Actor,
        "auditID" => Mark::AuditId,
        "auditType.action" => Mark::AuditAction,
        "event_type_id" => Mark::EventTypeId,
        "logtype" => Mark::LogType,
        "node_id" => Mark::NodeId,
        _ if outer == "userIdentity" => Mark::AwsRegion,
        _ if outer == "access_device" || outer == "auth_device" => Mark::AccessDevice,
        _ => return None,
    })
}

fn microsoft(name: &str, outer: &str) -> Option<Mark> {
    Some(match name {
        "activityDisplayName" | "ActivityDisplayName" => Mark::ActivityName,
        "@odata.type" => Mark::AlertType,
        "TimeGenerated" => Mark::Generated,
        "appDisplayName" | "AppDisplayName" | "ServicePrincipalName" | "servicePrincipalName" => {
            Mark::AppName
        }
        "CategoryValue" | "ResourceProviderValue" | "eventTimestamp" | "EventDataId" => Mark::CategoryValue,
        "conditionalAccessStatus"
        | "ConditionalAccessStatus"
        | "AuthenticationRequirement"
        | "authenticationRequirement"
        | "clientAppUsed"
        | "ClientAppUsed" => Mark::ConditionalAccess,
        "status.errorCode" => Mark::ErrorCode,
        "loggedByService" | "LoggedByService" => Mark::LoggedBy,
        "resourceId" | "ResourceId" | "_ResourceId" => Mark::ResourceId,
        "ResultType" | "resultType" => Mark::ResultType,
        "riskEventType" | "RiskEventType" | "properties.riskEventType" => Mark::RiskType,
        "userPrincipalName" | "UserPrincipalName" => Mark::UserPrincipal,
        "DeviceName" | "DeviceId" => Mark::DeviceName,
        "ActionType" => Mark::ActionType,
        "Operation" => Mark::Operation,
        "RecordType" | "OrganizationId" | "UserType" => Mark::RecordType,
        "Workload" | "OfficeWorkload" => Mark::Workload,
        _ if matches!(outer, "initiatedBy" | "InitiatedBy" | "targetResources" | "TargetResources") => {
            Mark::InitiatedBy
        }
        _ => return None,
    })
}

/// Zeek's logs by a field that only one of them has, and Suricata's.
fn network(name: &str, outer: &str) -> Option<Mark> {
    Some(match name {
        "_path" => Mark::Path,
        "ts" | "ts.value" => Mark::Ts,
        "uid" | "fuid" => Mark::Uid,
        "id.orig_h" | "id_orig_h" => Mark::Originator,
        "conn_state" => Mark::Conn,
        "qtype_name" | "qclass_name" | "rcode_name" | "qtype" => Mark::Dns,
        "request_body_len" | "response_body_len" | "status_code" | "resp_mime_types" => Mark::Http,
        "established" | "resumed" | "server_name" => Mark::Ssl,
        "seen_bytes" | "missing_bytes" => Mark::Files,
        "certificate.serial" | "certificate.subject" => Mark::X509,
        "auth_attempts" | "auth_success" | "hassh" | "kex_alg" | "host_key_alg" => Mark::Ssh,
        "share_type" => Mark::SmbMapping,
        "times.modified" | "times.created" => Mark::SmbFiles,
        "request_type" => Mark::Kerberos,
        "domainname" | "server_nb_computer_name" | "server_dns_computer_name" => Mark::Ntlm,
        "endpoint" | "named_pipe" => Mark::DceRpc,
        "security_protocol" | "keyboard_layout" | "cookie" => Mark::Rdp,
        "reply_code" | "data_channel.passive" => Mark::Ftp,
        "mailfrom" | "rcptto" | "helo" => Mark::Smtp,
        "note" => Mark::Notice,
        "notice" => Mark::Weird,
        "assigned_addr" | "msg_types" => Mark::Dhcp,
        "tunnel_type" => Mark::Tunnel,
        "software_type" => Mark::Software,
        "compile_ts" => Mark::Pe,
        "flow_id" | "in_iface" | "pcap_cnt" | "dest_ip" => Mark::Flow,
        _ if outer == "stats" => Mark::Flow,
        _ => return None,
    })
}

fn others(name: &str) -> Option<Mark> {
    Some(match name {
        "class_uid" => Mark::ClassUid,
        "activity_id" => Mark::ActivityId,
        "metadata.version" | "category_uid" => Mark::MetadataVersion,
        "cloud.provider" => Mark::CloudProvider,
        "device.os.name" => Mark::DeviceSystem,
        "device.os.type" => Mark::DeviceType,
        "metadata.product.name" => Mark::Product,
        "__REALTIME_TIMESTAMP" | "__CURSOR" => Mark::Cursor,
        "SYSLOG_IDENTIFIER" => Mark::Identifier,
        "_COMM" => Mark::Command,
        "_HOSTNAME" | "_PID" | "_TRANSPORT" | "_BOOT_ID" => Mark::JournalField,
        "MESSAGE" => Mark::JournalMessage,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_has_a_bit_of_its_own() {
        assert!((Mark::Command as u8) < 128);
        let mut marks = Marks::default();
        marks.add(Mark::Body);
        marks.add(Mark::Command);
        assert!(marks.all(&[Mark::Body, Mark::Command]));
        assert!(!marks.any(&[Mark::Message, Mark::JournalMessage]));
    }
}
