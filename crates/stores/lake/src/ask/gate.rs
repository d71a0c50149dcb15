//! How long and how deep a question may be. The parser and the planner go into a question as deep as
//! it is nested, and chains of operators nest: some thousands end the process. So they are counted
//! as tokens, which nests nothing, before either of them sees the question.

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer, Whitespace};

use super::error::AskError;

/// Longest question, in bytes.
const BYTES: usize = 256 << 10;
/// Words and signs; lists of ten thousand values fit.
const TOKENS: usize = 50_000;
/// Operators of any kind, and words that nest like them.
const OPERATORS: usize = 400;
/// Brackets open at once.
const BRACKETS: usize = 40;
/// Questions inside the question, and questions tied together.
const QUESTIONS: usize = 16;
/// Tables joined.
const JOINS: usize = 12;

/// What is counted.
#[derive(Default)]
struct Counts {
    tokens: usize,
    operators: usize,
    questions: usize,
    joins: usize,
    open: usize,
    deepest: usize,
}

/// Refuses what is longer or deeper than questions may be.
pub(super) fn look(sql: &str) -> Result<(), AskError> {
    within("bytes", sql.len(), BYTES)?;
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize();
    let tokens = tokens.map_err(|error| AskError::Unreadable(error.to_string()))?;
    let mut counts = Counts::default();
    tokens.iter().for_each(|token| counts.add(token));
    for (what, found, most) in [
        ("words and signs", counts.tokens, TOKENS),
        ("operators", counts.operators, OPERATORS),
        ("open brackets", counts.deepest, BRACKETS),
        ("questions inside it", counts.questions, QUESTIONS),
        ("joins", counts.joins, JOINS),
    ] {
        within(what, found, most)?;
    }
    Ok(())
}

fn within(what: &'static str, found: usize, most: usize) -> Result<(), AskError> {
    if found > most { Err(AskError::Large { what, found, most }) } else { Ok(()) }
}

impl Counts {
    fn add(&mut self, token: &Token) {
        self.tokens += 1;
        match token {
            Token::Whitespace(space) => {
                self.tokens -= usize::from(!matches!(space, Whitespace::SingleLineComment { .. }));
            }
            Token::LParen | Token::LBracket | Token::LBrace => {
                self.open += 1;
                self.deepest = self.deepest.max(self.open);
            }
            Token::RParen | Token::RBracket | Token::RBrace => self.open = self.open.saturating_sub(1),
            Token::Word(word) => match word.keyword {
                Keyword::SELECT | Keyword::VALUES | Keyword::TABLE => self.questions += 1,
                Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT => self.questions += 1,
                Keyword::JOIN | Keyword::LATERAL => self.joins += 1,
                Keyword::AND
                | Keyword::OR
                | Keyword::XOR
                | Keyword::NOT
                | Keyword::IS
                | Keyword::IN
                | Keyword::LIKE
                | Keyword::ILIKE
                | Keyword::SIMILAR
                | Keyword::BETWEEN
                | Keyword::CASE
                | Keyword::WHEN
                | Keyword::ELSE
                | Keyword::COLLATE
                | Keyword::AT
                | Keyword::OVER
                | Keyword::INTERVAL
                | Keyword::ARRAY
                | Keyword::STRUCT => self.operators += 1,
                _ => {}
            },
            // What ends or parts something, and what is a value.
            Token::EOF
            | Token::Comma
            | Token::Period
            | Token::SemiColon
            | Token::Number(..)
            | Token::SingleQuotedString(_)
            | Token::EscapedStringLiteral(_)
            | Token::NationalStringLiteral(_)
            | Token::HexStringLiteral(_)
            | Token::DollarQuotedString(_)
            | Token::Placeholder(_) => {}
            // Every other sign is an operator, or may be one.
            _ => self.operators += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(sql: &str) -> Option<&'static str> {
        match look(sql) {
            Err(AskError::Large { what, .. }) => Some(what),
            Err(_) => Some("other"),
            Ok(()) => None,
        }
    }

    #[test]
    fn what_nests_is_counted_however_it_is_written() {
        let chain = |link: &str, count: usize| format!("SELECT 1 WHERE a = 1{}", link.repeat(count));
        for link in [" OR a = 1", " + 1", " - - 1", " || 'x'", "::text", " IS NULL", " COLLATE x", " -> 1"] {
            assert_eq!(refused(&chain(link, 100)), None, "{link}");
            assert_eq!(refused(&chain(link, 2_000)), Some("operators"), "{link}");
        }
        assert_eq!(refused(&format!("SELECT {}a", "NOT ".repeat(2_000))), Some("operators"));
        assert_eq!(refused(&format!("SELECT {}1", "(".repeat(41))), Some("open brackets"));
        assert_eq!(refused(&"SELECT 1 UNION ALL ".repeat(20)), Some("questions inside it"));
        assert_eq!(refused(&format!("SELECT 1 FROM a{}", " JOIN b USING (c)".repeat(13))), Some("joins"));
        assert_eq!(refused(&format!("SELECT '{}'", "x".repeat(BYTES))), Some("bytes"));
        assert_eq!(refused(&format!("SELECT {}1", "1,".repeat(30_000))), Some("words and signs"));
        assert_eq!(refused("SELECT 'x"), Some("other"));
    }

    #[test]
    fn long_lists_of_values_are_no_depth() {
        let list: Vec<String> = (0..10_000).map(|number| format!("'{number}'")).collect();
        assert_eq!(refused(&format!("SELECT 1 WHERE a IN ({})", list.join(", "))), None);
    }
}
