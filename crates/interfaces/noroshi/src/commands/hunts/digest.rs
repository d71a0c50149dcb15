//! The hash of an answer: the same for the same columns and rows in whatever order they come.
//!
//! sha256(the columns' names as a JSON array ‖ the sha256 of each row as a JSON array, in their order as bytes).

use model::hash::Sha256;
use serde_json::Value;
use sha2::Digest as _;

/// An answer on its way.
#[derive(Debug, Default)]
pub struct Digest {
    columns: Vec<String>,
    rows: Vec<[u8; 32]>,
}

impl Digest {
    /// The columns of all rows.
    pub fn columns(&mut self, names: Vec<String>) {
        self.columns = names;
    }

    /// One row more.
    pub fn row(&mut self, values: &[Value]) {
        let text = Value::from(values).to_string();
        self.rows.push(sha2::Sha256::digest(text).into());
    }

    /// How many rows came.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.len() as u64
    }

    /// The hash of all.
    #[must_use]
    pub fn finish(mut self) -> Sha256 {
        self.rows.sort_unstable();
        let mut hash = sha2::Sha256::new();
        hash.update(Value::from(self.columns).to_string());
        self.rows.iter().for_each(|row| hash.update(row));
        <[u8; 32]>::from(hash.finalize()).into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn digest(columns: &[&str], rows: &[[Value; 2]]) -> String {
        let mut digest = Digest::default();
        digest.columns(columns.iter().map(|name| (*name).to_owned()).collect());
        rows.iter().for_each(|row| digest.row(row));
        digest.finish().to_string()
    }

    #[test]
    fn the_order_of_rows_means_nothing_and_all_else_does() {
        let (one, other) = ([json!("a"), json!(1)], [json!("b"), Value::Null]);
        let names = ["x", "y"];
        let hash = digest(&names, &[one.clone(), other.clone()]);
        assert_eq!(hash, digest(&names, &[other.clone(), one.clone()]));
        // By another program, from the words above alone.
        assert_eq!(hash, "87edae4cef16fcb2726fa62966bfaf0d9516de8d430d7467906db545b46c3aee");
        for different in [
            digest(&["x", "z"], &[one.clone(), other.clone()]),
            digest(&names, std::slice::from_ref(&one)),
            digest(&names, &[one.clone(), one.clone(), other.clone()]),
            digest(&names, &[[json!("a"), json!("1")], other]),
        ] {
            assert_ne!(hash, different);
        }
    }
}
