//! What came into a table since somebody looked, in pieces.
//!
//! The log of a table says which files came with each version. So what is new is read from there, and a table
//! of a million rows to which one was added costs no more than that row: neither is the table opened, nor is
//! any other file. Files that were made of others ([`compaction`](crate::Compaction)) bring nothing new.
//!
//! Whoever looks notes a [`Position`], and gives it again. A row is given at least once, whatever came in
//! between, and once as long as the log knows the position. When it does not, for logs are cut short and tables
//! put back, all is given anew ([`News::is_anew`]): by day, from the files of one version. So it is when
//! retention took rows of files that were not given yet.
//!
//! What is given is what questions see: whole deliveries, and no batch that another supersedes.

mod commit;
mod position;
mod read;
mod remembered;
mod tail;

use std::sync::Arc;

use arrow_array::RecordBatch;

use crate::batches::BATCHES;
use crate::error::LakeError;
use crate::log::Log;
use crate::name::TableName;
use crate::place::Place;
use crate::table::Table;
use crate::view::Shelf;
use crate::whole::Whole;

use position::{Mark, Spot, Stand};
pub use position::{NotAPosition, Position};
use read::{Piece, Reading};
pub(crate) use remembered::Remembered;
use tail::Tail;

/// What somebody wants to see that is new.
#[derive(Debug, Clone, Copy)]
pub struct Since<'a> {
    /// In which table.
    pub table: &'a TableName,
    /// Since when.
    pub after: &'a Position,
    /// Which columns. Those that a file lacks are not given.
    pub columns: &'a [&'a str],
    /// Most rows at once. There are fewer where they are long, and where there are no more.
    pub rows: usize,
}

/// What is new.
#[derive(Debug, Clone)]
pub struct News {
    /// Rows, in no order.
    pub rows: Vec<RecordBatch>,
    /// Since when the next look is.
    pub next: Position,
    /// Whether there is nothing more now.
    pub is_all: bool,
    /// Whether the log does not know the position any more, and all that there is begins anew: what was given
    /// before is given again.
    pub is_anew: bool,
}

/// Where somebody looks, and how.
#[derive(Clone, Copy)]
struct Looking<'a> {
    shelf: Shelf<'a>,
    remembered: Option<&'a Remembered>,
    since: Since<'a>,
}

/// What is new in a table, superseded batches included.
pub(crate) async fn since(
    shelf: Shelf<'_>,
    remembered: Option<&Remembered>,
    since: Since<'_>,
) -> Result<News, LakeError> {
    let looking = Looking { shelf, remembered, since };
    if !shelf.place.is_there(since.table) {
        return Ok(News { rows: Vec::new(), next: Position::start(), is_all: true, is_anew: false });
    }
    let known = match since.after.stand() {
        Some(stand) if looking.knows(stand) => looking.go_on(stand).await?,
        _ => None,
    };
    match known {
        Some(news) => Ok(news),
        None => looking.anew(since.after.stand().is_some()).await,
    }
}

impl<'a> Looking<'a> {
    fn place(&self) -> &'a Place {
        self.shelf.place
    }

    fn log(&self) -> Log {
        self.place().log(self.since.table)
    }

    /// Whether the log still has the version that is meant, and no other by its number.
    fn knows(&self, stand: &Stand) -> bool {
        let Mark { version, print } = stand.mark();
        self.log().print(version).is_some_and(|found| found == print)
    }

    /// Goes on from where somebody was; nothing where that cannot be.
    async fn go_on(&self, stand: &Stand) -> Result<Option<News>, LakeError> {
        let mark = stand.mark();
        let Some(tail) = Tail::of(self, mark.version).await? else { return Ok(None) };
        let mut piece = Piece::new(self.since);
        let reading = Reading { looking: *self, tail: &tail };
        let stopped = match stand {
            Stand::Among { spot, .. } => {
                let Some(files) = self.files(mark).await? else { return Ok(None) };
                let from = (mark.version, *spot);
                reading
                    .files(&files, from, &mut piece)?
                    .map(|end| end.map(|spot| Stand::Among { mark, spot }))
            }
            Stand::Within { spot, .. } => {
                let Some(commit) = self.log().commit_of(mark.version)? else { return Ok(None) };
                let from = (mark.version, *spot);
                let ended = reading.files(&commit.added, from, &mut piece)?;
                ended.map(|end| end.map(|spot| Stand::Within { mark, spot }))
            }
            Stand::Behind { .. } => Some(None),
        };
        match stopped {
            // A file that is wanted is gone, or holds rows that are.
            None => Ok(None),
            Some(Some(stand)) => Ok(Some(self.given(piece, stand, false))),
            Some(None) => self.behind(&reading, mark, piece),
        }
    }

    /// What came behind a version, as far as it fits.
    fn behind(
        &self,
        reading: &Reading<'_>,
        mut mark: Mark,
        mut piece: Piece,
    ) -> Result<Option<News>, LakeError> {
        for commit in reading.tail.whole() {
            if commit.added.is_empty() {
                continue;
            }
            if piece.is_full() {
                return Ok(Some(self.given(piece, Stand::Behind { mark }, false)));
            }
            let from = (commit.version, Spot::default());
            let Some(end) = reading.files(&commit.added, from, &mut piece)? else { return Ok(None) };
            mark = commit.mark;
            if let Some(spot) = end {
                return Ok(Some(self.given(piece, Stand::Within { mark, spot }, false)));
            }
        }
        if let Some(last) = reading.tail.whole().last() {
            mark = last.mark;
        }
        Ok(Some(self.given(piece, Stand::Behind { mark }, true)))
    }

    /// Begins with all that there is.
    async fn anew(&self, is_anew: bool) -> Result<News, LakeError> {
        let nothing = News { rows: Vec::new(), next: Position::start(), is_all: true, is_anew };
        let table = match self.newest().await {
            Err(LakeError::NoTable(_)) => return Ok(nothing),
            table => table?,
        };
        let version = table.version();
        let Some(print) = self.log().print(version) else { return Err(self.log().gone(version)) };
        let stand = Stand::Among { mark: Mark { version, print }, spot: Spot::default() };
        match self.go_on(&stand).await? {
            Some(news) => Ok(News { is_anew, ..news }),
            // Between the two looks files went: they are looked for again.
            None => Ok(News { rows: Vec::new(), next: Position::of(stand), is_all: false, is_anew }),
        }
    }

    /// The table at the newest version that holds no half of a delivery.
    async fn newest(&self) -> Result<Table, LakeError> {
        let name = self.since.table;
        if name.class() == BATCHES {
            return Table::open(self.place(), name).await;
        }
        Whole::of(self.place(), name.compartment()).await?.table(name).await
    }

    /// The files of a version in an order of their own, by day; nothing where the log knows them no more.
    async fn files(&self, mark: Mark) -> Result<Option<Arc<[String]>>, LakeError> {
        let name = self.since.table;
        if let Some(files) = self.remembered.and_then(|remembered| remembered.files(name, mark)) {
            return Ok(Some(files));
        }
        let Ok(table) = Table::load(self.place(), name, Some(mark.version)).await else { return Ok(None) };
        let mut files = table.files()?;
        files.sort();
        let files: Arc<[String]> = files.into();
        if let Some(remembered) = self.remembered {
            remembered.keep(name, mark, files.clone());
        }
        Ok(Some(files))
    }

    fn given(&self, piece: Piece, stand: Stand, is_all: bool) -> News {
        News { rows: piece.into_rows(), next: Position::of(stand), is_all, is_anew: false }
    }
}
