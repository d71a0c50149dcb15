//! One table: a folder with a Delta log and the Parquet files that it names.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use deltalake::checkpoints::create_checkpoint;
use deltalake::kernel::{Add, MetadataExt, StructField, Transaction};
use deltalake::logstore::object_store::ObjectStoreExt;
use deltalake::logstore::object_store::path::Path as Location;
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::{DeltaTable, DeltaTableError, TableProperty};
use futures::stream::{self, StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;

use crate::columns::{Columns, kernel};
use crate::commit::{self, Change, commit};
use crate::compaction::Compaction;
use crate::delivered::Delivered;
use crate::error::LakeError;
use crate::files::{self, Encoded};
use crate::log::{Fault, Look};
use crate::name::TableName;
use crate::place::Place;
use crate::retention::set_append_only;
use crate::rows::{DAY, WITH_STATISTICS};
use crate::values::{self, FileValues, Making, NEW, Sought, put};
use crate::writer::{Delivery, Shard};

/// What tables are made with.
const PROPERTIES: [(TableProperty, &str); 5] = [
    // Observations are only added to; retention lifts it for as long as it takes rows away.
    (TableProperty::AppendOnly, "true"),
    // As `CHECKPOINT`, for writers of other makers.
    (TableProperty::CheckpointInterval, "100"),
    (TableProperty::DataSkippingNumIndexedCols, WITH_STATISTICS),
    // A clean-up lists the whole log at every commit; it is done on its own.
    (TableProperty::EnableExpiredLogCleanup, "false"),
    (TableProperty::DeletedFileRetentionDuration, "interval 1 day"),
];

/// Versions for each of which there is a checkpoint.
const CHECKPOINT: u64 = 100;

/// Commits that readers go through, from which on a compacted table gets a checkpoint besides.
const LONG: usize = 20;

/// How long the log knows files that no version names any more: what the property says.
pub(crate) const FORGOTTEN: Duration = Duration::from_secs(86_400);

/// Files of a delivery that are written at the same time.
const ON_THEIR_WAY: usize = 4;

/// A table at one version.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: TableName,
    /// The table as it was when it was opened, or when somebody caught up with it.
    pub(crate) delta: DeltaTable,
    pub(crate) columns: Columns,
    /// The folder of its value index is this one's to write.
    place: Place,
    sought: Arc<Sought>,
    /// The newest version.
    version: u64,
    /// The checkpoint that is being made: the table as it is in there.
    checkpoint: Option<JoinHandle<Result<DeltaTable, DeltaTableError>>>,
}

impl Table {
    /// Why the library refused this table.
    pub(crate) fn refused(&self, action: &'static str, source: DeltaTableError) -> LakeError {
        refused(&self.name, action, source)
    }

    /// A table at its newest version, made with these columns where there is none, and with those of
    /// them that it lacked.
    pub(crate) async fn make(place: &Place, name: &TableName, columns: &Schema) -> Result<Self, LakeError> {
        let refused = |source| refused(name, "made", source);
        let delta = place.table(name).and_then(|builder| builder.build()).map_err(refused)?;
        if delta.verify_deltatable_existence().await.map_err(refused)? {
            let mut table = Self::again(place, name).await?;
            table.grow(columns).await?;
            return Ok(table);
        }
        let fields: Vec<StructField> = kernel(columns).map_err(refused)?.fields().cloned().collect();
        let days = fields.iter().map(|field| field.name()).find(|name| *name == DAY).cloned();
        let create = delta.create().with_table_name(name.to_string()).with_columns(fields);
        let create = create.with_partition_columns(days);
        let create = PROPERTIES.into_iter().fold(create, |create, (property, value)| {
            create.with_configuration_property(property, Some(value))
        });
        // What it can do, and what it holds.
        let create = create.with_commit_properties(commit::properties(2));
        Self::new(place, name, create.await.map_err(refused)?)
    }

    /// A table at its newest version, to be written. Who died while it lost rows left it saying that it may.
    pub(crate) async fn again(place: &Place, name: &TableName) -> Result<Self, LakeError> {
        let mut table = Self::open(place, name).await?;
        set_append_only(&mut table, true).await?;
        Ok(table)
    }

    /// A table at its newest version; at the one before where that is not whole.
    pub(crate) async fn open(place: &Place, name: &TableName) -> Result<Self, LakeError> {
        if !place.is_there(name) {
            return Err(LakeError::NoTable(name.clone()));
        }
        let log = place.log(name);
        let found = Self::load(place, name, None).await;
        if found.is_ok() && log.is_whole()? {
            return found;
        }
        match log.look()? {
            Look::Whole => found,
            Look::Older(fault) => Err(log.damaged(fault)),
            Look::Newest(Fault { version: 0, .. }) => Err(LakeError::NoTable(name.clone())),
            Look::Newest(Fault { version, .. }) => Self::load(place, name, Some(version - 1)).await,
        }
    }

    /// A table at a version, or its newest.
    pub(crate) async fn load(
        place: &Place,
        name: &TableName,
        version: Option<u64>,
    ) -> Result<Self, LakeError> {
        let builder = place.table(name).map_err(|error| refused(name, "found", error))?;
        let builder = match version {
            Some(version) => builder.with_version(version),
            None => builder,
        };
        match builder.load().await {
            Ok(delta) => Self::new(place, name, delta),
            Err(DeltaTableError::NotATable(_)) => Err(LakeError::NoTable(name.clone())),
            Err(error) => Err(refused(name, "opened", error)),
        }
    }

    fn new(place: &Place, name: &TableName, delta: DeltaTable) -> Result<Self, LakeError> {
        let sought = place.sought()?;
        let columns = Columns::of(&delta, &sought).map_err(|error| refused(name, "opened", error))?;
        let version = delta.version().unwrap_or_default();
        let place = place.clone();
        Ok(Self { name: name.clone(), delta, columns, place, sought, version, checkpoint: None })
    }

    /// Adds columns that the table lacks. What it has besides it keeps.
    pub(crate) async fn grow(&mut self, wanted: &Schema) -> Result<(), LakeError> {
        let grown = self.add_columns(wanted).await;
        grown.map_err(|error| self.refused("given more columns", error))
    }

    async fn add_columns(&mut self, wanted: &Schema) -> Result<(), DeltaTableError> {
        let Some(grown) = self.columns.grown(wanted)? else { return Ok(()) };
        let metadata = self.delta.snapshot()?.metadata().clone().with_schema(&grown.all)?;
        let operation = DeltaOperation::AddColumn { fields: grown.new };
        self.commit(Change { actions: vec![metadata.into()], operation, transaction: None }).await?;
        self.catch_up().await?;
        self.columns = Columns::of(&self.delta, &self.sought)?;
        Ok(())
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Paths of the files that it names, from its folder.
    pub(crate) fn files(&self) -> Result<Vec<String>, LakeError> {
        let snapshot = self.delta.snapshot().map_err(|error| self.refused("listed", error))?;
        Ok(snapshot.log_data().iter().map(|file| file.object_store_path().to_string()).collect())
    }

    /// The last number of a shard that a commit carried when the table was opened, or caught up with.
    pub(crate) async fn last(&self, shard: &Shard) -> Result<Option<u64>, LakeError> {
        self.last_of(shard.as_str()).await
    }

    /// The same of whatever numbers its commits by this name.
    pub(crate) async fn last_of(&self, name: &str) -> Result<Option<u64>, LakeError> {
        let log = self.delta.log_store();
        let found = async { self.delta.snapshot()?.transaction_version(log.as_ref(), name).await };
        let found = found.await.map_err(|error| refused(&self.name, "asked for its transactions", error))?;
        Ok(found.map(i64::cast_unsigned))
    }

    /// Adds rows in one commit; gives the version that has them.
    pub(crate) async fn append(&mut self, rows: Vec<RecordBatch>, from: &Delivery) -> Result<u64, LakeError> {
        let added = self.add(rows, from).await;
        added.map_err(|error| self.refused("added to", error))?;
        Ok(self.version())
    }

    async fn add(&mut self, mut rows: Vec<RecordBatch>, from: &Delivery) -> Result<(), DeltaTableError> {
        rows.iter().try_for_each(|part| self.columns.fit(part))?;
        rows.retain(|part| part.num_rows() > 0);
        let rows = Delivered::new(rows);
        let table = &*self;
        let file = |run: files::Run| {
            let rows = &rows;
            async move {
                let file = files::encode(rows, &run.rows, &table.columns)?;
                table.put(file, run.partition).await
            }
        };
        // While some are on their way to the disk, the next is made.
        let files = stream::iter(files::runs(&rows, &table.columns)?).map(file).buffered(ON_THEIR_WAY);
        let files: Vec<Stood> = files.try_collect().await?;
        self.index(&files);
        let actions = files.into_iter().map(|file| file.add.into()).collect();
        let transaction = Transaction::new(from.shard.as_str(), from.number.cast_signed());
        let partition_by = self.columns.partition.clone().map(|name| vec![name]);
        let operation = DeltaOperation::Write { mode: SaveMode::Append, partition_by, predicate: None };
        self.commit(Change { actions, operation, transaction: Some(transaction) }).await
    }

    /// Writes down what values stand in some new files. Without it they are read from end to end, so that
    /// it may fail.
    pub(crate) fn index(&self, files: &[Stood]) {
        let mut making = Making::new(&self.columns.sought);
        for Stood { add, values } in files {
            making.add(&add.path, add.size.unsigned_abs(), values);
        }
        let _ = put(&self.place, &self.name, NEW, making);
    }

    /// Brings the value index to what the table is now.
    pub(crate) async fn index_tidied(&mut self, which: Compaction) -> Result<(), LakeError> {
        let tidied = async {
            self.catch_up().await?;
            values::tidy(self, &self.place, which)
        };
        tidied.await.map_err(|error| refused(&self.name, "tidied", error))
    }

    /// Leaves nothing in the value index of files that are no part of the table any more.
    pub(crate) async fn forget(&mut self) -> Result<(), LakeError> {
        let forgotten = async {
            self.catch_up().await?;
            values::forget(self, &self.place)
        };
        forgotten.await.map_err(|error| refused(&self.name, "tidied", error))
    }

    /// Makes the next version.
    pub(crate) async fn commit(&mut self, change: Change) -> Result<(), DeltaTableError> {
        commit(&self.delta, self.version + 1, change).await?;
        self.version += 1;
        if (self.version + 1).is_multiple_of(CHECKPOINT) { self.make_checkpoint().await } else { Ok(()) }
    }

    /// Makes a checkpoint of a table whose readers go through many commits: files that were made one are named
    /// by all of these.
    pub(crate) async fn shorten(&mut self) -> Result<(), LakeError> {
        if self.place.log(&self.name).commits_read()? < LONG {
            return Ok(());
        }
        self.mark().await
    }

    /// Makes a checkpoint, before which nobody needs the log.
    pub(crate) async fn mark(&mut self) -> Result<(), LakeError> {
        let made = self.make_checkpoint().await;
        made.map_err(|error| self.refused("given a checkpoint", error))
    }

    async fn make_checkpoint(&mut self) -> Result<(), DeltaTableError> {
        self.checkpointed().await?;
        let (mut delta, version) = (self.delta.clone(), self.version);
        // Nobody waits for it: it spares readers time, and takes some itself.
        self.checkpoint = Some(tokio::spawn(async move {
            delta.update_incremental(Some(version)).await?;
            create_checkpoint(&delta, None).await?;
            Ok(delta)
        }));
        Ok(())
    }

    /// Waits for the checkpoint that is being made, if one is.
    pub(crate) async fn checkpointed(&mut self) -> Result<(), DeltaTableError> {
        let Some(making) = self.checkpoint.take() else { return Ok(()) };
        let made = making.await.map_err(|died| DeltaTableError::Generic(died.to_string()))??;
        if made.version() > self.delta.version() {
            self.delta = made;
        }
        Ok(())
    }

    /// Looks at the versions that were made since somebody looked.
    pub(crate) async fn fresh(&mut self) -> Result<(), LakeError> {
        let looked = self.catch_up().await;
        looked.map_err(|error| self.refused("looked at", error))
    }

    /// The same.
    pub(crate) async fn catch_up(&mut self) -> Result<(), DeltaTableError> {
        self.checkpointed().await?;
        self.delta.update_incremental(Some(self.version)).await
    }

    /// Stores a file that no version names yet. A version has one of each partition.
    pub(crate) async fn put(
        &self,
        file: Encoded,
        partition: Option<String>,
    ) -> Result<Stood, DeltaTableError> {
        self.put_for(file, partition, "").await
    }

    /// Stores a file that stands for another, whose path this is. Others with the same rows stand for others.
    pub(crate) async fn put_for(
        &self,
        file: Encoded,
        partition: Option<String>,
        other: &str,
    ) -> Result<Stood, DeltaTableError> {
        let folder = self.columns.partition.as_ref().map(|name| folder(name, partition.as_deref()));
        // Who tries again to add the same rows to the same version, and nobody else, gives the name again.
        let hash = Sha256::new().chain_update(&file.bytes).chain_update(other).finalize();
        let hash = model::hash::hex(&hash[..16]);
        let name = format!("part-{:020}-{hash}.parquet", self.version());
        let path = folder.into_iter().chain([name]).collect::<Vec<_>>().join("/");
        let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        let location = Location::parse(&path).map_err(|error| DeltaTableError::Generic(error.to_string()))?;
        self.delta.object_store().put(&location, file.bytes.into()).await?;
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let add = Add {
            path,
            partition_values: self
                .columns
                .partition
                .clone()
                .map(|name| (name, partition))
                .into_iter()
                .collect(),
            size,
            modification_time: i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            data_change: true,
            stats: Some(file.statistics),
            ..Add::default()
        };
        Ok(Stood { add, values: file.values })
    }
}

/// A file that is stored.
#[derive(Debug)]
pub(crate) struct Stood {
    pub(crate) add: Add,
    /// What stands in it.
    values: FileValues,
}

/// The folder of a partition, named as everybody does.
pub(crate) fn folder(column: &str, partition: Option<&str>) -> String {
    let escaped = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    format!("{}={}", escaped(column), partition.map_or("__HIVE_DEFAULT_PARTITION__".to_owned(), escaped))
}

fn refused(name: &TableName, action: &'static str, source: DeltaTableError) -> LakeError {
    LakeError::Table { table: name.clone(), action, source: Box::new(source) }
}
