//! Rows of an answer without what they lay in. Texts in memory are pieces of larger runs of bytes, those of
//! hidden rows among them: whoever writes an answer down as it lies in memory would write these, too.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field, FieldRef};
use datafusion::arrow::compute::take;

/// The same rows, whose bytes are theirs alone.
pub(crate) fn alone(rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let all = UInt32Array::from_iter_values(0..u32::try_from(rows.num_rows()).unwrap_or(u32::MAX));
    let own = |column: &ArrayRef| own(&take(column, &all, None)?);
    let columns = rows.columns().iter().map(own).collect::<Result<Vec<ArrayRef>, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
    RecordBatch::try_new_with_options(rows.schema(), columns, &options)
}

/// A column that lies alone, but for its texts.
fn own(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let data_type = column.data_type();
    if let Some(texts) = column.as_string_view_opt() {
        return Ok(Arc::new(texts.gc()));
    }
    let copied = copied(data_type);
    if copied == *data_type {
        return Ok(column.clone());
    }
    cast(&cast(column, &copied)?, data_type)
}

/// A type whose texts and bytes lie one behind the other.
fn copied(data_type: &DataType) -> DataType {
    let field = |field: &FieldRef| -> FieldRef {
        Arc::new(Field::clone(field).with_data_type(copied(field.data_type())))
    };
    match data_type {
        DataType::Utf8View => DataType::Utf8,
        DataType::BinaryView => DataType::Binary,
        DataType::List(item) => DataType::List(field(item)),
        DataType::LargeList(item) => DataType::LargeList(field(item)),
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(field(item), *size),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(field).collect()),
        DataType::Map(entry, is_sorted) => DataType::Map(field(entry), *is_sorted),
        DataType::Dictionary(keys, values) => DataType::Dictionary(keys.clone(), Box::new(copied(values))),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::builder::{ListBuilder, StringViewBuilder};
    use arrow_array::{Int64Array, StringViewArray};
    use arrow_schema::Schema;

    use super::*;

    const CANARY: &str = "a text of a row that nobody should see";

    /// Whether its bytes stand anywhere in what an array lies in.
    fn has_canary(column: &ArrayRef) -> bool {
        let holds = |bytes: &[u8]| bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
        let data = column.to_data();
        let inner = data.child_data().iter().flat_map(|child| child.buffers());
        data.buffers().iter().chain(inner).any(|buffer| holds(buffer.as_slice()))
    }

    #[test]
    fn no_bytes_of_other_rows_go_with_an_answer() {
        let texts = [CANARY, "a text that is seen, and is long", "short"];
        let plain: ArrayRef = Arc::new(StringViewArray::from_iter_values(texts));
        let mut lists = ListBuilder::new(StringViewBuilder::new());
        texts.iter().for_each(|text| lists.append_value([Some(*text)]));
        let lists: ArrayRef = Arc::new(lists.finish());
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let columns = [("plain", plain), ("lists", lists), ("numbers", numbers)];
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, column)| Field::new(*name, column.data_type().clone(), true))
            .collect();
        let rows = columns.into_iter().map(|(_, column)| column).collect();
        let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), rows).unwrap().slice(1, 2);
        assert!(has_canary(rows.column(0)) && has_canary(rows.column(1)), "the test would show nothing");
        let given = alone(&rows).unwrap();
        assert_eq!(given, rows);
        assert!(!given.columns().iter().any(has_canary));
        let none = RecordBatchOptions::new().with_row_count(Some(3));
        let none = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::new(), &none).unwrap();
        assert_eq!(alone(&none).unwrap().num_rows(), 3);
    }
}
