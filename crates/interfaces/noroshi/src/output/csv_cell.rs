//! What may stand in a cell of a spreadsheet.

/// Spreadsheets run a cell that begins like a formula; an apostrophe makes it text.
pub(super) fn harmless(cell: &str) -> String {
    let starts_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = page::foreign::visible_block(cell);
    if starts_formula { format!("'{text}") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn cells_cannot_become_formulas() {
        for cell in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert!(harmless(cell).starts_with('\''), "{cell}");
        }
        assert_eq!(harmless("a=1"), "a=1");
        assert_eq!(harmless("a\u{202e}b"), "a⟨U+202E⟩b");
    }
}
