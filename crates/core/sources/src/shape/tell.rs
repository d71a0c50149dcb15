//! Tells what names say, each by itself.

use super::module::Module;
use super::system::mark::Mark;
use super::traits::{Inner, Traits};
use super::{beat, draft, nested, plain, time};

/// Most levels of wrapping that are opened.
pub(super) const DEEPEST: usize = 4;

impl Traits {
    pub(super) fn of(name: &str) -> Self {
        let (mark, below, module) = (Mark::of(name), below(name), Module::of(name));
        Self {
            meaning: plain::meaning(name),
            time: time::rank(name).and_then(|rank| u8::try_from(rank).ok()),
            nested: nested::is_system(name),
            beat: name.starts_with("winlog."),
            moved: beat::is_moved(name),
            old_log: name == "log_name",
            inner: Inner::of(name),
            simple: draft::is_simple(name),
            capital: Mark::of_capital(name).is_some(),
            holds: below > 0 || module > 0 || mark.is_some_and(|mark| mark.body().is_some()),
            below,
            module,
            mark,
        }
    }
}

/// Whether a name alone makes it likely that an event stands around it.
pub(super) fn tells_event(name: &str) -> bool {
    let windows =
        nested::is_system(name) || name.starts_with("winlog.") || matches!(name, "EventID" | "EventId");
    windows || Mark::of(name).is_some_and(Mark::tells)
}

/// How long the shortest prefix of a name is behind which a name begins that tells a system.
fn below(name: &str) -> u16 {
    let dots = name.bytes().enumerate().filter(|(_, byte)| *byte == b'.').take(DEEPEST);
    let mut starts = dots.map(|(at, _)| at + 1);
    let found = starts.find(|at| tells_event(&name[*at..]));
    found.and_then(|at| u16::try_from(at).ok()).unwrap_or(0)
}
