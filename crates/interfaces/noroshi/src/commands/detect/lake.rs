//! `noroshi detect --lake`: what is kept, gone over again.

use std::io;
use std::sync::atomic::Ordering;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use intake::kept::{Again, ReadPart};
use intake::{Cause, Found, Totals};
use lake::{Between, Compartment, Part, Reader, Replay, ReplayError, Wanted};
use model::event::{Flaw, Kind};

use super::Scan;
use crate::Failure;
use crate::books::{Books, unread, with_cause};
use crate::tally::Scanned;

impl Scan<'_> {
    /// Runs over what is kept, with a progress bar when a person watches.
    ///
    /// # Errors
    /// When the lake cannot be read, or the bundled catalogue is damaged.
    pub fn lake(&self, books: &Books, receive: &mut dyn FnMut(&Found)) -> Result<Scanned, Failure> {
        let between = Between { from: self.range.from, to: self.range.to };
        let replay = books.replay(&Compartment::own(), between);
        let replay = replay.map_err(|error| unread(&error, self.words))?;
        let bar = self.rows(replay.parts().iter().map(Part::rows).sum());
        let scanned = self.measure(&mut |engine, bytes, tally| {
            let stage = self.stage(engine);
            let wants = |kind: &Kind| match engine.needs(kind) {
                None => Wanted::Nothing,
                Some(needs) if needs.everything => Wanted::Everything,
                Some(needs) => {
                    Wanted::Fields(std::sync::Arc::new(move |name, known| needs.include(name, known)))
                }
            };
            let reader = || -> Box<ReadPart<'_, Part>> {
                let mut reader = Reader::new(engine.catalogue().clone());
                let (replay, wants) = (&replay, &wants);
                Box::new(move |part, give| {
                    let read = replay.read(part, wants, &mut reader, give);
                    bytes.fetch_add(size(part), Ordering::Relaxed);
                    told(part, read)
                })
            };
            let again = Again { stage: &stage, threads: self.settings.threads, stop: self.stop };
            again.run(replay.parts(), &reader, &mut |found| {
                bar.inc(found.events);
                tally.add(&found);
                receive(&found);
                Ok(())
            })?;
            Ok(totals(&replay))
        });
        bar.finish_and_clear();
        scanned.map(|scanned| Scanned { is_lake: true, ..scanned })
    }

    /// A bar for so many rows.
    fn rows(&self, total: u64) -> ProgressBar {
        let target = if io::IsTerminal::is_terminal(&io::stderr()) {
            ProgressDrawTarget::stderr_with_hz(8)
        } else {
            ProgressDrawTarget::hidden()
        };
        let left = self.words.with("cli-progress-left", &[("time", "{eta}".into())]);
        let template = format!("{{bar:30}} {{human_pos}}/{{human_len}} {{speed}}/s {left}");
        let speed = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows a second")]
            let _ = write!(out, "{}", HumanCount(state.per_sec() as u64));
        };
        let style = ProgressStyle::with_template(&template).map(|style| style.with_key("speed", speed));
        ProgressBar::with_draw_target(Some(total), target)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}

/// What is told of a part besides its sheets.
fn told(part: &Part, read: Result<lake::Replayed, ReplayError>) -> Found {
    match read {
        Ok(read) => Found { events: read.passed, unread: read.passed, span: read.span, ..Found::default() },
        Err(error) => {
            let cause = Cause::PartUnreadable { error: with_cause(&error) };
            let flaw = Flaw::new(part.path().display().to_string(), 0, cause);
            Found { flaws: vec![flaw], ..Found::default() }
        }
    }
}

fn totals(replay: &Replay) -> Totals {
    let files = replay.parts().len() as u64;
    Totals { sources: files, recognised: files, opened: files, stopped: false }
}

fn size(part: &Part) -> u64 {
    std::fs::metadata(part.path()).map_or(0, |metadata| metadata.len())
}
