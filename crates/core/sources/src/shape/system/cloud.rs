//! AWS, Google, Okta, GitHub, Kubernetes and other services whose events are told by few names.

use super::extra::Extra;
use super::mark::Mark;
use super::object::{Object, Parts};

/// CloudTrail: as delivered, or as a collector shipped it.
pub(super) fn tell_aws<'a>(object: &Object<'a, '_>) -> Option<Parts<'a>> {
    let call = object.all(&[Mark::EventSource, Mark::EventName])
        && object.any(&[Mark::AwsRegion, Mark::EventVersion]);
    let other = object.all(&[Mark::EventVersion, Mark::AwsRegion, Mark::LegacyType]);
    (call || other).then_some(("aws", "cloudtrail", None))
}

pub(super) fn tell<'a>(object: &Object<'a, '_>) -> Option<Parts<'a>> {
    let told = match () {
        () if object.any(&[Mark::Payload, Mark::PayloadService]) => {
            ("gcp", google(object.value(Mark::PayloadService)))
        }
        () if object.has(Mark::Application) && object.is(Mark::Kind, &["admin#reports#activity"]) => {
            ("gcp", workspace(object.value(Mark::Application)))
        }
        () if object.all(&[Mark::LegacyType, Mark::Outcome]) => ("okta", "okta"),
        () if object.has(Mark::AuditId) => ("kubernetes", "audit"),
        () if object.has(Mark::AuditAction) => ("bitbucket", "audit"),
        () if object.all(&[Mark::EventTypeId, Mark::Account]) => ("onelogin", "onelogin.events"),
        () if object.all(&[Mark::AccessDevice, Mark::Reason]) => ("cisco", "duo"),
        () if object.all(&[Mark::LogType, Mark::NodeId]) => ("opencanary", "opencanary"),
        () if is_github(object) => ("github", "audit"),
        () => return None,
    };
    Some((told.0, told.1, None))
}

/// Actions of GitHub are `repo.destroy`; the document id is in exports and streams alike.
fn is_github(object: &Object<'_, '_>) -> bool {
    let action = object.value(Mark::Action);
    let dotted = action.split_once('.').is_some_and(|(what, verb)| {
        let word = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        word(what) && word(verb)
    });
    dotted && object.any(&[Mark::DocumentId, Mark::Actor])
}

fn google(service: &str) -> &'static str {
    match service {
        "admin.googleapis.com" => workspace("admin"),
        "login.googleapis.com" => workspace("login"),
        _ => "gcp.audit",
    }
}

fn workspace(application: &str) -> &'static str {
    match application {
        "admin" => "google_workspace.admin",
        "login" => "google_workspace.login",
        _ => "google_workspace",
    }
}

/// Requests and answers that rules ask for as one text, and whether the call succeeded.
pub(super) fn complete_aws(extra: &mut Extra<'_, '_>) {
    extra.whole(&["requestParameters", "responseElements"]);
    let failed = extra.find("errorCode").is_some() || extra.find("errorMessage").is_some();
    extra.add("status", if failed { "failure" } else { "success" });
}

/// The parameters of an administrator's act, such as `setting_name` and `new_value`.
pub(super) fn complete_google(extra: &mut Extra<'_, '_>) {
    extra.label(["events.parameters.name", "events.parameters.value"]);
    extra.label(["events.parameters.name", "events.parameters.boolValue"]);
    extra
        .label(["protoPayload.metadata.event.parameter.name", "protoPayload.metadata.event.parameter.value"]);
    if extra.get("kind") == "admin#reports#activity" && extra.get("id.applicationName") == "admin" {
        extra.add("eventService", "admin.googleapis.com");
    }
}
