//! Joins of what happened within a time of each other.
//!
//! DataFusion pairs all rows with the same keys, such as all of one host, before it compares their times:
//! the square of their number. So time is cut into windows as long as what is asked for, and the window
//! becomes a key: a row meets those of its own window and the next ones alone. The condition on times is
//! asked of these as before.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_schema::{DataType, TimeUnit};
use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, ScalarValue};
use datafusion::error::Result as Planned;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable, Join, JoinConstraint, JoinType, LogicalPlan, LogicalPlanBuilder,
    Operator, cast, lit, when,
};
use datafusion::optimizer::{ApplyOrder, Optimizer, OptimizerConfig, OptimizerRule};

/// Columns that no question can name.
const OFFSET: &str = "\u{1}offset";
const LEFT: &str = "\u{1}left";
const RIGHT: &str = "\u{1}right";

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

/// Lengths of time beyond this one, in microseconds, are left to whoever compares times.
const LONGEST: i64 = 3_660 * DAY;

/// The rules by which questions are planned: the library's, and windows as soon as it is known which columns
/// must be equal and which conditions stay with a join.
pub(super) fn rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let mut rules = Optimizer::new().rules;
    let known = rules.iter().position(|rule| rule.name() == "push_down_filter").map_or(0, |rule| rule + 1);
    rules.insert(known, Arc::new(Windows));
    rules
}

/// Makes windows of time keys of joins.
#[derive(Debug)]
struct Windows;

impl OptimizerRule for Windows {
    fn name(&self) -> &'static str {
        "windows"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn supports_rewrite(&self) -> bool {
        true
    }

    fn rewrite(&self, plan: LogicalPlan, _: &dyn OptimizerConfig) -> Planned<Transformed<LogicalPlan>> {
        let LogicalPlan::Join(join) = plan else { return Ok(Transformed::no(plan)) };
        match with_windows(&join)? {
            Some(windows) => Ok(Transformed::yes(windows)),
            None => Ok(Transformed::no(LogicalPlan::Join(join))),
        }
    }
}

/// The same join with a window among its keys; none where that is no help.
fn with_windows(join: &Join) -> Planned<Option<LogicalPlan>> {
    let is_window = |key: &Expr| matches!(key, Expr::Column(column) if column.name == LEFT);
    // Of other joins a row without a partner would be given once for each window.
    if join.join_type != JoinType::Inner
        || join.on.is_empty()
        || join.on.iter().any(|(left, _)| is_window(left))
    {
        return Ok(None);
    }
    let Some(band) = join.filter.as_ref().and_then(|filter| Band::of(filter, join)) else { return Ok(None) };
    let left = LogicalPlanBuilder::from(join.left.as_ref().clone());
    let left = left.project(all(&join.left).chain([lit(band.offsets()).alias(OFFSET)]))?;
    let left = left.unnest_column(Column::from_name(OFFSET))?;
    let own = band.window(&band.left)? + Expr::Column(Column::from_name(OFFSET));
    let left = left.project(all(&join.left).chain([own.alias(LEFT)]))?.build()?;
    let right = LogicalPlanBuilder::from(join.right.as_ref().clone());
    let right = right.project(all(&join.right).chain([band.window(&band.right)?.alias(RIGHT)]))?.build()?;
    let column = |name| Expr::Column(Column::from_name(name));
    let on = join.on.iter().cloned().chain([(column(LEFT), column(RIGHT))]).collect();
    let joined = Join::try_new(
        Arc::new(left),
        Arc::new(right),
        on,
        join.filter.clone(),
        JoinType::Inner,
        JoinConstraint::On,
        join.null_equality,
        false,
    )?;
    let same = join.schema.iter().map(|field| Expr::Column(Column::from(field)));
    Ok(Some(LogicalPlanBuilder::from(LogicalPlan::Join(joined)).project(same)?.build()?))
}

/// All columns of a plan.
fn all(plan: &LogicalPlan) -> impl Iterator<Item = Expr> {
    plan.schema().iter().map(|field| Expr::Column(Column::from(field)))
}

/// A condition on two times: that of the right side less that of the left is no less than one length and
/// no more than another, in microseconds.
#[derive(Debug)]
struct Band {
    left: Expr,
    right: Expr,
    least: i64,
    most: i64,
}

impl Band {
    /// The narrowest condition on a pair of times of a join.
    fn of(filter: &Expr, join: &Join) -> Option<Self> {
        let bounds: Vec<Bound> =
            split_conjunction(filter).into_iter().filter_map(|part| Bound::of(part, join)).collect();
        let pairs: HashSet<(&Expr, &Expr)> = bounds.iter().map(|bound| (&bound.left, &bound.right)).collect();
        let bands = pairs.into_iter().filter_map(|(left, right)| {
            let same = || bounds.iter().filter(|bound| (&bound.left, &bound.right) == (left, right));
            let least = same().filter(|bound| bound.is_least).map(|bound| bound.by).max()?;
            let most = same().filter(|bound| !bound.is_least).map(|bound| bound.by).min()?;
            (least <= most).then(|| Self { left: left.clone(), right: right.clone(), least, most })
        });
        bands.min_by_key(|band| band.most - band.least)
    }

    fn length(&self) -> i64 {
        (self.most - self.least).max(1)
    }

    /// The number of the window in which a time lies.
    fn window(&self, time: &Expr) -> Planned<Expr> {
        let time = || cast(time.clone(), DataType::Int64);
        let length = || lit(self.length());
        // Division goes towards zero.
        let is_before = (time() % length()).lt(lit(0_i64));
        Ok(time() / length() - when(is_before, lit(1_i64)).otherwise(lit(0_i64))?)
    }

    /// How far the window of a row on the right can be from that of one on the left, as a list.
    fn offsets(&self) -> ScalarValue {
        let length = self.length();
        let (first, last) = (self.least.div_euclid(length), -(-self.most).div_euclid(length));
        let mut list = ListBuilder::new(Int64Builder::new());
        list.append_value((first..=last).map(Some));
        ScalarValue::List(Arc::new(list.finish()))
    }
}

/// One side of such a condition.
#[derive(Debug)]
struct Bound {
    left: Expr,
    right: Expr,
    by: i64,
    /// Whether it says the least, and not the most.
    is_least: bool,
}

impl Bound {
    /// What a comparison says of two times of a join.
    fn of(condition: &Expr, join: &Join) -> Option<Self> {
        let Expr::BinaryExpr(BinaryExpr { left: one, op, right: other }) = condition else { return None };
        let is_less = match op {
            Operator::Lt | Operator::LtEq => true,
            Operator::Gt | Operator::GtEq => false,
            _ => return None,
        };
        let ((one, one_later), (other, other_later)) = (shifted(one)?, shifted(other)?);
        let by = one_later - other_later;
        let is_of = |time: &Expr, side: &LogicalPlan| {
            let columns = time.column_refs();
            !columns.is_empty()
                && columns.into_iter().all(|column| side.schema().has_column(column))
                && time.get_type(side.schema()).is_ok_and(|kind| is_time(&kind))
        };
        // one + one_later < other + other_later
        if is_of(one, &join.left) && is_of(other, &join.right) {
            Some(Self { left: one.clone(), right: other.clone(), by, is_least: is_less })
        } else if is_of(one, &join.right) && is_of(other, &join.left) {
            Some(Self { left: other.clone(), right: one.clone(), by: -by, is_least: !is_less })
        } else {
            None
        }
    }
}

fn is_time(kind: &DataType) -> bool {
    matches!(kind, DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) if &**zone == "UTC")
}

/// A time and the microseconds that are added to it.
fn shifted(time: &Expr) -> Option<(&Expr, i64)> {
    let Expr::BinaryExpr(BinaryExpr { left, op, right }) = time else { return Some((time, 0)) };
    match (op, length(left), length(right)) {
        (Operator::Plus, None, Some(later)) => Some((left, later)),
        (Operator::Plus, Some(later), None) => Some((right, later)),
        (Operator::Minus, None, Some(earlier)) => Some((left, -earlier)),
        _ => None,
    }
}

/// A length of time in microseconds; none of months, which are not all as long.
fn length(expression: &Expr) -> Option<i64> {
    let Expr::Literal(value, _) = expression else { return None };
    let (days, nanoseconds) = match value {
        ScalarValue::IntervalMonthDayNano(Some(length)) if length.months == 0 => {
            (length.days, length.nanoseconds)
        }
        ScalarValue::IntervalDayTime(Some(length)) => {
            (length.days, i64::from(length.milliseconds) * 1_000_000)
        }
        ScalarValue::DurationNanosecond(Some(nanoseconds)) => (0, *nanoseconds),
        _ => return None,
    };
    let microseconds = i64::from(days) * DAY + nanoseconds / 1_000;
    (nanoseconds % 1_000 == 0 && microseconds.abs() <= LONGEST).then_some(microseconds)
}

#[cfg(test)]
mod tests {
    use arrow_schema::{Field, Schema};
    use datafusion::datasource::empty::EmptyTable;
    use datafusion::execution::session_state::SessionStateBuilder;
    use datafusion::prelude::SessionContext;

    use super::*;

    /// The plan of a join under some condition.
    fn planned(join: &str, condition: &str) -> String {
        let state = SessionStateBuilder::new().with_default_features().with_optimizer_rules(rules()).build();
        let session = SessionContext::new_with_state(state);
        let time = |zone: Option<&str>| DataType::Timestamp(TimeUnit::Microsecond, zone.map(Into::into));
        let columns = Schema::new(vec![
            Field::new("host", DataType::Utf8View, true),
            Field::new("time", time(Some("UTC")), true),
            Field::new("local", time(Some("Asia/Tokyo")), true),
        ]);
        for name in ["p", "n"] {
            session.register_table(name, Arc::new(EmptyTable::new(Arc::new(columns.clone())))).unwrap();
        }
        let sql = format!("SELECT count(*) FROM p {join} n ON {condition}");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let plan = runtime.block_on(async { session.sql(&sql).await.unwrap().into_optimized_plan() });
        plan.unwrap().to_string()
    }

    #[test]
    fn times_are_keys_where_that_is_the_same_join() {
        let within = "n.time >= p.time AND n.time < p.time + INTERVAL '1 minute'";
        let same = "p.host = n.host";
        assert!(planned("JOIN", &format!("{same} AND {within}")).contains(LEFT));
        for (join, condition) in [
            ("JOIN", within.to_owned()),
            ("LEFT JOIN", format!("{same} AND {within}")),
            ("JOIN", format!("{same} AND n.time >= p.time")),
            ("JOIN", format!("{same} AND n.time >= p.time AND n.time < p.time + INTERVAL '1 month'")),
            ("JOIN", format!("{same} AND n.local >= p.local AND n.local < p.local + INTERVAL '1 day'")),
            ("JOIN", format!("{same} AND n.time >= p.time AND n.time < p.time + INTERVAL '100000 days'")),
        ] {
            assert!(!planned(join, &condition).contains(LEFT), "{join} {condition}");
        }
    }
}
