//! Flat JSON lines in nxlog's manner: header fields and the event's own fields side by side.

use super::json;
use crate::clock::push_time;
use crate::event::{Event, Form};

pub fn encode(event: &Event, target: &mut Vec<u8>) {
    let source = event.template;
    let mut time = String::with_capacity(24);
    push_time(&mut time, event.time, ('T', "Z"));
    json::text(target, "{", "@timestamp", &time);
    target.extend_from_slice(b",\"EventID\":");
    json::digits(target, u64::from(source.id));
    json::text(target, ",", "SourceName", source.provider);
    json::text(target, ",", "ProviderGuid", source.guid);
    json::text(target, ",", "Channel", source.channel);
    json::text(target, ",", "Hostname", event.computer());
    json::text(target, ",", "Computer", event.computer());
    target.extend_from_slice(b",\"RecordNumber\":");
    json::digits(target, event.record);
    target.extend_from_slice(b",\"Version\":");
    json::digits(target, u64::from(source.version));
    target.extend_from_slice(b",\"Task\":");
    json::digits(target, u64::from(source.task));
    target.extend_from_slice(b",\"Level\":");
    json::digits(target, u64::from(source.level));
    target.extend_from_slice(b",\"ExecutionProcessID\":");
    json::digits(target, u64::from(event.writer.0));
    target.extend_from_slice(b",\"ThreadID\":");
    json::digits(target, u64::from(event.writer.1));
    for (field, value) in event.fields() {
        match field.form {
            Form::Text => json::text(target, ",", field.name, value),
            Form::Number => json::number(target, ",", field.name, value),
        }
    }
    target.extend_from_slice(b",\"SourceModuleName\":\"eventlog\",\"SourceModuleType\":\"im_msvistalog\"}\n");
}
