//! `cargo xtask bench hostile`: time and peak memory of scans of inputs made to hurt: long runs of
//! nothing, lines without an end, archives whose entries overlap or that decompress for ever. Each is
//! made here and scanned alone; Linux only.

use std::fs::{self, File};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::bench::{NEVER, cost_however, release};

/// The rule that the inputs are scanned with.
const RULE: &str = "never.yml";
/// What a hostile input may take: seconds, megabytes.
const MOST: (f64, u64) = (10.0, 250);

/// An input: its name, and how it is written.
type Input = (&'static str, fn(&mut File, u64) -> Result<()>);

const INPUTS: &[Input] = &[
    ("zeros-before-a-log.log", zeros_before_a_log),
    ("zeros-between-lines.json", zeros_between_lines),
    ("garbage.bin", garbage),
    ("banner.log", banner),
    ("line-without-end.log", line_without_end),
    ("object-without-end.json", object_without_end),
    ("brackets.json", brackets),
    ("event-without-end.xml", event_without_end),
    ("columns.zeek.log", columns),
    ("byte-array.json", byte_array),
    ("text-in-text.json", text_in_text),
    ("years-up-and-down.log", years_up_and_down),
    ("overlapping.zip", overlapping),
    ("without-directory.zip", without_directory),
    ("damaged.tar", damaged_tar),
    ("bomb.json.gz", bomb),
];

/// Runs the measurement: `[--megabytes N] [NAME...]`; N is the size of the larger inputs.
pub fn run(arguments: &[String]) -> Result<()> {
    let at = arguments.iter().position(|argument| argument == "--megabytes");
    let megabytes: u64 = match at.map(|at| arguments.get(at + 1)) {
        None => 200,
        Some(number) => number.context("--megabytes wants a number")?.parse().context("--megabytes")?,
    };
    let named = |name: &str| arguments.iter().any(|argument| name.starts_with(argument.as_str()));
    let any_named = INPUTS.iter().any(|(name, _)| named(name));
    let wanted = |name: &str| !any_named || named(name);
    let noroshi = release()?;
    // Reading is measured: what many matches and open groups cost is another question.
    let work = std::env::temp_dir().join(format!("noroshi-hostile-{}", std::process::id()));
    fs::create_dir_all(&work)?;
    fs::write(work.join(RULE), NEVER)?;
    let measured = INPUTS.iter().filter(|(name, _)| wanted(name)).try_for_each(|(name, write)| {
        let path = work.join(name);
        write(&mut File::create(&path)?, megabytes << 20)?;
        let measured = measure(&noroshi, name, &path);
        fs::remove_file(&path)?;
        measured
    });
    fs::remove_dir_all(&work)?;
    measured
}

fn measure(noroshi: &Path, name: &str, path: &Path) -> Result<()> {
    let mut command = Command::new(noroshi);
    let summary = path.with_extension("summary");
    let rule = path.with_file_name(RULE);
    command.args(["detect", "--force", "--summary"]).arg(&summary).arg("--rules").arg(&rule).arg(path);
    let cost = cost_however(&mut command)?;
    let told = fs::read_to_string(&summary).unwrap_or_default();
    let events = told.split("\"events\":").nth(1).and_then(|rest| rest.split([',', '\n']).next());
    let over = cost.wall > MOST.0 || cost.peak_kb / 1024 > MOST.1;
    println!(
        "{name:<28} {:>8.2} s {:>6} MB  events {:>9} {}",
        cost.wall,
        cost.peak_kb / 1024,
        events.unwrap_or("-").trim(),
        if over { "TOO MUCH" } else { "" }
    );
    drop(fs::remove_file(&summary));
    Ok(())
}

const LINE: &[u8] = b"Jun 11 03:04:05 host sshd[1]: Accepted password for kai from 192.0.2.1 port 1 ssh2\n";
const OBJECT: &[u8] = b"{\"Channel\":\"Security\",\"EventID\":4625,\"Computer\":\"ws01.example.org\"}\n";

fn zeros_before_a_log(file: &mut File, bytes: u64) -> Result<()> {
    // A writer that kept its place after its log was cut: nothing of the hole is on disk.
    file.seek(SeekFrom::Start(bytes * 10))?;
    Ok(file.write_all(&LINE.repeat(1_000))?)
}

fn zeros_between_lines(file: &mut File, bytes: u64) -> Result<()> {
    file.write_all(OBJECT)?;
    file.seek(SeekFrom::Current(i64::try_from(bytes)?))?;
    file.write_all(b"\n")?;
    Ok(file.write_all(OBJECT)?)
}

fn garbage(file: &mut File, bytes: u64) -> Result<()> {
    let mut state = 88_172_645_463_325_252u64;
    let mut out = BufWriter::new(file);
    for _ in 0..bytes / 8 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out.write_all(&state.to_le_bytes())?;
    }
    Ok(out.flush()?)
}

fn banner(file: &mut File, bytes: u64) -> Result<()> {
    let text = b"exported by an invented tool, with more words than anybody reads\n";
    file.write_all(&text.repeat((1 << 20) / text.len()))?;
    let mut out = BufWriter::new(file);
    for _ in 0..bytes / LINE.len() as u64 {
        out.write_all(LINE)?;
    }
    Ok(out.flush()?)
}

fn repeated(file: &mut File, head: &[u8], part: &[u8], bytes: u64) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    out.write_all(head)?;
    for _ in 0..bytes / part.len() as u64 {
        out.write_all(part)?;
    }
    Ok(out.flush()?)
}

fn line_without_end(file: &mut File, bytes: u64) -> Result<()> {
    repeated(file, &LINE[..LINE.len() - 1], b"x", bytes * 2)
}

fn object_without_end(file: &mut File, bytes: u64) -> Result<()> {
    repeated(file, b"{\"a\":1}\n{\"EventID\":1,\"CommandLine\":\"", b"whoami ", bytes * 2)
}

fn brackets(file: &mut File, bytes: u64) -> Result<()> {
    repeated(file, b"{\"a\":", b"[", bytes)
}

fn event_without_end(file: &mut File, bytes: u64) -> Result<()> {
    let head =
        b"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>1</EventID>";
    repeated(file, head, b"<Data Name='a'>b&amp;c</Data>", bytes * 2)
}

fn columns(file: &mut File, bytes: u64) -> Result<()> {
    let names = (0..20_000).map(|number| format!("\tf{number}")).collect::<String>();
    let types = "\tstring".repeat(20_000);
    let head = format!("#separator \\x09\n#path\tconn\n#fields{names}\n#types{types}\n");
    let row = format!("{}\n", ["v"; 20_000].join("\t"));
    repeated(file, head.as_bytes(), row.as_bytes(), bytes)
}

fn byte_array(file: &mut File, bytes: u64) -> Result<()> {
    let head = b"{\"__REALTIME_TIMESTAMP\":\"1700000000000000\",\"__CURSOR\":\"a\",\"MESSAGE\":[65";
    repeated(file, head, b",66", bytes / 4)?;
    Ok(file.write_all(b"]}\n")?)
}

fn text_in_text(file: &mut File, bytes: u64) -> Result<()> {
    let mut inner = "{\\\"a\\\":1}".to_owned();
    for _ in 0..6 {
        inner = format!("{{\\\"log\\\":\\\"{}\\\"}}", inner.replace('\\', "\\\\").replace('"', "\\\""));
        inner.truncate(60_000);
    }
    let line = format!("{{\"log\":\"{inner}\",\"stream\":\"stdout\",\"time\":\"2026-06-11T00:00:00Z\"}}\n");
    repeated(file, b"", line.as_bytes(), bytes)
}

fn years_up_and_down(file: &mut File, bytes: u64) -> Result<()> {
    let months = ["Dec 31", "Jan  1", "Feb 29", "Jul  2", "Mar  3", "Nov 30"];
    let mut out = BufWriter::with_capacity(1 << 20, file);
    for number in 0..bytes / 64 {
        let month = months[usize::try_from(number)? % months.len()];
        writeln!(out, "{month} 23:59:60 host sshd[{number}]: Failed password for root from 192.0.2.1")?;
    }
    Ok(out.flush()?)
}

/// A local header of zip: stored, with its name.
fn local_header(name: &str, size: u32) -> Result<Vec<u8>> {
    let mut header = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0".to_vec();
    for number in [0, size, size] {
        header.extend_from_slice(&u32::to_le_bytes(number));
    }
    header.extend_from_slice(&u16::try_from(name.len())?.to_le_bytes());
    header.extend_from_slice(&[0, 0]);
    header.extend_from_slice(name.as_bytes());
    Ok(header)
}

fn overlapping(file: &mut File, bytes: u64) -> Result<()> {
    let size = u32::try_from((bytes * 2 / 5) / OBJECT.len() as u64 * OBJECT.len() as u64)?;
    file.write_all(&local_header("a.json", size)?)?;
    repeated(file, b"", OBJECT, u64::from(size))?;
    let start = 30 + 6 + size;
    let mut directory = Vec::new();
    for number in 0..5_000u32 {
        let name = format!("m{number:05}.json");
        directory.extend_from_slice(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
        for value in [0, size, size] {
            directory.extend_from_slice(&u32::to_le_bytes(value));
        }
        directory.extend_from_slice(&u16::try_from(name.len())?.to_le_bytes());
        directory.extend_from_slice(&[0; 16]);
        directory.extend_from_slice(name.as_bytes());
    }
    file.write_all(&directory)?;
    file.write_all(b"PK\x05\x06\0\0\0\0")?;
    file.write_all(&[5_000u16.to_le_bytes(), 5_000u16.to_le_bytes()].concat())?;
    file.write_all(&u32::try_from(directory.len())?.to_le_bytes())?;
    Ok(file.write_all(&[&start.to_le_bytes()[..], &[0, 0]].concat())?)
}

fn without_directory(file: &mut File, bytes: u64) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let size = u32::try_from(OBJECT.len())?;
    for number in 0..bytes / 1_000 {
        out.write_all(&local_header(&format!("{number}.json"), size)?)?;
        out.write_all(OBJECT)?;
    }
    Ok(out.flush()?)
}

fn damaged_tar(file: &mut File, bytes: u64) -> Result<()> {
    let mut header = [0u8; 512];
    header[..6].copy_from_slice(b"a.json");
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(b"00000000104\0");
    header[156] = b'0';
    header[257..263].copy_from_slice(b"ustar\0");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum::<u32>() + 8 * u32::from(b' ');
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut member = header.to_vec();
    member.extend_from_slice(OBJECT);
    member.resize(1_024, 0);
    let mut out = BufWriter::with_capacity(1 << 20, file);
    for number in 0..bytes / 1_024 {
        // Every third header is damaged.
        member[0] = if number % 3 == 1 { b'b' } else { b'a' };
        out.write_all(&member)?;
    }
    Ok(out.flush()?)
}

fn bomb(file: &mut File, bytes: u64) -> Result<()> {
    let mut gzip = Command::new("gzip");
    let mut gzip = gzip.arg("-9").stdin(Stdio::piped()).stdout(file.try_clone()?).spawn().context("gzip")?;
    let mut out = gzip.stdin.take().context("gzip takes its input")?;
    out.write_all(OBJECT)?;
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..bytes * 50 / (1 << 20) {
        out.write_all(&blanks)?;
    }
    out.write_all(OBJECT)?;
    drop(out);
    gzip.wait()?;
    Ok(())
}
