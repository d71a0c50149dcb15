//! JSON lines as winlogbeat 8 writes them (ECS around, `winlog` inside, every value of `event_data` a string).

use super::json;
use crate::clock::push_time;
use crate::event::Event;

pub fn encode(event: &Event, target: &mut Vec<u8>) {
    let source = event.template;
    let mut time = String::with_capacity(24);
    push_time(&mut time, event.time, ('T', "Z"));
    json::text(target, "{", "@timestamp", &time);
    target.extend_from_slice(b",\"agent\":{\"type\":\"winlogbeat\",\"version\":\"8.17.4\"");
    json::text(target, ",", "name", short_name(event.computer()));
    target.extend_from_slice(b"},\"ecs\":{\"version\":\"8.0.0\"},\"event\":{\"code\":\"");
    json::digits(target, u64::from(source.id));
    target.extend_from_slice(b"\",\"kind\":\"event\"");
    json::text(target, ",", "provider", source.provider);
    json::text(target, "},\"host\":{", "name", event.computer());
    target.extend_from_slice(b"},\"log\":{\"level\":\"information\"},\"winlog\":{\"api\":\"wineventlog\"");
    json::text(target, ",", "channel", source.channel);
    json::text(target, ",", "computer_name", event.computer());
    target.extend_from_slice(b",\"event_data\":{");
    let mut lead = "";
    for (field, value) in event.fields() {
        json::text(target, lead, field.name, value);
        lead = ",";
    }
    target.extend_from_slice(b"},\"event_id\":\"");
    json::digits(target, u64::from(source.id));
    target.push(b'"');
    keywords(target, source.keywords);
    target.extend_from_slice(b",\"opcode\":\"Info\",\"process\":{\"pid\":");
    json::digits(target, u64::from(event.writer.0));
    target.extend_from_slice(b",\"thread\":{\"id\":");
    json::digits(target, u64::from(event.writer.1));
    json::text(target, "}},", "provider_guid", source.guid);
    json::text(target, ",", "provider_name", source.provider);
    target.extend_from_slice(b",\"record_id\":\"");
    json::digits(target, event.record);
    json::text(target, "\",", "task", source.task_name);
    target.extend_from_slice(b",\"version\":");
    json::digits(target, u64::from(source.version));
    target.extend_from_slice(b"}}\n");
}

/// The first label of a full name.
fn short_name(computer: &str) -> &str {
    computer.split('.').next().unwrap_or(computer)
}

fn keywords(target: &mut Vec<u8>, value: u64) {
    match value {
        0x8020_0000_0000_0000 => target.extend_from_slice(b",\"keywords\":[\"Audit Success\"]"),
        0x8010_0000_0000_0000 => target.extend_from_slice(b",\"keywords\":[\"Audit Failure\"]"),
        0x8080_0000_0000_0000 => target.extend_from_slice(b",\"keywords\":[\"Classic\"]"),
        _ => {}
    }
}
