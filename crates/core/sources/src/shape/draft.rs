//! The draft of a row: which name each field of an object gets, and which fields say kind, time
//! and host.

use super::time;
use super::traits::{NAMES, Traits};
use crate::json::{Flat, whole};

/// What is known of a row before it begins. Numbers are those of the object's fields.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Traits of the object's names, unless its shape is nested.
    pub(super) traits: Vec<Traits>,
    pub(super) columns: Vec<Column>,
    /// Whether any of them says that an event may stand inside the object.
    pub(super) holds: bool,
    /// What stands before every name of the object.
    pub(super) base: &'static str,
    /// Names that stand nowhere in the object as they are needed.
    pub(super) names: String,
    pub(super) header: Header,
    /// Item of an array → the field with its name: `{"Name": "Image", "#text": …}`.
    pub(super) labels: Vec<(u32, u32)>,
    /// Number of a column that holds `Hashes`.
    pub(super) hashes: Option<u32>,
    /// Field of a plain object that holds the event's own data as text, and whether the object is
    /// surely one of the program that writes so.
    pub(super) payload: Option<u32>,
    pub(super) exported: bool,
    /// Columns of the header whose names an event's own data may have, too.
    pub(super) shared: Vec<usize>,
    /// Whether the event's own data has one of these.
    pub(super) taken: bool,
    /// What a plain object calls the fields of the header, with how good a name that is.
    pub(super) meanings: [(Option<u32>, u8); NAMES.len()],
}

/// Fields that say what and where an event is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Header {
    pub(super) channel: Option<u32>,
    pub(super) event_id: Option<u32>,
    pub(super) provider: Option<u32>,
    pub(super) has_computer: bool,
    pub(super) record_id: Option<u32>,
    pub(super) times: [Option<u32>; time::RANKS],
}

/// One value of the row to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: Name,
    pub(super) field: u32,
    pub(super) derived: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    /// One of the header's.
    Known(&'static str),
    /// The field's own from this byte on.
    Own(usize),
    /// In `Draft::names`.
    Made(usize, usize),
    /// In `Draft::names`, of an element that holds nothing.
    Empty(usize, usize),
    /// The value of another field.
    Label(u32),
    /// A `Data` element in this item of an array; its label is not known yet.
    Data(u32),
}

impl Draft {
    pub(super) fn clear(&mut self) {
        self.traits.clear();
        self.columns.clear();
        self.names.clear();
        self.labels.clear();
        self.shared.clear();
        (self.header, self.hashes, self.taken) = (Header::default(), None, false);
        (self.payload, self.exported, self.holds) = (None, false, false);
        self.meanings = Default::default();
    }

    /// A field of the header, by Windows' name of it.
    pub(super) fn known(&mut self, number: u32, name: &'static str) {
        let header = &mut self.header;
        match name {
            "EventID" => keep_first(&mut header.event_id, number),
            "Provider_Name" => keep_first(&mut header.provider, number),
            "Channel" => keep_first(&mut header.channel, number),
            "EventRecordID" => keep_first(&mut header.record_id, number),
            "Computer" => header.has_computer = true,
            _ => {}
        }
        if apart(name).is_some() {
            self.shared.push(self.columns.len());
        }
        self.columns.push(Column { name: Name::Known(name), field: number, derived: false });
    }

    pub(super) fn derived(&mut self, number: u32, name: &'static str) {
        self.columns.push(Column { name: Name::Known(name), field: number, derived: true });
    }

    /// Gives a field that is placed already one of the header's names.
    pub(super) fn rename(&mut self, number: u32, name: &'static str) {
        if let Some(column) = self.columns.iter_mut().find(|column| column.field == number) {
            column.name = Name::Known(name);
        }
    }

    pub(super) fn own(&mut self, number: u32, from: usize) {
        self.columns.push(Column { name: Name::Own(from), field: number, derived: false });
    }

    pub(super) fn made(&mut self, number: u32, write: impl FnOnce(&mut String)) {
        let start = self.names.len();
        write(&mut self.names);
        self.columns.push(Column {
            name: Name::Made(start, self.names.len()),
            field: number,
            derived: false,
        });
    }

    /// A field of the event's own data, whose name begins at `from`. Sigma strips the blanks.
    pub(super) fn data(&mut self, number: u32, full: &str, from: usize) {
        let name = full.get(from..).unwrap_or_default();
        self.taken |= apart(name).is_some();
        if name.as_bytes().contains(&b' ') {
            self.made(number, |names| names.extend(name.chars().filter(|letter| *letter != ' ')));
        } else {
            self.own(number, from);
        }
    }

    pub(super) fn name<'a>(&'a self, column: &Column, flat: &'a Flat, text: &'a str) -> &'a str {
        match column.name {
            Name::Known(name) => name,
            Name::Own(from) => {
                flat.field(text, column.field).and_then(|f| f.name.get(from..)).unwrap_or_default()
            }
            Name::Made(start, end) | Name::Empty(start, end) => {
                self.names.get(start..end).unwrap_or_default()
            }
            Name::Label(number) => flat.field(text, number).map_or("", |field| field.value.text),
            Name::Data(_) => "Data",
        }
    }

    /// The column of this name that has a value.
    pub(super) fn find(&self, name: &str, flat: &Flat, text: &str) -> Option<&Column> {
        let mut columns = self.columns.iter().filter(|column| flat.has_value(column.field));
        columns.find(|column| self.name(column, flat, text) == name)
    }

    pub(super) fn has(&self, name: &str, flat: &Flat, text: &str) -> bool {
        self.find(name, flat, text).is_some()
    }

    /// Names the `Data` elements by their labels: `{"Data": [{"Name": "Image", "#text": "…"}]}`.
    /// A label without a value is an element that is empty.
    pub(super) fn label(&mut self, flat: &Flat, text: &str) {
        self.labels.sort_by_key(|(item, _)| *item);
        let mut used = vec![false; self.labels.len()];
        for number in 0..self.columns.len() {
            let Name::Data(item) = self.columns[number].name else { continue };
            let at = self.labels.partition_point(|(labelled, _)| *labelled < item);
            let Some(&(_, label)) = self.labels.get(at).filter(|(labelled, _)| *labelled == item) else {
                continue;
            };
            used[at] = true;
            let name = flat.field(text, label).map_or("", |field| field.value.text);
            if name == "Hashes" || (name == "Hash" && self.hashes.is_none()) {
                self.hashes = Some(self.columns[number].field);
            }
            self.columns[number].name = if name.contains(' ') {
                let (start, end) = self.unspaced(name);
                Name::Made(start, end)
            } else {
                Name::Label(label)
            };
        }
        for at in (0..used.len()).filter(|at| !used[*at]) {
            let field = self.labels[at].1;
            let name = flat.field(text, field).map_or("", |field| field.value.text);
            if name.is_empty() {
                continue;
            }
            self.taken |= apart(name).is_some();
            let (start, end) = self.unspaced(name);
            self.columns.push(Column { name: Name::Empty(start, end), field, derived: false });
        }
    }

    /// Keeps a name without its blanks.
    fn unspaced(&mut self, name: &str) -> (usize, usize) {
        let start = self.names.len();
        self.names.extend(name.chars().filter(|letter| *letter != ' '));
        (start, self.names.len())
    }

    /// Undoes the renderer's numbering of repeated names: `Param`, `Param_1` are both `Param`.
    pub(super) fn join_repeats(&mut self, flat: &Flat, text: &str) {
        for number in 1..self.columns.len() {
            let (before, column) = (self.columns[number - 1], self.columns[number]);
            if !matches!(column.name, Name::Own(_)) {
                continue;
            }
            let name = self.name(&column, flat, text);
            if !name.ends_with(|letter: char| letter.is_ascii_digit()) {
                continue;
            }
            let Some((stem, digits)) = name.rsplit_once('_') else { continue };
            let numbered = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if numbered && self.name(&before, flat, text) == stem {
                let start = self.names.len();
                let stem = stem.to_owned();
                self.names.push_str(&stem);
                self.columns[number].name = Name::Made(start, self.names.len());
            }
        }
    }

    /// Renames fields of the header where the event's data has those names itself.
    pub(super) fn keep_apart(&mut self, flat: &Flat, text: &str) {
        if !self.taken {
            return;
        }
        for at in std::mem::take(&mut self.shared) {
            let Some(Name::Known(name)) = self.columns.get(at).map(|column| column.name) else { continue };
            let taken = self.columns.iter().enumerate().any(|(other, column)| {
                other != at && !matches!(column.name, Name::Known(_)) && self.name(column, flat, text) == name
            });
            if taken {
                self.columns[at].name = Name::Known(apart(name).unwrap_or(name));
            }
        }
    }

    /// Keeps the channel that the event stands in from passing for its own, where that is all there is.
    pub(super) fn hide_channel(&mut self, flat: &Flat, text: &str) {
        let of_header = |column: &&mut Column| Some(column.field) == self.header.channel;
        for column in self.columns.iter_mut().filter(of_header) {
            let is_system = flat.field(text, column.field).is_some_and(|field| field.value.text == "System");
            let name = match column.name {
                Name::Known(name) => name,
                Name::Own(from) => {
                    flat.field(text, column.field).and_then(|f| f.name.get(from..)).unwrap_or_default()
                }
                _ => continue,
            };
            if is_system && name == "Channel" {
                column.name = Name::Known(SYSTEM_CHANNEL);
            }
        }
    }

    pub(super) fn record_id(&self, flat: &Flat, text: &str) -> Option<u64> {
        whole(flat.field(text, self.header.record_id?)?.value.text)
    }
}

/// Whether a name of the event's own data needs no care.
pub(super) fn is_simple(name: &str) -> bool {
    apart(name).is_none() && !name.contains(' ')
}

/// Length of the wrapping at the start of a name. Mostly there is none, and comparing with an
/// empty text is not free: it may touch the address that stands for it.
pub(super) fn skipped(name: &str, base: &str) -> usize {
    if !base.is_empty() && name.starts_with(base) { base.len() } else { 0 }
}

/// Keeps the better of two fields for the same purpose; lower ranks are better.
pub(super) fn keep_better(slot: &mut Option<u32>, rank: &mut u8, number: u32, new_rank: u8) {
    if slot.is_none() || new_rank < *rank {
        (*slot, *rank) = (Some(number), new_rank);
    }
}

/// Notes `number` unless an earlier field took the place.
pub(super) fn keep_first(slot: &mut Option<u32>, number: u32) {
    slot.get_or_insert(number);
}

/// The channel that an event stands in, where it has one of its own.
pub(super) const SYSTEM_CHANNEL: &str = "System_Channel";

/// What a field of the header is called beside a field of the same name in the event's own
/// data, which is the one that rules mean: a cleared log is the `Channel` of its System 104.
pub(super) fn apart(name: &str) -> Option<&'static str> {
    Some(match name {
        "Channel" => SYSTEM_CHANNEL,
        "Computer" => "System_Computer",
        "Keywords" => "System_Keywords",
        "Level" => "System_Level",
        "Opcode" => "System_Opcode",
        "Task" => "System_Task",
        "Version" => "System_Version",
        _ => return None,
    })
}
