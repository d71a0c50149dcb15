//! Texts of rows that are the same in many: each stands somewhere once, and rows have its number.

use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{ArrayRef, DictionaryArray, StringArray, StringViewArray, UInt32Array};
use arrow_schema::ArrowError;

/// For each row the text of its number.
pub(super) fn numbered(texts: StringViewArray, numbers: UInt32Array) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(DictionaryArray::<UInt32Type>::try_new(numbers, Arc::new(texts))?))
}

/// The same of texts that stand elsewhere.
pub(super) fn chosen(texts: &[impl AsRef<str>], numbers: Vec<u32>) -> Result<ArrayRef, ArrowError> {
    numbered((&StringArray::from_iter_values(texts)).into(), numbers.into())
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
