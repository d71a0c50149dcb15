//! What a question would do, and which tables it names.

use std::collections::{BTreeSet, VecDeque};
use std::ops::ControlFlow;

use datafusion::sql::parser::{DFParserBuilder, Statement};
use datafusion::sql::sqlparser::ast::{
    self, Expr, ObjectName, ObjectNamePart, Query, SetExpr, TableFactor, Visit, Visitor,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;

use super::error::AskError;
use crate::name::{Compartment, TableName};

/// How deep the parser may go.
const DEPTH: usize = 100;

/// A question that was read.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) statement: Statement,
    /// The tables that it names.
    pub(super) tables: BTreeSet<TableName>,
}

/// Reads one statement that only reads.
pub(super) fn read(sql: &str) -> Result<Read, AskError> {
    let unreadable =
        |error: datafusion::error::DataFusionError| AskError::Unreadable(said(&error.to_string()));
    let dialect = GenericDialect {};
    let parser = DFParserBuilder::new(sql).with_dialect(&dialect).with_recursion_limit(DEPTH).build();
    let mut statements: VecDeque<Statement> =
        parser.and_then(|mut parser| parser.parse_statements()).map_err(unreadable)?;
    let Some(statement) = statements.pop_front() else {
        return Err(AskError::NotAQuestion("nothing"));
    };
    if !statements.is_empty() {
        return Err(AskError::NotAQuestion("more than one statement"));
    }
    let query = match &statement {
        Statement::Statement(inner) => match inner.as_ref() {
            ast::Statement::Query(query) => query,
            _ => return Err(AskError::NotAQuestion("a statement other than SELECT")),
        },
        _ => return Err(AskError::NotAQuestion("a statement other than SELECT")),
    };
    let mut look = Look::default();
    match query.visit(&mut look) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => {
            let tables = look.tables()?;
            Ok(Read { statement, tables })
        }
    }
}

/// The parser's words without its own name.
fn said(error: &str) -> String {
    error
        .trim_start_matches("SQL error: ")
        .trim_start_matches("ParserError")
        .trim_matches(['(', ')', '"'])
        .to_owned()
}

/// Goes over all of a question.
#[derive(Default)]
struct Look {
    relations: Vec<ObjectName>,
    /// Names that the question gives to parts of itself.
    own: BTreeSet<String>,
}

impl Visitor for Look {
    type Break = AskError;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<AskError> {
        let no = |what| ControlFlow::Break(AskError::NotAQuestion(what));
        if let Some(with) = &query.with {
            if with.recursive {
                return no("WITH RECURSIVE");
            }
            self.own.extend(with.cte_tables.iter().map(|part| part.alias.name.value.to_lowercase()));
        }
        if !query.locks.is_empty() || query.for_clause.is_some() {
            return no("FOR UPDATE");
        }
        if query.settings.is_some() || query.format_clause.is_some() || !query.pipe_operators.is_empty() {
            return no("SETTINGS, FORMAT or |>");
        }
        match query.body.as_ref() {
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                no("a change")
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_select(&mut self, select: &ast::Select) -> ControlFlow<AskError> {
        match &select.into {
            Some(_) => ControlFlow::Break(AskError::NotAQuestion("SELECT INTO")),
            None => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<AskError> {
        match factor {
            TableFactor::Table { args: None, version: None, json_path: None, sample: None, .. }
            | TableFactor::Derived { .. }
            | TableFactor::NestedJoin { .. } => ControlFlow::Continue(()),
            _ => ControlFlow::Break(AskError::NotAQuestion("a function or version in place of a table")),
        }
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<AskError> {
        self.relations.push(relation.clone());
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<AskError> {
        match expression {
            Expr::Prefixed { .. } | Expr::Lambda(_) => {
                ControlFlow::Break(AskError::NotAQuestion("this kind of expression"))
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

impl Look {
    fn tables(self) -> Result<BTreeSet<TableName>, AskError> {
        let mut tables = BTreeSet::new();
        for relation in self.relations {
            let shown = relation.to_string();
            let parts: Option<Vec<String>> = relation.0.iter().map(part).collect();
            let parts = parts.ok_or_else(|| AskError::NotATable(shown.clone()))?;
            match parts.as_slice() {
                [name] if self.own.contains(&name.to_lowercase()) => continue,
                [class] => tables.insert(table(Compartment::own(), class, &shown)?),
                [compartment, class] => {
                    let compartment = compartment.parse().map_err(|_| AskError::NotATable(shown.clone()))?;
                    tables.insert(table(compartment, class, &shown)?)
                }
                _ => return Err(AskError::NotATable(shown)),
            };
        }
        Ok(tables)
    }
}

fn table(compartment: Compartment, class: &str, shown: &str) -> Result<TableName, AskError> {
    TableName::new(compartment, class).map_err(|_| AskError::NotATable(shown.to_owned()))
}

/// A part of a name as DataFusion takes it: in lower case unless it is quoted.
fn part(part: &ObjectNamePart) -> Option<String> {
    let ObjectNamePart::Identifier(name) = part else { return None };
    Some(if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_more_than_read_is_refused() {
        for sql in [
            "",
            ";",
            "SELECT 1; SELECT 2",
            "CREATE TABLE a (b INT)",
            "CREATE EXTERNAL TABLE a STORED AS CSV LOCATION '/etc/passwd'",
            "COPY a TO '/tmp/x'",
            "COPY (SELECT 1) TO '/tmp/x.csv'",
            "INSERT INTO a SELECT 1",
            "SET datafusion.execution.batch_size = 1",
            "SHOW TABLES",
            "RESET ALL",
            "EXPLAIN ANALYZE SELECT 1",
            "DROP TABLE a",
            "DELETE FROM a",
            "UPDATE a SET b = 1",
            "WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT * FROM a) SELECT * FROM a",
            "SELECT * FROM generate_series(1, 10)",
            "SELECT * FROM read_csv('/etc/passwd')",
            "SELECT * FROM (SELECT * FROM range(1, 10)) a",
            "SELECT * FROM a, UNNEST([1, 2])",
            "SELECT * INTO b FROM a",
            "SELECT * FROM a FOR UPDATE",
            "PREPARE a AS SELECT 1",
            "WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a",
        ] {
            assert!(
                matches!(read(sql), Err(AskError::NotAQuestion(_) | AskError::Unreadable(_))),
                "{sql}: {:?}",
                read(sql)
            );
        }
    }

    #[test]
    fn tables_are_named_as_from_takes_them() {
        let tables = |sql: &str| {
            let read = read(sql).map_err(|error| error.to_string());
            read.map(|read| read.tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        for (sql, expected) in [
            ("SELECT 1", Ok("")),
            ("SELECT * FROM process_activity", Ok("own/process_activity")),
            ("SELECT * FROM OWN.Process_Activity p", Ok("own/process_activity")),
            (r#"SELECT * FROM "exercise/spring".dns_activity"#, Ok("exercise/spring/dns_activity")),
            (
                "WITH a AS (SELECT * FROM base_event) SELECT * FROM a JOIN dns_activity USING (host)",
                Ok("own/base_event own/dns_activity"),
            ),
            (
                "SELECT (SELECT count(*) FROM a) WHERE EXISTS (SELECT 1 FROM b WHERE c IN (SELECT d FROM e))",
                Ok("own/a own/b own/e"),
            ),
            (
                "SELECT * FROM '/etc/passwd'",
                Err("`'/etc/passwd'` names no table; `noroshi tables` lists them"),
            ),
            ("SELECT * FROM other.a", Err("`other.a` names no table; `noroshi tables` lists them")),
            ("SELECT * FROM a.b.c", Err("`a.b.c` names no table; `noroshi tables` lists them")),
            (r#"SELECT * FROM "../x""#, Err(r#"`"../x"` names no table; `noroshi tables` lists them"#)),
        ] {
            let found = tables(sql);
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{sql}");
        }
    }
}
