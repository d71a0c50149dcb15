//! Questions in SQL, answered by DataFusion.
//!
//! A question is looked at before anything else sees it: how long and how deep it is ([`gate`]), what
//! it would do and which tables it names ([`statement`]). Then it is planned over these tables alone
//! ([`session`]), looked at again ([`plan`]), and run within the limits of memory, disk and time.

mod error;
mod events;
mod gate;
mod opaque;
mod plan;
mod session;
mod statement;
mod windows;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use datafusion::common::ScalarValue;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use model::panic::message;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

pub use error::AskError;

use crate::horizon::At;
use crate::lake::Looking;
use crate::place::Place;
use crate::scan::Footers;
use crate::view::{self, Present, Restricted, Shelf};
use crate::whole::Superseded;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// One statement that only reads.
    pub sql: String,
    /// Values of `$1`, `$2` …, all texts.
    pub values: Vec<String>,
}

/// What an answer may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskLimits {
    /// From the first look at the question to its last row.
    pub time: Duration,
    /// Bytes of memory that sorting, grouping and joining may take.
    pub memory: usize,
    /// Bytes that may wait on disk when memory is not enough.
    pub disk: u64,
}

impl Default for AskLimits {
    fn default() -> Self {
        Self { time: Duration::from_secs(300), memory: 512 << 20, disk: 16 << 30 }
    }
}

/// Questions that are answered at the same time; others wait for their turn.
const AT_ONCE: usize = 2;
/// How often a waiting answer looks whether it was stopped.
const LOOK: Duration = Duration::from_millis(50);

/// Takes an answer: its columns first, then rows until it wants no more.
pub type Receive<'a> = dyn FnMut(Answer) -> ControlFlow<()> + 'a;

/// A part of an answer.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The columns that all rows have.
    Columns(SchemaRef),
    /// Some rows.
    Rows(RecordBatch),
}

/// Whose turn it is.
pub(crate) type Turns = Arc<Semaphore>;

pub(crate) fn turns() -> Turns {
    Arc::new(Semaphore::new(AT_ONCE))
}

/// A question of somebody, and how the answer is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// Who asks, and when.
    pub who: Looking<'a>,
    /// What.
    pub question: &'a Question,
    /// What it may cost.
    pub limits: AskLimits,
    /// Set by whoever wants no answer any more.
    pub stop: &'a AtomicBool,
}

/// The lake that is asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) place: Place,
    pub(crate) turns: Turns,
    pub(crate) footers: Footers,
    pub(crate) superseded: Superseded,
    pub(crate) present: Present,
    pub(crate) pushing_down: bool,
    /// None for somebody who sees everything.
    pub(crate) restricted: Option<Restricted>,
    /// Where tables are asked as they were at a horizon.
    pub(crate) at: Option<At>,
    pub(crate) threads: Handle,
}

impl Asked {
    fn shelf(&self) -> Shelf<'_> {
        Shelf {
            place: &self.place,
            footers: &self.footers,
            superseded: &self.superseded,
            present: &self.present,
            pushing_down: self.pushing_down,
        }
    }
}

impl Asking<'_> {
    /// Answers a question over the tables of a lake. A task of its own does the work, so that time is
    /// kept whatever it does; one that was given up holds its turn until it notices.
    pub(crate) fn answer(&self, lake: &Asked, receive: &mut Receive<'_>) -> Result<(), AskError> {
        let answer = self.given(lake, receive);
        if lake.restricted.is_some() { answer.map_err(AskError::veiled) } else { answer }
    }

    fn given(&self, lake: &Asked, receive: &mut Receive<'_>) -> Result<(), AskError> {
        self.who.view.begin(self.who.now)?;
        let until = Instant::now() + self.limits.time;
        let (give, take) = mpsc::channel();
        let room = Arc::new(Semaphore::new(PARTS));
        let giving = Giving { give, room: room.clone() };
        let task = lake.threads.spawn(work(self.question.clone(), lake.clone(), self.limits, giving));
        let given_up = |error| {
            task.abort();
            Err(error)
        };
        // Not by the clock of the threads that work: they may be at work.
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return given_up(AskError::Stopped);
            }
            match take.recv_timeout(until.saturating_duration_since(Instant::now()).min(LOOK)) {
                Ok(part) => {
                    room.add_permits(1);
                    if receive(part).is_break() {
                        task.abort();
                        return Ok(());
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) if Instant::now() >= until => {
                    return given_up(AskError::Time { limit: self.limits.time });
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        match lake.threads.block_on(task) {
            Ok(done) => done,
            Err(error) => Err(match error.try_into_panic() {
                Ok(panic) => AskError::Fault(message(&*panic)),
                Err(_) => AskError::Stopped,
            }),
        }
    }
}

/// Parts of an answer that may wait to be taken.
const PARTS: usize = 2;

/// Where an answer goes.
struct Giving {
    give: mpsc::Sender<Answer>,
    /// Room for parts that wait.
    room: Arc<Semaphore>,
}

impl Giving {
    /// Says whether it is still wanted.
    async fn part(&self, part: Answer) -> bool {
        match self.room.acquire().await {
            Ok(room) => room.forget(),
            Err(_) => return false,
        }
        self.give.send(part).is_ok()
    }
}

async fn work(question: Question, lake: Asked, limits: AskLimits, giving: Giving) -> Result<(), AskError> {
    gate::look(&question.sql)?;
    let read = statement::read(&question.sql)?;
    let _turn = lake.turns.clone().acquire_owned().await.map_err(|_| AskError::Stopped)?;
    let session = session::over(&lake, &read.tables, &limits).await?;
    let mut rows = run(&question, &session, read).await?;
    let mut is_wanted = giving.part(Answer::Columns(rows.schema())).await;
    while is_wanted && let Some(part) = rows.next().await {
        let mut part = part.map_err(|error| AskError::of(&error))?;
        if lake.restricted.is_some() {
            part = view::alone(&part).map_err(|error| AskError::of(&error.into()))?;
        }
        if part.num_rows() > 0 {
            is_wanted = giving.part(Answer::Rows(part)).await;
        }
    }
    Ok(())
}

async fn run(
    question: &Question,
    session: &SessionContext,
    read: statement::Read,
) -> Result<SendableRecordBatchStream, AskError> {
    let wrong = |error| AskError::of(&error);
    let planned = session.state().statement_to_plan(read.statement).await.map_err(wrong)?;
    let values: Vec<ScalarValue> =
        question.values.iter().map(|value| ScalarValue::from(value.as_str())).collect();
    let planned = planned.with_param_values(values).map_err(wrong)?;
    plan::reads(&planned)?;
    plan::joins(&session.state().optimize(&planned).map_err(wrong)?)?;
    let frame = session.execute_logical_plan(planned).await.map_err(wrong)?;
    frame.execute_stream().await.map_err(wrong)
}
