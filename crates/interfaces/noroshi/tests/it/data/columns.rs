//! Every field that SigmaHQ's rules for Windows and Linux ask for has a column in the table of its events, so
//! that a scan of the lake needs the map of what is left only where an event has more than one value.

use std::collections::BTreeSet;
use std::sync::Arc;

use detect::Engine;
use lake::Tables;
use sources::Sheet;

use super::agreement::sheets;
use crate::scanning::{data, engine, rules};

#[test]
fn fields_that_rules_ask_for_have_columns() {
    let (Some(sigma), Some(evtx), Some(otrf)) = (data("sigma"), data("evtx"), data("otrf")) else { return };
    let folders = ["rules", "rules-emerging-threats", "rules-threat-hunting"];
    let folders = folders.map(|folder| sigma.join("sigma").join(folder));
    let own = folders.iter().flat_map(|folder| ["windows", "linux"].map(|product| folder.join(product)));
    let own: Vec<_> = own.filter(|folder| folder.is_dir()).collect();
    let engine = Arc::new(engine(&rules(&own)));
    let tables = Tables::new(engine.catalogue().clone());
    let (mut seen, mut missing) = (BTreeSet::new(), BTreeSet::new());
    let mut look = |sheet: &Sheet| {
        if seen.insert(sheet.kind.clone()) {
            missing.extend(missing_of(sheet, &engine, &tables));
        }
    };
    for folder in [evtx, otrf, sigma.join("sigma/regression_data")] {
        sheets(&folder, &engine, &mut look);
    }
    println!("{} kinds", seen.len());
    assert!(seen.len() > 300, "{}", seen.len());
    assert_eq!(missing, BTreeSet::new());
}

/// Fields of a sheet that are wanted and have no column: class and name.
fn missing_of(sheet: &Sheet, engine: &Engine, tables: &Tables) -> Vec<(String, String)> {
    let Some(needs) = engine.needs(&sheet.kind).filter(|needs| !needs.everything) else { return Vec::new() };
    let (catalogue, table) = (engine.catalogue(), tables.of(&sheet.kind));
    let has = |name: &str| table.schema.field_with_name(name).is_ok();
    let rows = sheet.rows().expect("a sheet");
    let lacks = |name: &&str| {
        let known = catalogue.field(&sheet.kind, name).map(|field| field.name.as_str());
        needs.include(name, known) && !known.is_some_and(has) && !has(&format!("raw.{name}"))
    };
    let names = rows.columns().iter().map(|column| column.name).filter(lacks);
    names.map(|name| (table.class.to_string(), name.to_owned())).collect()
}
