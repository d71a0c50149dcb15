//! The figures of the lake: what was kept, of whom, and what was not seen.

use model::figure::{Counted, Figure, Lake, LakeTable, Part, PartOf, Rule};

/// The figures of the lake.
pub const FIGURES: &[Figure] = &[
    Figure {
        id: "lake.events",
        unit: "events",
        clauses: &["P-1", "2-1-1d", "2-1-2a"],
        rule: Rule::During,
        counted: Counted::Lake(EVENTS),
        by: &[&[OWNER], &[MONTH], &[OWNER, DATA_SOURCE]],
    },
    Figure {
        id: "lake.hosts",
        unit: "hosts",
        clauses: &["2-1-2a", "2-2-2c"],
        rule: Rule::During,
        counted: Counted::Lake(Lake { distinct: &[OWNER, HOST], is_wide: true, ..EVENTS }),
        by: &[&[OWNER]],
    },
    Figure {
        id: "lake.organisations",
        unit: "organisations",
        clauses: &["2-1-2a", "2-2-2a"],
        rule: Rule::During,
        counted: Counted::Lake(Lake { distinct: &[OWNER], ..EVENTS }),
        by: &[],
    },
    Figure {
        id: "lake.coverage",
        unit: "pairs",
        clauses: &["2-2-2c"],
        rule: Rule::During,
        counted: Counted::Lake(Lake { distinct: &[OWNER, DATA_SOURCE], ..EVENTS }),
        by: &[&[OWNER]],
    },
    Figure {
        id: "lake.undated",
        unit: "events",
        clauses: &["2-1-2a"],
        rule: Rule::Always,
        counted: Counted::Lake(Lake { when: "day = 'other' AND time IS NULL", ..EVENTS }),
        by: &[],
    },
    Figure {
        id: "lake.sources",
        unit: "sources",
        clauses: &["2-1-2a"],
        rule: Rule::Overlapping,
        counted: Counted::Lake(SOURCES),
        by: &[&[OWNER]],
    },
    Figure {
        id: "lake.flaws",
        unit: "places",
        clauses: &["2-1-1d", "2-1-2a"],
        rule: Rule::During,
        counted: Counted::Lake(FLAWS),
        by: &[&[OWNER]],
    },
];

const OWNER: Part = Part { name: "owner", of: PartOf::Column("owner") };
const HOST: Part = Part { name: "host", of: PartOf::Column("\"device.hostname\"") };
const MONTH: Part = Part { name: "month", of: PartOf::Month };

/// The data source of ATT&CK (as its version 17, the last with data sources, names them) that a class of events is mostly of. Classes that are of
/// none, or of several, are left out.
const DATA_SOURCE: Part = Part {
    name: "data_source",
    of: PartOf::Column(
        "CASE class WHEN 'process_activity' THEN 'Process' WHEN 'file_activity' THEN 'File' \
         WHEN 'module_activity' THEN 'Module' WHEN 'script_activity' THEN 'Script' \
         WHEN 'kernel_extension_activity' THEN 'Driver' WHEN 'scheduled_job_activity' THEN 'Scheduled Job' \
         WHEN 'windows_service_activity' THEN 'Service' WHEN 'registry_key_activity' THEN 'Windows Registry' \
         WHEN 'registry_value_activity' THEN 'Windows Registry' WHEN 'authentication' THEN 'Logon Session' \
         WHEN 'authorize_session' THEN 'Logon Session' WHEN 'account_change' THEN 'User Account' \
         WHEN 'group_management' THEN 'Group' WHEN 'network_activity' THEN 'Network Traffic' \
         WHEN 'dns_activity' THEN 'Network Traffic' WHEN 'http_activity' THEN 'Network Traffic' \
         WHEN 'ssh_activity' THEN 'Network Traffic' WHEN 'smb_activity' THEN 'Network Traffic' \
         WHEN 'rdp_activity' THEN 'Network Traffic' END",
    ),
};

/// Events, by their own time.
const EVENTS: Lake = Lake {
    from: "events",
    of: LakeTable::Events,
    time: &["time"],
    when: "",
    distinct: &[],
    shown: &["time", "owner", "device.hostname", "class", "event_id", "source_path", "line"],
    is_wide: false,
};

/// Logs of which batches with events of the period were kept; what another batch has better does not count.
const SOURCES: Lake = Lake {
    from: "(SELECT * FROM batches WHERE batch NOT IN \
           (SELECT old FROM (SELECT unnest(replaces) AS old FROM batches) WHERE old IS NOT NULL))",
    of: LakeTable::Batches,
    time: &["earliest", "latest"],
    when: "",
    distinct: &[
        OWNER,
        Part { name: "source", of: PartOf::Column("COALESCE(source, '')") },
        Part { name: "source_path", of: PartOf::Column("source_path") },
    ],
    shown: &[],
    is_wide: true,
};

/// Flaws, by the first event of their batch; where none of its events has a time, by when it was received.
const FLAWS: Lake = Lake {
    from: "(SELECT f.*, COALESCE(b.earliest, b.received) AS first_event FROM flaws f \
           JOIN batches b ON b.batch = f.batch)",
    of: LakeTable::Flaws,
    time: &["first_event"],
    when: "",
    distinct: &[],
    shown: &["owner", "source_path", "offset", "length", "code", "reason"],
    is_wide: false,
};
