//! The same plan gives the same bytes, whatever the chunks; another seed gives others; memory stays bounded.

use super::{generate, small};
use simulate::{Generator, Plan, Shape};

#[test]
fn same_seed_same_bytes_in_every_chunk_size() {
    let plan = Plan { days: 2, ..small(7) };
    for file in plan.files() {
        let (bytes, truths, _) = generate(&plan, &file, usize::MAX);
        for budget in [1, 777, 65_536] {
            let again = generate(&plan, &file, budget);
            assert!(again.0 == bytes, "{} in chunks of {budget}", file.path);
            assert_eq!(again.1, truths);
        }
    }
}

#[test]
fn another_seed_gives_other_bytes() {
    let (first, second) = (Plan { days: 1, ..small(1) }, Plan { days: 1, ..small(2) });
    for file in first.files() {
        assert!(generate(&first, &file, 1 << 20).0 != generate(&second, &file, 1 << 20).0, "{}", file.path);
    }
}

/// A longer plan begins with the bytes of a shorter one.
#[test]
fn days_are_only_added() {
    let (short, long) = (Plan { days: 1, ..small(3) }, Plan { days: 3, ..small(3) });
    for file in short.files() {
        let (before, after) = (generate(&short, &file, 1 << 20).0, generate(&long, &file, 1 << 20).0);
        assert!(after.starts_with(&before), "{}", file.path);
    }
}

#[test]
fn neither_days_nor_scale_add_to_what_is_held() {
    let hosts = 260;
    for (days, scale) in [(1, 1.0), (8, 1.0), (1, 40.0)] {
        let plan = Plan { days, scale, stories: Vec::new(), ..Plan::week(5) };
        for file in plan.files().iter().filter(|file| file.organisation == "keizai") {
            let mut generator = Generator::new(&plan, file);
            let mut held = 0;
            while !generator.write(&mut std::io::sink(), 200_000).unwrap().done {
                held = held.max(generator.pending());
            }
            assert!(held < hosts * 25, "{} holds {held} for {days} days at {scale}", file.path);
        }
    }
}

#[test]
fn the_demos_week_has_the_promised_size() {
    for seed in [1, 2, 20_260_615] {
        let plan = Plan::week(seed);
        let (windows, linux) = sizes(&plan);
        assert!((150_000..=250_000).contains(&(windows + linux)), "{windows} + {linux}");
        assert!(linux > 5_000);
    }
}

fn sizes(plan: &Plan) -> (u64, u64) {
    let (mut windows, mut linux) = (0, 0);
    for file in plan.files() {
        let mut generator = Generator::new(plan, &file);
        while !generator.write(&mut std::io::sink(), 1 << 22).unwrap().done {}
        if file.shape == Shape::Auditd { linux += generator.events() } else { windows += generator.events() }
    }
    (windows, linux)
}

/// Values can be read without any encoder.
#[test]
fn events_can_be_taken_as_values() {
    let plan = Plan { days: 1, ..small(1) };
    let file = &plan.files()[0];
    let (bytes, _, events) = generate(&plan, file, 1 << 20);
    let (mut generator, mut lines, mut count) = (Generator::new(&plan, file), Vec::new(), 0);
    while let Some(event) = generator.next_event() {
        count += 1;
        file.shape.encode(event, &mut lines);
    }
    assert_eq!(count, events);
    assert!(lines == bytes);
}
