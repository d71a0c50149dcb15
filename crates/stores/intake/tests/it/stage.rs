//! What the stage of rules makes of its sheets.

use detect::{Engine, Placeholders, RuleSet, Scratch, load};
use intake::{Detection, Found, Stage};
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use sources::{Builder, Sheet, Value};

const RULE: &str = "
title: t
logsource: {product: windows}
detection: {s: {Image: x}, condition: s}
";

#[test]
fn a_sheet_whose_columns_do_not_fit_is_a_flaw() {
    let catalogue = Catalogue::bundled().unwrap();
    let mut builder = Builder::new(catalogue.clone());
    let source = builder.source(&"a.json".into());
    builder.begin(source, &Kind::new("windows", "Security", Some(1)), &Place::default());
    builder.field("Image", Value::text("x"));
    let sound = builder.finish().unwrap().remove(0);
    // Fields beside records are in no sheet.
    let unfit = Sheet { grouped: true, ..sound.clone() };

    let engine = Engine::new(RuleSet::new(load("t.yml", RULE, &Placeholders::new())), catalogue);
    let stage = Detection { engine: &engine, from: None, to: None };
    let work = |sheet: &Sheet| {
        let mut found = Found::default();
        stage.work(sheet, &mut Scratch::default(), &mut found);
        (found.verdicts.len(), found.flaws.iter().map(|flaw| flaw.reason.code).collect::<Vec<_>>())
    };
    assert_eq!(work(&sound), (1, vec![]));
    assert_eq!(work(&unfit), (0, vec!["column-type"]));
}
