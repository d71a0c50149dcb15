//! What waits to be added to the lake. The disk of the lake has its bad moments, and what is received must
//! not wait for them: a few batches wait as they are, many more as the bytes that the spool has of them.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arrow_array::RecordBatch;
use lake::{Delivery, Expired, LakeError, Retention, Shard, TableName, Vacuumed};
use model::time::Instant;

use crate::error::ObservationsError;
use crate::payload::{PayloadError, Record};

/// Batches that wait as they are.
const WHOLE: usize = 8;
/// Bytes of those that wait as the spool has them: a tenth of what they are.
const PACKED: usize = 64 << 20;

/// A batch that is durable in the spool.
#[derive(Debug)]
pub(crate) struct Spooled {
    /// Number of its record.
    pub(crate) number: u64,
    /// Bytes of its source.
    pub(crate) bytes: u64,
    pub(crate) held: Held,
}

/// A batch in memory.
#[derive(Debug)]
pub(crate) enum Held {
    Whole(Box<Record>),
    /// The bytes of its record.
    Packed(Vec<u8>),
}

#[derive(Debug)]
pub(crate) enum Order {
    Add(Spooled),
    /// Adds what waits, and says when that is done.
    Settle(SyncSender<()>),
    /// Adds rows that come from no batch, and says when they are there, and how many commits that took.
    Extra(Extra, SyncSender<Result<u64, ObservationsError>>),
    /// Removes rows that are kept no longer, and says what went.
    Expire(Expiry, SyncSender<Result<Expired, LakeError>>),
    /// Removes files that no version of a table has named for some time, and says what went.
    Vacuum(Idle, SyncSender<Result<Vacuumed, LakeError>>),
    /// Asks for the number of the last delivery of a shard that a table has.
    Last(TableName, Shard, SyncSender<Result<Option<u64>, ObservationsError>>),
    /// Makes small files large ones and removes what nobody needs, and says when that is done.
    Tidy(Instant, SyncSender<Result<(), ObservationsError>>),
    /// Says when nothing is being added, and adds nothing until the other end is dropped.
    Hold(Receiver<()>, SyncSender<()>),
}

/// Rows of a table that come from no batch.
#[derive(Debug)]
pub(crate) struct Extra {
    pub(crate) table: TableName,
    pub(crate) rows: Vec<RecordBatch>,
    pub(crate) from: Delivery,
}

/// Rows that are kept no longer.
#[derive(Debug)]
pub(crate) struct Expiry {
    pub(crate) table: TableName,
    pub(crate) retention: Retention,
}

/// Files that no version names any more.
#[derive(Debug)]
pub(crate) struct Idle {
    pub(crate) table: TableName,
    pub(crate) now: Instant,
    /// How long they stay.
    pub(crate) keep: Duration,
}

/// What was found at the head of a queue.
#[derive(Debug)]
pub(crate) enum Next {
    Order(Order),
    /// Nothing came in time.
    Nothing,
    /// Nothing will come any more.
    End,
}

/// Nobody takes orders any more.
#[derive(Debug)]
pub(crate) struct Closed;

/// Orders in their order, from one thread to another.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    orders: VecDeque<Order>,
    whole: usize,
    packed: usize,
    closed: bool,
}

impl Held {
    /// The batch.
    ///
    /// # Errors
    /// When its bytes are none.
    pub(crate) fn record(self) -> Result<Record, PayloadError> {
        match self {
            Self::Whole(record) => Ok(*record),
            Self::Packed(payload) => Record::of_bytes(&payload),
        }
    }
}

impl Queue {
    /// Adds a batch; waits while too many wait.
    ///
    /// # Errors
    /// When nobody takes it.
    pub(crate) fn add(&self, number: u64, record: Record, payload: Vec<u8>) -> Result<(), Closed> {
        let bytes = record.entry.bytes();
        let mut state = self.state();
        let held = if state.whole < WHOLE {
            state.whole += 1;
            Held::Whole(Box::new(record))
        } else {
            drop(record);
            while !state.closed && state.packed > 0 && state.packed + payload.len() > PACKED {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.packed += payload.len();
            Held::Packed(payload)
        };
        self.push(state, Order::Add(Spooled { number, bytes, held }))
    }

    /// Adds another order.
    ///
    /// # Errors
    /// When nobody takes it.
    pub(crate) fn order(&self, order: Order) -> Result<(), Closed> {
        self.push(self.state(), order)
    }

    /// The next order; waits for one so long.
    pub(crate) fn next(&self, time: Duration) -> Next {
        let is_idle = |state: &mut State| state.orders.is_empty() && !state.closed;
        let waited = self.changed.wait_timeout_while(self.state(), time, is_idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        let Some(order) = state.orders.pop_front() else {
            return if state.closed { Next::End } else { Next::Nothing };
        };
        match &order {
            Order::Add(Spooled { held: Held::Whole(_), .. }) => state.whole -= 1,
            Order::Add(Spooled { held: Held::Packed(payload), .. }) => state.packed -= payload.len(),
            Order::Settle(_)
            | Order::Extra(..)
            | Order::Expire(..)
            | Order::Vacuum(..)
            | Order::Last(..)
            | Order::Tidy(..)
            | Order::Hold(..) => {}
        }
        self.changed.notify_all();
        Next::Order(order)
    }

    /// Ends it: what waits is dropped, and the spool still has it.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.orders.clear();
        self.changed.notify_all();
    }

    fn push(&self, mut state: MutexGuard<'_, State>, order: Order) -> Result<(), Closed> {
        if state.closed {
            return Err(Closed);
        }
        state.orders.push_back(order);
        self.changed.notify_all();
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use lake::{BatchId, Compartment, Entry, Owner, flaws};
    use model::marking::Marking;
    use sources::Mark;

    use super::*;

    fn record(number: u8) -> Record {
        let owner =
            Owner { compartment: Compartment::own(), organisation: "aoba".to_owned(), source: String::new() };
        let place = Mark { head: 0, end: 0, hash: [0; 32] };
        let entry = Entry {
            received: Instant::from_nanoseconds(0),
            batch: BatchId::from([number; 16]),
            owner,
            marking: Marking::default(),
            source_path: "a.json".into(),
            format: "json".into(),
            first_event: 0,
            events: 1,
            flaws: 0,
            span: None,
            reader: 1,
            begins: place,
            ends: place,
            open: None,
            replaces: Vec::new(),
        };
        let flaws = flaws::rows(&entry, &[]).unwrap();
        Record { entry, flaws, sheets: Vec::new() }
    }

    fn taken(queue: &Queue) -> Spooled {
        match queue.next(Duration::from_secs(60)) {
            Next::Order(Order::Add(batch)) => batch,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn batches_come_out_as_they_went_in() {
        let queue = Queue::default();
        for number in 0..20u8 {
            let record = record(number);
            let payload = record.to_bytes().unwrap();
            queue.add(number.into(), record, payload).unwrap();
        }
        let mut whole = 0;
        for number in 0..20u8 {
            let batch = taken(&queue);
            assert_eq!(batch.number, u64::from(number));
            whole += usize::from(matches!(batch.held, Held::Whole(_)));
            assert_eq!(batch.held.record().unwrap().entry.batch, BatchId::from([number; 16]));
        }
        assert_eq!(whole, WHOLE);
        assert!(matches!(queue.next(Duration::ZERO), Next::Nothing));
        queue.close();
        assert!(matches!(queue.next(Duration::from_secs(60)), Next::End));
        assert!(queue.add(20, record(20), Vec::new()).is_err());
    }

    #[test]
    fn too_many_wait_for_room() {
        let queue = Queue::default();
        let add = |number: u8| queue.add(number.into(), record(number), vec![0; PACKED - 1]);
        (0..9).for_each(|number| add(number).unwrap());
        (0..8).for_each(|number| assert_eq!(taken(&queue).number, number));
        (9..17).for_each(|number| add(number).unwrap());
        // Eight wait as they are, and one that leaves no room for another.
        let is_in = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                add(17).unwrap();
                is_in.store(true, Ordering::SeqCst);
                // And here nobody takes any more.
                assert!(add(18).is_err());
            });
            thread::sleep(Duration::from_millis(20));
            assert!(!is_in.load(Ordering::SeqCst));
            assert_eq!(taken(&queue).number, 8);
            while !is_in.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            queue.close();
        });
    }
}
