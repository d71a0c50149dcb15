//! One look: what became of each file, and of each log.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use crate::names;
use crate::rotation::{
    Answers, BRANCH, EVIDENCE, GRACE, Known, Phase, RECENT, RETIRED, Rotation, begins_like, is_kin,
};
use crate::sight::{Answer, Identity, Log, Sight, Step};

pub(crate) struct Looking<'a> {
    rotation: &'a mut Rotation,
    now: u64,
    answers: &'a Answers,
    /// Files that hold nothing known.
    fresh: Vec<Sight>,
    pub(crate) steps: Vec<Step>,
}

/// A log that a file agrees with.
#[derive(Clone, Copy)]
struct Agreement {
    of: Log,
    bytes: u64,
    /// Whether the file's name is made from the log's.
    kin: bool,
}

impl<'a> Looking<'a> {
    pub(crate) fn new(rotation: &'a mut Rotation, now: u64, answers: &'a Answers) -> Self {
        Self { rotation, now, answers, fresh: Vec::new(), steps: Vec::new() }
    }

    pub(crate) fn look(&mut self, files: &[Sight]) {
        let seen: HashSet<Identity> = files.iter().map(|sight| sight.identity).collect();
        let now = self.now;
        for known in self.rotation.logs.values_mut().filter(|known| !seen.contains(&known.identity)) {
            // Its last lines may still be read.
            if known.path.take().is_some() {
                known.quiet = now;
            }
        }
        files.iter().for_each(|sight| self.meet(sight));
        self.lose();
        if self.welcome_all() {
            self.rescue();
        }
        self.retire();
        let forgotten = self.rotation.forget();
        self.steps.extend(forgotten.into_iter().map(|log| Step::Forget { log }));
    }

    fn known(&mut self, log: Log) -> Option<&mut Known> {
        self.rotation.logs.get_mut(&log)
    }

    fn answer(&self, sight: &Sight, log: Log) -> Option<Answer> {
        let answers = self.answers.get(&sight.path)?;
        answers.iter().find(|(about, _)| *about == log).map(|(_, answer)| *answer)
    }

    /// A file, known or not.
    fn meet(&mut self, sight: &Sight) {
        let Some((log, known)) = self.rotation.known(sight) else {
            return self.fresh.push(sight.clone());
        };
        let (read, phase) = (known.read, known.phase);
        if known.whole || !known.is_doubtful(sight) {
            return self.go_on(log, sight);
        }
        if let Phase::Copy { of, .. } = phase {
            return self.meet_copy(log, of, sight);
        }
        // Bytes that were seen and not read are in no answer.
        let shrunk = sight.length < known.length;
        let other = (shrunk && read == 0) || !begins_like(&known.start, &sight.start);
        match self.answer(sight, log) {
            Some(Answer::Common(_)) if !other && sight.length >= read => {
                if shrunk && phase == Phase::Live {
                    let length = Some(known.length - sight.length);
                    self.steps.push(Step::Missed { log, offset: sight.length, length });
                }
                self.go_on(log, sight);
            }
            Some(Answer::Common(_)) if !other || sight.length == 0 => self.cut_back(log, sight),
            Some(Answer::Common(_) | Answer::Different) => {
                self.leave(log);
                self.fresh.push(sight.clone());
            }
            Some(Answer::Unknown) | None => {
                // It is asked about again.
                if let Some(known) = self.known(log) {
                    known.path = Some(sight.path.clone());
                    known.settled = false;
                }
            }
        }
    }

    fn meet_copy(&mut self, log: Log, of: Log, sight: &Sight) {
        let (now, answer) = (self.now, self.answer(sight, of));
        if let (Some(Answer::Common(bytes)), Some(known)) = (answer, self.known(log))
            && bytes == sight.length
        {
            known.phase = Phase::Copy { of, length: bytes };
            known.see(sight, now);
        } else if answer != Some(Answer::Unknown) {
            self.rotation.part(log);
            self.fresh.push(sight.clone());
        }
    }

    /// The file still holds its log.
    fn go_on(&mut self, log: Log, sight: &Sight) {
        let now = self.now;
        let Some(known) = self.known(log) else { return };
        let changed = known.is_changed(sight);
        known.see(sight, now);
        if matches!(known.phase, Phase::Left { .. }) {
            known.phase = Phase::Live;
        }
        let (read, whole, ended) = (known.read, known.whole, known.phase == Phase::Ended);
        if whole && changed {
            self.steps.push(Step::Changed { log, path: sight.path.clone() });
        }
        if ended && !whole && sight.length > read {
            self.rotation.part(log);
            self.begin(sight, read, Some(log));
        }
    }

    /// The file holds only the first bytes of what was given; what is written now follows there.
    fn cut_back(&mut self, log: Log, sight: &Sight) {
        let ignored = self.known(log).is_none_or(|known| known.phase == Phase::Ignored);
        self.leave(log);
        if sight.length == 0 || ignored {
            self.fresh.push(sight.clone());
        } else {
            self.begin(sight, sight.length, Some(log));
        }
    }

    /// The file holds something else now.
    fn leave(&mut self, log: Log) {
        let now = self.now;
        let Some(known) = self.known(log) else { return };
        if known.phase == Phase::Live {
            known.phase = Phase::Left { since: now, cut: true };
        }
        self.rotation.part(log);
    }

    /// Logs whose files stand nowhere.
    fn lose(&mut self) {
        let now = self.now;
        let gone = |known: &Known| known.path.is_none() && !known.held && known.phase == Phase::Live;
        for (log, known) in self.rotation.logs.iter_mut().filter(|(_, known)| gone(known)) {
            known.phase = if known.whole { Phase::Ended } else { Phase::Left { since: now, cut: false } };
            if known.whole {
                self.steps.push(Step::End { log: *log });
            }
        }
    }

    /// Files that hold nothing known, the oldest first. What may be a copy of a file as new as
    /// itself waits until that one is known; then not all are.
    fn welcome_all(&mut self) -> bool {
        let mut fresh = std::mem::take(&mut self.fresh);
        // An empty file may be the beginning of a copy.
        fresh.retain(|sight| sight.length > 0);
        fresh.sort_by_key(|sight| std::cmp::Reverse(sight.length));
        let paths: HashSet<PathBuf> = fresh.iter().map(|sight| sight.path.clone()).collect();
        let following = self.rotation.began.is_some();
        let mut welcome: Vec<&Sight> = Vec::new();
        for sight in &fresh {
            // Before anything is followed there is nothing that a neighbour could have to do with.
            let ignored = !following && !sight.asked;
            let family = self.rotation.family(&sight.path);
            let is_sibling =
                |other: &&Sight| begins_like(&other.start, &sight.start) && is_kin(&family, &other.path);
            let waits = !family.is_disjoint(&paths) || (following && welcome.iter().any(is_sibling));
            if ignored || !waits {
                welcome.push(sight);
            }
        }
        welcome.sort_by_key(|sight| sight.modified);
        welcome.into_iter().for_each(|sight| self.welcome(sight));
        fresh.iter().all(|sight| self.rotation.known(sight).is_some())
    }

    /// A file that holds nothing known, or a copy of it.
    fn welcome(&mut self, sight: &Sight) {
        if !sight.asked && self.is_old(sight) {
            let (log, _) = self.rotation.insert(sight, Phase::Ignored, sight.length);
            return self.steps.push(Step::Ignore { log, path: sight.path.clone() });
        }
        let answers = self.answers.get(&sight.path).map_or(&[][..], Vec::as_slice);
        if answers.iter().any(|(_, answer)| *answer == Answer::Unknown) {
            return;
        }
        let family = self.rotation.family(&sight.path);
        let agreements = answers.iter().filter_map(|(of, answer)| {
            let known = self.rotation.logs.get(of).filter(|known| known.identity != sight.identity)?;
            let Answer::Common(bytes) = *answer else { return None };
            let kin = is_kin(&family, &known.origin);
            // Of a log that lost its file before anything was read its first bytes are known.
            let unread = kin && known.read == 0 && matches!(known.phase, Phase::Left { .. });
            let enough = bytes >= if kin { 1 } else { EVIDENCE };
            (enough || unread).then_some(Agreement { of: *of, bytes, kin })
        });
        match agreements.max_by_key(|agreement| (agreement.bytes, agreement.of)) {
            Some(agreement) => self.recognise(sight, agreement),
            None => self.begin(sight, 0, None),
        }
    }

    /// A file that begins as a log does.
    fn recognise(&mut self, sight: &Sight, Agreement { of, bytes, kin }: Agreement) {
        let Some(known) = self.rotation.logs.get(&of) else { return };
        let left = matches!(known.phase, Phase::Left { .. });
        let gone = left || (known.phase == Phase::Ended && known.path.is_none());
        if sight.length <= bytes {
            self.rotation.insert(sight, Phase::Copy { of, length: sight.length }, 0);
            let path = sight.path.clone();
            self.steps.push(Step::Copied { path, of, length: sight.length, stranger: !kin });
        } else if left && bytes == known.read {
            self.go_over(of, sight);
        } else if (gone && bytes == known.read) || bytes >= BRANCH {
            self.begin(sight, bytes, Some(of));
        } else {
            self.begin(sight, 0, None);
        }
    }

    /// A log goes on in a file that copied it.
    fn go_over(&mut self, log: Log, sight: &Sight) {
        let now = self.now;
        self.rotation.part(log);
        let Some(known) = self.known(log) else { return };
        // A copy that is shorter than what was seen was not made in order to cut the log off.
        let lack = known.length.saturating_sub(sight.length);
        let cut = matches!(known.phase, Phase::Left { cut: true, .. });
        let recent = now.saturating_sub(sight.modified) <= RECENT;
        known.identity = sight.identity;
        known.phase = Phase::Live;
        known.rotated = known.origin != sight.path;
        known.quiet = now;
        known.see(sight, now);
        known.settled = false;
        self.rotation.standing.insert(sight.identity, log);
        self.steps.push(Step::Move { log, path: sight.path.clone() });
        if lack > 0 || (cut && !recent) {
            let length = Some(lack).filter(|_| !cut);
            self.steps.push(Step::Missed { log, offset: sight.length, length });
        }
    }

    /// Logs that lost their files go on in copies known before.
    fn rescue(&mut self) {
        let mut best: BTreeMap<Log, (u64, Log)> = BTreeMap::new();
        for (copy, known) in &self.rotation.logs {
            let Phase::Copy { of, length } = known.phase else { continue };
            let left = self.rotation.logs.get(&of).filter(|of| matches!(of.phase, Phase::Left { .. }));
            let longer = length > best.get(&of).map_or(0, |(most, _)| *most);
            if left.is_some_and(|of| length > of.read) && known.path.is_some() && longer {
                best.insert(of, (length, *copy));
            }
        }
        for (log, (_, copy)) in best {
            let Some(Known { path: Some(path), identity, length, modified, .. }) =
                self.rotation.logs.remove(&copy)
            else {
                continue;
            };
            let sight = Sight { path, identity, length, modified, asked: true, start: Vec::new() };
            self.go_over(log, &sight);
        }
    }

    /// How far logs were copied of late, as they are before they are cut off.
    fn copied(&self) -> HashMap<Log, u64> {
        let mut copied = HashMap::new();
        for known in self.rotation.logs.values() {
            if let Phase::Copy { of, length } = known.phase
                && self.now.saturating_sub(known.modified) <= RECENT
            {
                let most: &mut u64 = copied.entry(of).or_default();
                *most = length.max(*most);
            }
        }
        copied
    }

    /// Ends logs of which nothing more will come, and tells what was missed of them.
    pub(crate) fn retire(&mut self) {
        let copied = self.copied();
        for (log, known) in &mut self.rotation.logs {
            let idle = self.now.saturating_sub(known.quiet) >= RETIRED && known.read >= known.length;
            let over = match known.phase {
                Phase::Left { since, cut } if self.now.saturating_sub(since) >= GRACE => {
                    // Of a file that was cut off nobody knows how long it was, unless a copy says.
                    let unknown = cut && copied.get(log).is_none_or(|length| *length < known.length);
                    let length = known.length.saturating_sub(known.read);
                    if unknown || length > 0 {
                        let length = Some(length).filter(|_| !unknown);
                        self.steps.push(Step::Missed { log: *log, offset: known.read, length });
                    }
                    true
                }
                Phase::Live => idle && !known.whole && (known.rotated || known.path.is_none()),
                _ => false,
            };
            if over {
                known.phase = Phase::Ended;
                self.steps.push(Step::End { log: *log });
            }
        }
    }

    /// Whether a neighbour was written before following of its log began.
    fn is_old(&self, sight: &Sight) -> bool {
        let Some(began) = &self.rotation.began else { return true };
        names::bases(&sight.path).filter_map(|base| began.get(&base)).any(|written| sight.modified < *written)
    }

    /// The log that stood under its name before, if any, has been rotated away.
    fn begin(&mut self, sight: &Sight, offset: u64, after: Option<Log>) {
        let now = self.now;
        let before = self.rotation.named.get(&sight.path).copied();
        if let Some(before) = before.and_then(|before| self.known(before))
            && !before.rotated
        {
            before.rotated = true;
            before.quiet = now;
        }
        let (log, known) = self.rotation.insert(sight, Phase::Live, offset);
        known.quiet = now;
        self.rotation.named.insert(sight.path.clone(), log);
        self.steps.push(Step::Begin { log, path: sight.path.clone(), offset, after });
    }
}
