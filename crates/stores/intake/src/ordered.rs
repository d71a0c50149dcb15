//! Work over threads whose results come in the order of the jobs: one thread makes the jobs, others
//! do them, the caller receives.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};

use crate::stop::Stop;

/// How many work, and how far ahead of the caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crew {
    /// Threads that do jobs, at least 1.
    pub threads: usize,
    /// Jobs that may be under way at once, for each of them.
    pub ahead: u64,
}

/// Takes the jobs of the thread that makes them.
pub(crate) struct Give<'a, J> {
    /// Jobs given.
    number: u64,
    queue: SyncSender<Numbered<J>>,
    window: &'a Window,
    ahead: u64,
}

struct Numbered<T> {
    number: u64,
    of: T,
}

/// Lets jobs run ahead of the results, but not without bound.
#[derive(Default)]
struct Window {
    passed: Mutex<u64>,
    moved: Condvar,
}

impl<J> Give<'_, J> {
    /// Hands a job on; says whether anybody still takes them.
    pub(crate) fn job(&mut self, job: J) -> bool {
        self.window.wait_for(self.number, self.ahead);
        let numbered = Numbered { number: self.number, of: job };
        self.number += 1;
        self.queue.send(numbered).is_ok()
    }
}

impl Crew {
    /// Runs until all jobs that `make` gives have been done and received. `worker` makes what each
    /// thread does jobs with.
    ///
    /// # Errors
    /// The first error of `receive`, upon which `stop` is asked; a thread that died.
    pub(crate) fn run<J: Send, R: Send, T: Send, W: FnMut(J) -> R>(
        self,
        stop: &Stop,
        make: impl FnOnce(&mut Give<'_, J>) -> T + Send,
        worker: impl Fn() -> W + Sync,
        receive: &mut dyn FnMut(R) -> io::Result<()>,
    ) -> io::Result<T> {
        let window = Window::default();
        let (jobs, queue) = sync_channel(self.threads);
        let (finished, results) = sync_channel(self.threads * 2);
        let queue = Mutex::new(queue);
        std::thread::scope(|scope| {
            let (window, queue, worker) = (&window, &queue, &worker);
            let ahead = self.ahead * self.threads as u64;
            let maker = scope.spawn(move || make(&mut Give { number: 0, queue: jobs, window, ahead }));
            for _ in 0..self.threads {
                let finished = finished.clone();
                scope.spawn(move || work(worker(), queue, &finished));
            }
            drop(finished);
            let outcome = collect(&results, window, receive);
            if outcome.is_err() {
                stop.ask();
                window.open();
                // Workers that still wait to hand over must not wait for ever.
                while results.recv().is_ok() {}
            }
            let made = maker.join().map_err(|_| io::Error::other("the reading thread died"));
            outcome.and(made)
        })
    }
}

fn work<J, R>(
    mut worker: impl FnMut(J) -> R,
    queue: &Mutex<Receiver<Numbered<J>>>,
    finished: &SyncSender<Numbered<R>>,
) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Numbered { number, of }) = job else { return };
        if finished.send(Numbered { number, of: worker(of) }).is_err() {
            return;
        }
    }
}

/// Receives results in the order of the jobs.
fn collect<R>(
    results: &Receiver<Numbered<R>>,
    window: &Window,
    receive: &mut dyn FnMut(R) -> io::Result<()>,
) -> io::Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for done in results {
        waiting.insert(done.number, done.of);
        while let Some(done) = waiting.remove(&next) {
            next += 1;
            receive(done)?;
            window.advance(next);
        }
    }
    Ok(())
}

impl Window {
    fn advance(&self, passed: u64) {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) = passed;
        self.moved.notify_all();
    }

    fn open(&self) {
        self.advance(u64::MAX / 2);
    }

    fn wait_for(&self, number: u64, ahead: u64) {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        while number >= passed.saturating_add(ahead) {
            passed = self.moved.wait(passed).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
