//! Texts of rows that are the same in many: each stands somewhere once, and rows point at it.

use arrow_array::{ArrayRef, StringArray, StringViewArray, UInt32Array};
use arrow_schema::ArrowError;
use deltalake::arrow::compute::take;

/// For each row the text of its number.
pub(super) fn chosen(texts: &[impl AsRef<str>], numbers: Vec<u32>) -> Result<ArrayRef, ArrowError> {
    let texts: StringViewArray = (&StringArray::from_iter_values(texts)).into();
    take(&texts, &UInt32Array::from(numbers), None)
}

/// One text for all rows.
pub(super) fn repeated(text: &str, rows: usize) -> Result<ArrayRef, ArrowError> {
    chosen(&[text], vec![0; rows])
}

/// The texts of rows, which seldom differ from those of the rows before.
pub(super) fn in_runs<'a>(all: impl Iterator<Item = &'a str>) -> Result<ArrayRef, ArrowError> {
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    for text in all {
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        numbers.push(u32::try_from(texts.len() - 1).unwrap_or(u32::MAX));
    }
    chosen(&texts, numbers)
}
