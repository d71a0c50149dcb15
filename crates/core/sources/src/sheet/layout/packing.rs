//! The ways in which values may be packed into a column, and the one in which they are looked at:
//! distinct values, and for each record the numbers of those it has.
//!
//! What the builder writes is that already and is only pointed at. All else is numbered anew.

use arrow_array::cast::AsArray;
use arrow_array::types::{UInt8Type, UInt32Type};
use arrow_array::{Array, LargeStringArray, ListArray, StringArray, StringViewArray};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};

use super::names::{TEXT, TYPE, null, unfit, unsound};
use super::write::texts;
use crate::cause::Cause;
use crate::sheet::column::{Distinct, Mark};

/// Distinct values of a column, and who has which.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) cells: Cells,
    pub(super) texts: StringArray,
    pub(super) marks: Marks,
}

/// Numbers of the values that each record has.
#[derive(Debug)]
pub(super) enum Cells {
    One { keys: ScalarBuffer<u32>, nulls: Option<NullBuffer> },
    Many { offsets: OffsetBuffer<i32>, keys: ScalarBuffer<u32> },
}

/// What the distinct values are besides their texts.
#[derive(Debug)]
pub(super) enum Marks {
    All(Mark),
    Each(Vec<Mark>),
}

/// Values as they stand in an array: texts and what is said of each.
struct Values<'a> {
    array: &'a dyn Array,
    texts: Texts<'a>,
    marks: Marks,
}

enum Texts<'a> {
    Short(&'a StringArray),
    Long(&'a LargeStringArray),
    View(&'a StringViewArray),
}

impl Cells {
    #[inline]
    pub(super) fn ids(&self, record: usize) -> &[u32] {
        match self {
            Self::One { keys, nulls } => {
                if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(record)) {
                    &keys[record..=record]
                } else {
                    &[]
                }
            }
            Self::Many { offsets, keys } => &keys[index(offsets[record])..index(offsets[record + 1])],
        }
    }
}

impl Packed {
    /// Reads a column. `common`: what all its values are, if they do not say it themselves.
    pub(super) fn read(field: &Field, array: &dyn Array, common: Option<Mark>) -> Result<Self, Cause> {
        let list = array.as_list_opt::<i32>();
        let items = list.map_or(array, |list| list.values());
        let known = items.as_dictionary_opt::<UInt32Type>();
        let distinct = match items.as_any_dictionary_opt() {
            Some(dictionary) => Values::read(field, dictionary.values(), common)?,
            None => Values::read(field, items, common)?,
        };
        if let (Some(dictionary), Texts::Short(texts)) = (known, &distinct.texts)
            && distinct.array.null_count() == 0
            && list.is_none_or(|list| list.null_count() == 0 || null_is_empty(list))
            && (list.is_none() || dictionary.null_count() == 0)
        {
            let keys = dictionary.keys().values().clone();
            let cells = match list {
                Some(list) => Cells::Many { offsets: list.offsets().clone(), keys },
                None => Cells::One { keys, nulls: dictionary.keys().nulls().cloned() },
            };
            return Ok(Self { cells, texts: (*texts).clone(), marks: distinct.marks });
        }
        Self::number(field, list, items, &distinct)
    }

    /// Numbers values that are packed in another way than ours.
    fn number(
        field: &Field,
        list: Option<&ListArray>,
        items: &dyn Array,
        values: &Values<'_>,
    ) -> Result<Self, Cause> {
        let mut distinct = Distinct::default();
        let ids = values.number(field, &mut distinct)?;
        let keys = match items.as_any_dictionary_opt() {
            // A dictionary without values can only have nulls for keys.
            Some(dictionary) if !ids.is_empty() => Some(dictionary.normalized_keys()),
            _ => None,
        };
        let id_of = |item: usize| -> Option<u32> {
            let value = keys.as_ref().map_or(item, |keys| keys[item]);
            if items.is_null(item) { None } else { ids.get(value).copied().flatten() }
        };
        let cells = match list {
            None => {
                let all: Vec<Option<u32>> = (0..items.len()).map(id_of).collect();
                let keys = all.iter().map(|id| id.unwrap_or(0)).collect();
                Cells::One { keys, nulls: Some(all.iter().map(Option::is_some).collect()) }
            }
            Some(list) => {
                let (mut offsets, mut keys) = (vec![0], Vec::new());
                for (row, ends) in list.offsets().windows(2).enumerate() {
                    for item in (index(ends[0])..index(ends[1])).filter(|_| list.is_valid(row)) {
                        // What a list holds is there; only a whole list may be absent.
                        keys.push(id_of(item).ok_or_else(|| null(field))?);
                    }
                    offsets.push(i32::try_from(keys.len()).unwrap_or(i32::MAX));
                }
                Cells::Many { offsets: OffsetBuffer::new(offsets.into()), keys: keys.into() }
            }
        };
        let marks = Marks::Each(std::mem::take(&mut distinct.marks));
        Ok(Self { cells, texts: texts(&mut distinct)?, marks })
    }
}

/// Whether rows without a list have no items either, which Arrow does not ask for.
fn null_is_empty(list: &ListArray) -> bool {
    let mut rows = list.offsets().windows(2).enumerate();
    rows.all(|(row, ends)| list.is_valid(row) || ends[0] == ends[1])
}

impl<'a> Values<'a> {
    fn read(field: &Field, array: &'a dyn Array, common: Option<Mark>) -> Result<Self, Cause> {
        let unfit = || unfit(field);
        let unsound = || unsound(field, TYPE);
        let Some(parts) = array.as_struct_opt() else {
            let texts = Texts::of(array).ok_or_else(unfit)?;
            return Ok(Self { array, texts, marks: Marks::All(common.ok_or_else(unsound)?) });
        };
        let part = |name| parts.column_by_name(name).filter(|_| parts.num_columns() == 2);
        let (texts, letters) = part(TEXT).zip(part(TYPE)).ok_or_else(unfit)?;
        let read = Texts::of(texts).ok_or_else(unfit)?;
        let letters = letters.as_primitive_opt::<UInt8Type>().ok_or_else(unfit)?;
        if common.is_some() {
            return Err(unsound());
        }
        let letter = || Cause::ColumnLetter { column: field.name().clone() };
        let mark = |at: usize| match () {
            // Under a null may stand anything.
            () if parts.is_null(at) => Ok(Mark::TEXT),
            () if texts.is_null(at) || letters.is_null(at) => Err(null(field)),
            () => Mark::of_letter(letters.value(at)).ok_or_else(letter),
        };
        let marks = (0..parts.len()).map(mark).collect::<Result<_, _>>()?;
        Ok(Self { array, texts: read, marks: Marks::Each(marks) })
    }

    /// Numbers of all values; none for those that are null.
    fn number(&self, field: &Field, distinct: &mut Distinct) -> Result<Vec<Option<u32>>, Cause> {
        let mut ids = Vec::with_capacity(self.array.len());
        for at in 0..self.array.len() {
            if self.array.is_null(at) {
                ids.push(None);
                continue;
            }
            let text = self.texts.value(at);
            if distinct.text.len() + text.len() > i32::MAX as usize {
                return Err(Cause::ColumnLarge { column: field.name().clone() });
            }
            let mark = match &self.marks {
                Marks::All(mark) => *mark,
                Marks::Each(marks) => marks[at],
            };
            ids.push(Some(distinct.add(text, mark)));
        }
        Ok(ids)
    }
}

impl<'a> Texts<'a> {
    fn of(array: &'a dyn Array) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Utf8 => Self::Short(array.as_string_opt()?),
            DataType::LargeUtf8 => Self::Long(array.as_string_opt()?),
            DataType::Utf8View => Self::View(array.as_string_view_opt()?),
            _ => return None,
        })
    }

    fn value(&self, at: usize) -> &'a str {
        match self {
            Self::Short(texts) => texts.value(at),
            Self::Long(texts) => texts.value(at),
            Self::View(texts) => texts.value(at),
        }
    }
}

/// Arrow offsets are never negative.
#[inline]
pub(super) fn index(offset: i32) -> usize {
    usize::try_from(offset).unwrap_or(0)
}
