//! Conditions, keywords and events of several records.

use crate::events::{audit, firing, lines_firing, process_starts, rule_text, rules};

#[test]
fn precedence_is_not_and_or() {
    let detection =
        "a:\n  CommandLine|contains: A\nb:\n  CommandLine|contains: B\nc:\n  CommandLine|contains: C\n";
    let lines = ["a", "b", "c", "a b", "b c", "a b c", "x"];
    let firing = |condition: &str| lines_firing(&format!("{detection}condition: {condition}"), &lines);
    assert_eq!(firing("a or b and c"), [1, 4, 5, 6]);
    assert_eq!(firing("(a or b) and c"), [5, 6]);
    assert_eq!(firing("not a and not b"), [3, 7]);
    assert_eq!(firing("not (a and b)"), [1, 2, 3, 5, 7]);
    assert_eq!(firing("all of them"), [6]);
    assert_eq!(firing("1 of them and not c"), [1, 2, 4]);
    assert_eq!(firing("\n  - a and c\n  - b and not c"), [2, 4, 6]);
}

#[test]
fn selections_join_their_items() {
    let detection = "selection:\n  - CommandLine|contains: A\n    Image|endswith: '\\x.exe'\n  - CommandLine: only\ncondition: selection";
    let events = process_starts(&[
        &[("CommandLine", "a"), ("Image", "C:\\x.exe")],
        &[("CommandLine", "a"), ("Image", "C:\\y.exe")],
        &[("CommandLine", "only"), ("Image", "C:\\y.exe")],
    ]);
    assert_eq!(firing(rules(&rule_text(detection)), &events), [1, 3]);
}

#[test]
fn keywords_search_every_field() {
    let events = process_starts(&[
        &[("CommandLine", "an Amber-Key"), ("Image", "x")],
        &[("CommandLine", "x"), ("Odd", "amber-key"), ("Odd", "--unlock")],
        &[("CommandLine", "4711")],
        &[("CommandLine", "x")],
    ]);
    let firing = |keywords: &str| {
        firing(rules(&rule_text(&format!("keywords:\n{keywords}\ncondition: keywords"))), &events)
    };
    assert_eq!(firing("  - amber-key\n  - 4711"), [1, 2, 3]);
    assert_eq!(firing("  '|all':\n    - amber-key\n    - unlock"), [2]);
    assert_eq!(firing("  - 'am*key'"), [1, 2]);
    assert_eq!(firing("  '|re': '^x$'"), [1, 2, 4]);
}

#[test]
fn selections_with_a_record_type_meet_in_one_record() {
    let text = |selection: &str, condition: &str| {
        format!(
            "title: t\nlogsource:\n  product: linux\n  service: auditd\ndetection:\n{selection}\n  condition: {condition}\n"
        )
    };
    let events = audit(&[
        &[
            &[("type", "SYSCALL"), ("a0", "5601"), ("exe", "/usr/bin/ls")],
            &[("type", "EXECVE"), ("a0", "ls"), ("a1", "-l")],
        ],
        &[&[("type", "SYSCALL"), ("a0", "ls"), ("exe", "/usr/bin/id")], &[("type", "EXECVE"), ("a0", "id")]],
        &[
            &[("type", "PATH"), ("name", "/a"), ("nametype", "NORMAL")],
            &[("type", "PATH"), ("name", "/b"), ("nametype", "CREATE")],
        ],
    ]);
    let firing = |selection: &str, condition: &str| firing(rules(&text(selection, condition)), &events);
    assert_eq!(firing("  selection:\n    type: EXECVE\n    a0: ls", "selection"), [1]);
    assert_eq!(firing("  selection:\n    exe|endswith: /ls\n    a1: '-l'", "selection"), [1]);
    assert_eq!(
        firing("  selection:\n    type: PATH\n    name: /a\n    nametype: CREATE", "selection"),
        [0usize; 0]
    );
    assert_eq!(
        firing("  a:\n    type: PATH\n    name: /a\n  b:\n    type: PATH\n    nametype: CREATE", "a and b"),
        [3]
    );
    assert_eq!(firing("  a:\n    type: EXECVE\n  b:\n    a0: ls", "a and not b"), [0usize; 0]);
    assert_eq!(firing("  selection:\n    type: EXECVE\n    a1: null", "selection"), [2]);
}
