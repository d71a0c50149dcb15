//! Which conditions of a question are asked of rows before anybody knows whether they are shown: those
//! that cannot fail, whatever a row holds, and ask nothing but columns that are seen.

use arrow_schema::{DataType, Schema};
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{Between, BinaryExpr, Expr, Operator};

/// Whether a condition compares columns of these with values of their own type, and no more.
pub(super) fn crosses(condition: &Expr, columns: &Schema) -> bool {
    match condition {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And | Operator::Or, right }) => {
            crosses(left, columns) && crosses(right, columns)
        }
        Expr::Not(inner) => crosses(inner, columns),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) if compares(*op) => {
            compared(left, &[right], columns) || compared(right, &[left], columns)
        }
        Expr::InList(InList { expr, list, .. }) => compared(expr, &list.iter().collect::<Vec<_>>(), columns),
        Expr::Between(Between { expr, low, high, .. }) => compared(expr, &[low, high], columns),
        Expr::IsNull(inner) | Expr::IsNotNull(inner) => compared(inner, &[], columns),
        _ => false,
    }
}

fn compares(operator: Operator) -> bool {
    use Operator::{Eq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom, Lt, LtEq, NotEq};
    matches!(operator, Eq | NotEq | Lt | LtEq | Gt | GtEq | IsDistinctFrom | IsNotDistinctFrom)
}

/// Whether one is a column and all others are values of its type.
fn compared(one: &Expr, others: &[&Expr], columns: &Schema) -> bool {
    let Expr::Column(column) = one else { return false };
    let Ok(field) = columns.field_with_name(&column.name) else { return false };
    let is_value =
        |other: &&Expr| matches!(other, Expr::Literal(value, _) if value.data_type() == *field.data_type());
    is_plain(field.data_type()) && others.iter().all(is_value)
}

/// Types of which any two values can be compared.
fn is_plain(data_type: &DataType) -> bool {
    data_type.is_integer()
        || data_type.is_floating()
        || matches!(
            data_type,
            DataType::Boolean
                | DataType::Utf8
                | DataType::Utf8View
                | DataType::Date32
                | DataType::Timestamp(..)
        )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_schema::{Field, TimeUnit};
    use datafusion::common::DFSchema;
    use datafusion::prelude::SessionContext;

    use super::*;

    #[test]
    fn comparisons_of_columns_with_values_cross_and_nothing_else() {
        let list = DataType::List(Arc::new(Field::new("item", DataType::Int64, true)));
        let columns = Schema::new(vec![
            Field::new("x", DataType::Int64, true),
            Field::new("host", DataType::Utf8, true),
            Field::new("time", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), true),
            Field::new("list", list, true),
        ]);
        let known = DFSchema::try_from(columns.clone()).unwrap();
        let session = SessionContext::new();
        for (condition, expected) in [
            ("x = 42", true),
            ("42 >= x", true),
            ("x <> 42 AND (host < 'b' OR x IS NULL)", true),
            ("NOT (x = 42)", true),
            ("x IN (1, 2, 3)", true),
            ("x NOT IN (1, 2)", true),
            ("host BETWEEN 'a' AND 'b'", true),
            ("host IS NOT NULL", true),
            ("x IS DISTINCT FROM 42", true),
            ("1 / (x - 42) > 0", false),
            ("x = 42 AND 1 / x > 0", false),
            ("x = 42 OR CAST(host AS BIGINT) = 1", false),
            ("CAST(host AS BIGINT) = 1", false),
            ("x = 42.5", false),
            ("x = x", false),
            ("x IN (1, x)", false),
            ("x BETWEEN 1 AND x", false),
            ("(x + 1) IS NULL", false),
            ("host LIKE 'a%'", false),
            ("list = list", false),
            ("list IS NULL", false),
            ("true", false),
            ("1 = 1", false),
        ] {
            let parsed = session.parse_sql_expr(condition, &known).unwrap();
            assert_eq!(crosses(&parsed, &columns), expected, "{condition}");
        }
        let hidden = session.parse_sql_expr("x = 42", &known).unwrap();
        assert!(!crosses(&hidden, &columns.project(&[1, 2]).unwrap()), "a column that is not there");
    }
}
