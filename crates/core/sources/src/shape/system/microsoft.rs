//! Entra ID, Azure and Microsoft 365, in the forms people export them: Graph's JSON, diagnostic
//! settings, rows of Log Analytics, the unified audit log.

use super::extra::Extra;
use super::mark::Mark;
use super::object::{Object, Parts};

pub(super) fn tell<'a>(object: &Object<'a, '_>) -> Option<Parts<'a>> {
    table(object)
        .or_else(|| office(object))
        .or_else(|| category(object))
        .or_else(|| columns(object))
        .map(|(product, log)| (product, log, None))
}

type Log = (&'static str, &'static str);

/// A row of Log Analytics says its table.
fn table(object: &Object<'_, '_>) -> Option<Log> {
    Some(match object.value(Mark::Type) {
        "AuditLogs" => ("azure", "auditlogs"),
        "SigninLogs"
        | "AADNonInteractiveUserSignInLogs"
        | "AADServicePrincipalSignInLogs"
        | "AADManagedIdentitySignInLogs"
        | "ADFSSignInLogs" => ("azure", "signinlogs"),
        "AzureActivity" => ("azure", "activitylogs"),
        "AADUserRiskEvents" | "AADServicePrincipalRiskEvents" => ("azure", "riskdetection"),
        "OfficeActivity" => ("m365", office_log(object)),
        _ => return None,
    })
}

/// The unified audit log, and Defender's tables.
fn office(object: &Object<'_, '_>) -> Option<Log> {
    if object.all(&[Mark::Operation, Mark::Workload, Mark::RecordType]) {
        return Some(("m365", office_log(object)));
    }
    object.all(&[Mark::ActionType, Mark::DeviceName]).then_some(("m365", "hunting"))
}

fn office_log(object: &Object<'_, '_>) -> &'static str {
    match object.value(Mark::Workload) {
        "Exchange" => "exchange",
        "SecurityComplianceCenter" => "threat_management",
        _ => "audit",
    }
}

/// What a diagnostic setting sends names a category; so does the activity log.
fn category(object: &Object<'_, '_>) -> Option<Log> {
    if !object.all(&[Mark::Category, Mark::OperationName]) {
        return None;
    }
    Some(match object.value(Mark::Category) {
        "AuditLogs" => ("azure", "auditlogs"),
        "SignInLogs"
        | "NonInteractiveUserSignInLogs"
        | "ServicePrincipalSignInLogs"
        | "ManagedIdentitySignInLogs"
        | "MicrosoftServicePrincipalSignInLogs"
        | "ADFSSignInLogs" => ("azure", "signinlogs"),
        "UserRiskEvents" | "ServicePrincipalRiskEvents" => ("azure", "riskdetection"),
        "Administrative" | "Security" | "ServiceHealth" | "Alert" | "Recommendation" | "Policy"
        | "Autoscale" | "ResourceHealth" | "Write" | "Delete" | "Action"
            if object.any(&[Mark::ResourceId, Mark::CategoryValue]) =>
        {
            ("azure", "activitylogs")
        }
        _ => return None,
    })
}

/// Objects of Graph, and rows from which the column with the table's name was left out.
fn columns(object: &Object<'_, '_>) -> Option<Log> {
    let risk = object.value(Mark::RiskType);
    let alert = object.value(Mark::AlertType);
    Some(match () {
        () if is_privilege_alert(risk) || is_privilege_alert(alert) => ("azure", "pim"),
        () if !risk.is_empty() => ("azure", "riskdetection"),
        () if object.has(Mark::ConditionalAccess)
            && object.any(&[Mark::AppName, Mark::UserPrincipal])
            && object.any(&[Mark::ErrorCode, Mark::ResultType]) =>
        {
            ("azure", "signinlogs")
        }
        () if object.any(&[Mark::LoggedBy, Mark::InitiatedBy])
            && object.any(&[Mark::ActivityName, Mark::OperationName]) =>
        {
            ("azure", "auditlogs")
        }
        () if object.all(&[Mark::CategoryValue, Mark::OperationName]) => ("azure", "activitylogs"),
        () => return None,
    })
}

/// Alerts of privileged identity management, by the name of their type.
fn is_privilege_alert(name: &str) -> bool {
    name.ends_with("AlertIncident") || name.ends_with("AlertConfiguration")
}

/// Columns of Log Analytics that hold JSON as text.
const OPENED: [&str; 12] = [
    "TargetResources",
    "InitiatedBy",
    "AdditionalDetails",
    "DeviceDetail",
    "LocationDetails",
    "Status",
    "AuthenticationDetails",
    "ConditionalAccessPolicies",
    "Properties",
    "Authorization",
    "Authorization_d",
    "Properties_d",
];
/// Objects that rules ask for as one text.
const WHOLE: [&str; 14] = [
    "targetResources",
    "TargetResources",
    "properties.targetResources",
    "targetResources.modifiedProperties",
    "TargetResources.modifiedProperties",
    "properties.targetResources.modifiedProperties",
    "initiatedBy",
    "InitiatedBy",
    "properties.initiatedBy",
    "status",
    "properties.status",
    "networkLocationDetails",
    "NetworkLocationDetails",
    "properties.networkLocationDetails",
];
/// Changed properties: their name and new value.
const CHANGES: [[&str; 2]; 3] = [
    ["targetResources.modifiedProperties.displayName", "targetResources.modifiedProperties.newValue"],
    ["TargetResources.modifiedProperties.displayName", "TargetResources.modifiedProperties.newValue"],
    [
        "properties.targetResources.modifiedProperties.displayName",
        "properties.targetResources.modifiedProperties.newValue",
    ],
];

pub(super) fn complete_azure(extra: &mut Extra<'_, '_>, log: &str) {
    extra.whole(&WHOLE);
    extra.open(&OPENED, &CHANGES, &WHOLE);
    match log {
        "auditlogs" => {
            CHANGES.into_iter().for_each(|pair| extra.label(pair));
            // The portal's status says the reason, too, where there is one.
            let reason = extra.first(&["resultReason", "ResultReason", "properties.resultReason"]);
            if !reason.is_empty() {
                extra.add("Status", reason);
            }
        }
        "signinlogs" => sign_in(extra),
        "pim" => {
            // `#microsoft.graph.staleSignInAlertIncident`
            let named = extra.get("@odata.type").rsplit('.').next().unwrap_or("");
            if is_privilege_alert(named) {
                extra.add("riskEventType", named);
            }
        }
        _ => {}
    }
}

/// The outcome in a word, and the way of signing in as the portal says it.
fn sign_in(extra: &mut Extra<'_, '_>) {
    let codes = ["ResultType", "resultType", "status.errorCode", "properties.status.errorCode"];
    match extra.first(&codes) {
        "" => {}
        "0" => extra.add("result", "Success"),
        _ => extra.add("result", "Failure"),
    }
    let ways = ["authenticationProtocol", "AuthenticationProtocol", "properties.authenticationProtocol"];
    match extra.first(&ways) {
        "deviceCode" => extra.add("properties.message", "Device Code"),
        "ropc" => extra.add("properties.message", "ROPC"),
        _ => {}
    }
}

pub(super) fn complete_m365(extra: &mut Extra<'_, '_>) {
    extra.whole(&["Parameters", "OperationProperties", "ExtendedProperties", "ModifiedProperties"]);
    let opened = ["Parameters", "OperationProperties", "ExtendedProperties", "ModifiedProperties"];
    extra.open(&opened, &[["ExtendedProperties.Name", "ExtendedProperties.Value"]], &[]);
    extra.label(["ExtendedProperties.Name", "ExtendedProperties.Value"]);
    extra.label(["DeviceProperties.Name", "DeviceProperties.Value"]);
    // An alert says by its name what happened; its operation is only that it was triggered.
    if extra.find("AlertId").is_some() || extra.find("PolicyId").is_some() {
        let name = extra.get("Name");
        if !name.is_empty() {
            extra.add("eventName", name);
        }
    }
    match extra.get("ResultStatus") {
        "" => {}
        "Succeeded" | "Success" | "True" | "true" => extra.add("status", "success"),
        _ => extra.add("status", "failure"),
    }
}
