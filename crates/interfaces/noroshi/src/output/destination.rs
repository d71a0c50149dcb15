//! Where an output goes, known before anything is opened: no output may be, or lead to, what the
//! run reads, no two may have one destination, and what stands there is replaced only when it is
//! an earlier output of the same kind or the user says so.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use intake::identity::{self, Identity};
use intake::inputs::InputFile;
use page::Words;

use super::form::Form;
use crate::Failure;

/// Links that a path may lead over.
const LINKS: usize = 40;

/// Where an output goes.
#[derive(Debug)]
pub struct Destination {
    /// As the user wrote it.
    pub shown: String,
    /// What is written there.
    pub form: Form,
    /// How it is written.
    pub way: Way,
    /// What stands there now.
    there: Option<There>,
}

/// How an output is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// To standard output.
    StandardOutput,
    /// To a file, which links lead to and which may not be there yet.
    File(PathBuf),
    /// To a pipe, which is opened once somebody reads it.
    Pipe(PathBuf),
    /// To a device.
    Device(PathBuf),
}

#[derive(Debug, Clone, Copy)]
struct There {
    identity: Identity,
    /// Terminals, `/dev/null` and connections are no evidence, and may be read and written at once.
    is_evidence: bool,
}

impl There {
    fn of(metadata: &Metadata) -> Self {
        let kind = metadata.file_type();
        let identity = Identity::of(metadata);
        Self { identity, is_evidence: kind.is_file() || kind.is_fifo() || kind.is_block_device() }
    }
}

/// What a run reads.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// Logs.
    pub inputs: &'a [InputFile],
    /// Rules and values of placeholders.
    pub rules: &'a [InputFile],
}

impl Destination {
    /// Finds out where a path leads; `-` is standard output.
    ///
    /// # Errors
    /// When the path cannot lead to a file.
    pub fn of(path: &Path, form: Form, words: Words) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        match lead(path) {
            Ok((way, there)) => Ok(Self { shown, form, way, there }),
            Err(error) => Err(Failure::output(words, &shown, &error)),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        let identities = |there: &There, other: &There| there.identity == other.identity;
        let are_one = self.there.as_ref().zip(other.there.as_ref()).map(|(one, two)| identities(one, two));
        self.way == other.way || are_one.unwrap_or(false)
    }

    /// Whether what stands there may be lost.
    fn is_free(&self) -> bool {
        match &self.way {
            Way::File(path) if self.there.is_some() => self.form.stands_in(path).unwrap_or(false),
            Way::StandardOutput => identity::standard_output().is_ok_and(|metadata| metadata.len() == 0),
            _ => true,
        }
    }

    /// The first of some files that the destination leads to.
    fn among<'a>(&self, files: &'a [InputFile]) -> Option<&'a InputFile> {
        let there = self.there.filter(|there| there.is_evidence)?;
        files.iter().find(|file| file.identity == Some(there.identity))
    }

    fn check(&self, evidence: Evidence<'_>, force: bool, words: Words) -> Result<(), Failure> {
        let refuse = |key: &str, other: &str| {
            let values = [("path", self.shown.as_str().into()), ("other", other.into())];
            Err(Failure::usage(words, key, &values))
        };
        if let Some(rule) = self.among(evidence.rules) {
            return refuse("cli-error-output-rule", &rule.shown);
        }
        // An earlier output that lies among the logs may be written anew.
        if let Some(input) = self.among(evidence.inputs).filter(|input| input.named || !self.is_free()) {
            return refuse("cli-error-output-input", &input.shown);
        }
        if !force && matches!(self.way, Way::File(_)) && !self.is_free() {
            return refuse("cli-error-output-foreign", "");
        }
        Ok(())
    }
}

/// Refuses outputs that would harm what the run reads, each other, or what is not ours.
///
/// # Errors
/// Says which output and why.
pub fn check(
    destinations: &[Destination],
    evidence: Evidence<'_>,
    force: bool,
    words: Words,
) -> Result<(), Failure> {
    for (number, destination) in destinations.iter().enumerate() {
        if let Some(other) = destinations[..number].iter().find(|other| destination.is_same(other)) {
            let values =
                [("first", other.shown.as_str().into()), ("second", destination.shown.as_str().into())];
            return Err(Failure::usage(words, "cli-error-output-twice", &values));
        }
        destination.check(evidence, force, words)?;
    }
    Ok(())
}

fn lead(path: &Path) -> io::Result<(Way, Option<There>)> {
    let standard_output = identity::standard_output();
    if path == Path::new("-") {
        return Ok((Way::StandardOutput, standard_output.ok().map(|metadata| There::of(&metadata))));
    }
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((Way::File(end_of_links(path)?), None));
        }
        Err(error) => return Err(error),
    };
    let (there, kind) = (There::of(&metadata), metadata.file_type());
    let is_standard_output =
        there.is_evidence && standard_output.is_ok_and(|metadata| Identity::of(&metadata) == there.identity);
    let way = match kind {
        _ if is_standard_output => Way::StandardOutput,
        _ if kind.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        _ if kind.is_file() => Way::File(fs::canonicalize(path)?),
        _ if kind.is_fifo() => Way::Pipe(path.to_owned()),
        _ => Way::Device(path.to_owned()),
    };
    Ok((way, Some(there)))
}

/// The file that a path without one leads to, in the one spelling that its folder has.
fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => fs::canonicalize(folder)?,
            _ => fs::canonicalize(".")?,
        };
        let name: OsString = path.file_name().ok_or(io::ErrorKind::IsADirectory)?.to_owned();
        path = folder.join(name);
        match fs::read_link(&path) {
            Ok(target) => path = folder.join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}
