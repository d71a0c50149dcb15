//! The tables that every journal has. Types and statements are such as SQLite and PostgreSQL both know.

/// How the journal is laid out now.
pub(crate) const FORMAT: i64 = 1;

/// Makes an empty journal.
pub(crate) const TABLES: &[&str] = &[
    // A decision that led to acts.
    "CREATE TABLE commits (position BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, hash BYTEA NOT NULL)",
    // `number` counts within the commit, from 0.
    "CREATE TABLE acts (stream TEXT NOT NULL, sequence BIGINT NOT NULL, position BIGINT NOT NULL, \
     number BIGINT NOT NULL, bytes TEXT NOT NULL, PRIMARY KEY (stream, sequence))",
    "CREATE UNIQUE INDEX acts_in_order ON acts (position, number)",
    "CREATE TABLE snapshots (stream TEXT NOT NULL PRIMARY KEY, sequence BIGINT NOT NULL, \
     fold BIGINT NOT NULL, state TEXT NOT NULL)",
    // What was made of the acts of a kind, and by which version of it.
    "CREATE TABLE kinds (kind TEXT NOT NULL PRIMARY KEY, fold TEXT NOT NULL, tables TEXT NOT NULL, \
     followed BIGINT NOT NULL)",
    // Personal values, sealed.
    "CREATE TABLE personal (commitment TEXT NOT NULL PRIMARY KEY, subject TEXT NOT NULL, class TEXT NOT NULL, \
     position BIGINT NOT NULL, sealed BYTEA NOT NULL)",
    "CREATE INDEX personal_by_subject ON personal (subject, class)",
    // Keys that are to be destroyed, until they are.
    "CREATE TABLE forgotten (subject TEXT NOT NULL, class TEXT NOT NULL, PRIMARY KEY (subject, class))",
    // Long work: how far it is.
    "CREATE TABLE jobs (id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, what TEXT NOT NULL, \
     position TEXT NOT NULL, done BIGINT NOT NULL, total BIGINT NOT NULL, state TEXT NOT NULL, \
     reason TEXT NOT NULL, actor TEXT NOT NULL, made BIGINT NOT NULL, changed BIGINT NOT NULL)",
];

/// A table that is made of acts, and can be made anew.
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static str,
    pub(crate) indexes: &'static [&'static str],
}

/// The tables that are made of acts, besides those of activities.
pub(crate) const MADE: &[Made] = &[
    // What is known of a stream without folding it.
    Made {
        name: "streams",
        columns: "stream TEXT NOT NULL PRIMARY KEY, sequence BIGINT NOT NULL, wake BIGINT, \
                  compartment TEXT NOT NULL, owner TEXT NOT NULL, tlp TEXT NOT NULL, \
                  confidentiality TEXT NOT NULL, pap TEXT NOT NULL",
        indexes: &["CREATE INDEX streams_by_wake ON streams (wake)"],
    },
    // Acts that others may react to.
    Made {
        name: "facts",
        columns: "position BIGINT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, \
                  stream TEXT NOT NULL, sequence BIGINT NOT NULL, about TEXT NOT NULL, \
                  PRIMARY KEY (position, number)",
        indexes: &[],
    },
    // Personal values in clear, to be read and sorted by until they are forgotten.
    Made {
        name: "personal_values",
        columns: "commitment TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL",
        indexes: &[],
    },
    // Texts as they are looked for, and the pairs of signs in them.
    Made {
        name: "search_texts",
        columns: "source TEXT NOT NULL, entry TEXT NOT NULL, field TEXT NOT NULL, \
                  commitment TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (source, entry, field)",
        indexes: &["CREATE INDEX search_texts_by_commitment ON search_texts (commitment)"],
    },
    Made {
        name: "search_grams",
        columns: "gram TEXT NOT NULL, source TEXT NOT NULL, entry TEXT NOT NULL, field TEXT NOT NULL, \
                  PRIMARY KEY (gram, source, entry, field)",
        indexes: &["CREATE INDEX search_grams_by_entry ON search_grams (source, entry, field)"],
    },
];
