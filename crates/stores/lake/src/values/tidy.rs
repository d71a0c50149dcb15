//! Tidying the index of a table: what is missing is made, and small segments of a day become one.
//!
//! What speaks of files that are gone goes with them ([`vacuum`](crate::vacuum)); a segment whose files are
//! covered by another goes at once. Who reads meanwhile takes what lost its index for what never had one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::ArrayRef;
use deltalake::DeltaTableError;

use super::making::Covered;
use super::shelf::Cover;
use super::{Column, FileValues, Hashes, Making, Posting, Segment, Shelf, put};
use crate::compaction::Compaction;
use crate::groups::{Groups, Unreadable};
use crate::place::Place;
use crate::table::{Table, folder};

/// Segments of a day with which it is time to make them one.
const DUE: usize = 16;
/// Those that are worth the work when there is no other.
const SOME: usize = 4;
/// Bytes of files that get an index they lack when there is no other work.
const IDLE: u64 = 128 << 20;

/// Places that one segment knows at most, about: they are held while it is made, 16 bytes each.
const PLACES: usize = 4 << 20;
/// Bytes from which on a segment is left as it is: about half as many places.
const LARGE: u64 = 8 << 20;

/// A partition.
type Day = Option<String>;

/// A file of the table as it is now.
#[derive(Debug, Clone)]
struct Live {
    path: String,
    size: u64,
    location: PathBuf,
    cover: Option<Cover>,
}

/// Tidies the index of a table that is as its log has it. What cannot be read, or written, stays without.
pub(crate) fn tidy(table: &Table, place: &Place, which: Compaction) -> Result<(), DeltaTableError> {
    let columns = &table.columns.sought;
    if columns.is_empty() {
        return Ok(());
    }
    let shelf = opened(table, place, which);
    let days = live(table, place, &shelf)?;
    let mut tidying = Tidying { table, place, makings: BTreeMap::new(), covered: BTreeSet::new() };
    let lacking = tidying.merge(&shelf, &days, &|files| {
        let small = small(files, &shelf);
        if small.len() >= least(which) { small } else { BTreeSet::new() }
    });
    tidying.fill(lacking, which);
    tidying.finish();
    remove(&shelf, &days, &tidying.covered, place);
    Ok(())
}

/// Makes segments that speak of files which are gone anew without them. Where that fails, they go all the same: what
/// has no index is read from end to end.
pub(crate) fn forget(table: &Table, place: &Place) -> Result<(), DeltaTableError> {
    let shelf = Shelf::open(&place.values_of(&table.name));
    let days = live(table, place, &shelf)?;
    let now: HashSet<(&str, u64)> = days.values().flatten().map(|file| (&*file.path, file.size)).collect();
    let speaks_of_others =
        |segment: &Segment| segment.files.iter().any(|file| !now.contains(&(&*file.path, file.size)));
    let stale = shelf.segments.iter().enumerate().filter(|(_, segment)| speaks_of_others(segment));
    let stale: BTreeSet<usize> = stale.map(|(segment, _)| segment).collect();
    let mut tidying = Tidying { table, place, makings: BTreeMap::new(), covered: BTreeSet::new() };
    tidying.merge(&shelf, &days, &|_| stale.clone());
    tidying.finish();
    let stale = stale.iter().map(|segment| &shelf.segments[*segment].path);
    for path in stale.chain(&shelf.broken) {
        // One that stays is tried again by who comes next.
        let _ = place.remove(path);
    }
    Ok(())
}

/// The index as it is, without what is damaged where there is time to look.
fn opened(table: &Table, place: &Place, which: Compaction) -> Shelf {
    let mut shelf = Shelf::open(&place.values_of(&table.name));
    if which == Compaction::All {
        // One whose blocks are not what they were costs every question a look at all its files.
        for damaged in shelf.segments.extract_if(.., |segment| segment.all(&mut |_| {}).is_err()) {
            let _ = place.remove(&damaged.path);
        }
    }
    shelf
}

/// Small segments of a day with which they become one.
fn least(which: Compaction) -> usize {
    match which {
        Compaction::Due => DUE,
        Compaction::Idle => SOME,
        Compaction::All => 2,
    }
}

/// The files of a table by partition, and where each is covered by a segment that knows all columns.
fn live(table: &Table, place: &Place, shelf: &Shelf) -> Result<BTreeMap<Day, Vec<Live>>, DeltaTableError> {
    let columns = &table.columns.sought;
    let covers = shelf.covers(columns);
    let knows_all: Vec<bool> = shelf
        .segments
        .iter()
        .map(|segment| columns.iter().all(|column| segment.columns.contains(column)))
        .collect();
    let inside = place.folder_of(&table.name);
    let mut days = BTreeMap::<_, Vec<Live>>::new();
    for file in table.delta.snapshot()?.log_data().iter() {
        let path = file.path().into_owned();
        let size = u64::try_from(file.size()).unwrap_or(u64::MAX);
        let cover = covers.get(&(path.as_str(), size)).copied().filter(|cover| knows_all[cover.segment]);
        let location = inside.join(file.object_store_path().as_ref());
        let day = file.partition_values_map().into_values().next().flatten();
        days.entry(day).or_default().push(Live { path, size, location, cover });
    }
    Ok(days)
}

/// The segments that are small and know some of these files.
fn small(files: &[Live], shelf: &Shelf) -> BTreeSet<usize> {
    let segments = files.iter().filter_map(|file| Some(file.cover?.segment));
    segments.filter(|segment| shelf.segments[*segment].size < LARGE).collect()
}

/// What is being made.
struct Tidying<'a> {
    table: &'a Table,
    place: &'a Place,
    makings: BTreeMap<Day, Making>,
    /// Files that new segments cover.
    covered: BTreeSet<(String, u64)>,
}

impl Tidying<'_> {
    fn making(&mut self, day: &Day) -> &mut Making {
        let columns = &self.table.columns.sought;
        self.makings.entry(day.clone()).or_insert_with(|| Making::new(columns))
    }

    /// Takes in what some segments say of the files of each day; gives the files that have no index.
    fn merge<'d>(
        &mut self,
        shelf: &Shelf,
        days: &'d BTreeMap<Day, Vec<Live>>,
        chosen: &dyn Fn(&[Live]) -> BTreeSet<usize>,
    ) -> Vec<(&'d Day, &'d Live)> {
        let mut lacking: Vec<(&Day, &Live)> = Vec::new();
        let mut merged: BTreeMap<usize, Vec<(&Day, &Live, usize)>> = BTreeMap::new();
        for (day, files) in days {
            let chosen = chosen(files);
            for file in files {
                match file.cover {
                    Some(Cover { segment, file: number }) if chosen.contains(&segment) => {
                        merged.entry(segment).or_default().push((day, file, number));
                    }
                    Some(_) => {}
                    None => lacking.push((day, file)),
                }
            }
        }
        for (segment, files) in merged {
            if !self.take(shelf, segment, &files) {
                // It is not what it was: these files have none.
                lacking.extend(files.into_iter().map(|(day, file, _)| (day, file)));
            }
        }
        lacking
    }

    /// Takes in what a segment says of some files; says whether it is whole.
    fn take(&mut self, shelf: &Shelf, number: usize, files: &[(&Day, &Live, usize)]) -> bool {
        let segment = &shelf.segments[number];
        let mut postings: HashMap<usize, Vec<Posting>> =
            files.iter().map(|(_, _, file)| (*file, Vec::new())).collect();
        let mut is_sound = true;
        let read = segment.all(&mut |posting| match segment.place(posting.group) {
            Some((file, group)) => {
                if let Some(of_file) = postings.get_mut(&file) {
                    of_file.push(Posting { group, ..posting });
                }
            }
            None => is_sound = false,
        });
        if read.is_err() || !is_sound {
            return false;
        }
        let columns = &self.table.columns.sought;
        let at = |known: &Column| {
            columns.iter().position(|column| column == known).and_then(|at| u16::try_from(at).ok())
        };
        let places: Vec<Option<u16>> = segment.columns.iter().map(at).collect();
        for (day, live, file) in files {
            let groups = segment.files[*file].groups;
            let making = self.making(day);
            let first = making.cover(Covered { path: live.path.clone(), size: live.size, groups });
            for Posting { hash, group, column } in postings.remove(file).unwrap_or_default() {
                if let Some(Some(column)) = places.get(usize::from(column)) {
                    making.push(Posting { hash, group: first + group, column: *column });
                }
            }
        }
        self.flush(PLACES);
        true
    }

    /// Makes what is lacking, as far as there is time for it.
    fn fill(&mut self, lacking: Vec<(&Day, &Live)>, which: Compaction) {
        let mut bytes = 0;
        for (day, file) in lacking {
            bytes += file.size;
            let is_too_much = which == Compaction::Idle && bytes > IDLE.max(file.size);
            if which == Compaction::Due || is_too_much {
                break;
            }
            self.make(day, file);
        }
    }

    /// Makes the index of a file. One that cannot be read has none, and whoever asks for its rows is told.
    fn make(&mut self, day: &Day, file: &Live) {
        if let Ok(values) = values(&file.location, &self.table.columns.sought) {
            self.making(day).add(&file.path, file.size, &values);
            self.flush(PLACES);
        }
    }

    /// Writes down the largest ones until there are no more places than that.
    fn flush(&mut self, most: usize) {
        while self.makings.values().map(Making::len).sum::<usize>() > most
            || most == 0 && !self.makings.is_empty()
        {
            let largest =
                self.makings.iter().max_by_key(|(_, making)| making.len()).map(|(day, _)| day.clone());
            let Some((day, making)) = largest.and_then(|day| self.makings.remove_entry(&day)) else { return };
            let files: Vec<(String, u64)> = making.covers().collect();
            let column = self.table.columns.partition.as_ref();
            let begins = column.map_or_else(|| "all".to_owned(), |column| folder(column, day.as_deref()));
            // Without it these files have the index that they had, or none.
            if put(self.place, &self.table.name, &begins, making).is_ok() {
                self.covered.extend(files);
            }
        }
    }

    fn finish(&mut self) {
        self.flush(0);
    }
}

/// What stands in a file that is there.
fn values(path: &Path, columns: &[Column]) -> Result<FileValues, Unreadable> {
    let file = Groups::open(path)?;
    let mut values =
        FileValues { groups: u32::try_from(file.count()).unwrap_or(u32::MAX), columns: Vec::new() };
    for column in columns {
        let Some(place) = file.place(&column.name) else { continue };
        let mut groups = Vec::new();
        for group in 0..file.count() {
            let mut hashes = Hashes::new(column.holds);
            for texts in file.texts(group, place)? {
                let texts: ArrayRef = Arc::new(texts?);
                hashes.add(&texts);
            }
            groups.push(hashes.finish());
        }
        values.columns.push((column.name.clone(), groups));
    }
    Ok(values)
}

/// Removes the segments all of whose files that are there are covered by new ones.
fn remove(shelf: &Shelf, days: &BTreeMap<Day, Vec<Live>>, covered: &BTreeSet<(String, u64)>, place: &Place) {
    let mut needed: HashMap<usize, bool> = HashMap::new();
    for file in days.values().flatten() {
        let Some(Cover { segment, .. }) = file.cover else { continue };
        let is_needed = !covered.contains(&(file.path.clone(), file.size));
        *needed.entry(segment).or_default() |= is_needed;
    }
    for (segment, _) in needed.into_iter().filter(|(_, is_needed)| !is_needed) {
        // One that stays costs a look.
        let _ = place.remove(&shelf.segments[segment].path);
    }
}
