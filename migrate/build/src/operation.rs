//! The operations that migrations are made of: backend-neutral, frozen data.

mod reverse;
mod touch;
mod value;

pub use reverse::Irreversible;
pub use touch::Touch;
pub use value::{Backfill, Literal, SqlStatements, SqlText};

use serde::{Deserialize, Serialize};

use crate::state::{CheckState, FieldState, IndexState, ManyToManyState, ModelRef, ModelState, UniqueState};

/// One step of a migration. `model` is a model of the migration's own app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    /// A new table. Its many-to-many relations are added by operations of their own.
    CreateModel {
        /// The model.
        model: ModelState,
    },
    /// The table goes, with its rows.
    DeleteModel {
        /// The model's name.
        model: String,
    },
    /// The model has a new name; references follow.
    RenameModel {
        /// The name so far.
        from: String,
        /// The name from now on.
        to: String,
        /// The table from now on.
        table: String,
    },
    /// The table has a new name, or another owner.
    AlterTable {
        /// The model's name.
        model: String,
        /// The table from now on.
        table: String,
        /// Whether migrations manage the table from now on.
        managed: bool,
    },
    /// The model comes from another app, with its table and its rows.
    AdoptModel {
        /// The model in the app that had it.
        from: ModelRef,
        /// The model from now on.
        model: ModelState,
    },
    /// Another app has the model from now on, with its table and its rows.
    ReleaseModel {
        /// The model's name.
        model: String,
        /// The model in the app that has it.
        to: ModelRef,
        /// What it is there, where this takes an adoption back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shape: Option<ModelState>,
    },
    /// A new column.
    AddField {
        /// The model's name.
        model: String,
        /// The column.
        field: FieldState,
        /// What rows that are there already get.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        backfill: Option<Backfill>,
    },
    /// The column goes, with its values.
    RemoveField {
        /// The model's name.
        model: String,
        /// The field's name.
        field: String,
    },
    /// The column is of another shape; its name as a field stays.
    AlterField {
        /// The model's name.
        model: String,
        /// The column from now on.
        field: FieldState,
        /// What rows get that hold NULL, where NULL is no longer allowed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        backfill: Option<Backfill>,
    },
    /// The field has a new name; indexes and constraints follow.
    RenameField {
        /// The model's name.
        model: String,
        /// The name so far.
        from: String,
        /// The name from now on.
        to: String,
        /// The column from now on.
        column: String,
    },
    /// A new index.
    AddIndex {
        /// The model's name.
        model: String,
        /// The index.
        index: IndexState,
    },
    /// The index goes.
    RemoveIndex {
        /// The model's name.
        model: String,
        /// The index.
        index: IndexState,
    },
    /// A new unique constraint.
    AddUnique {
        /// The model's name.
        model: String,
        /// The constraint.
        unique: UniqueState,
    },
    /// The unique constraint goes.
    RemoveUnique {
        /// The model's name.
        model: String,
        /// The constraint.
        unique: UniqueState,
    },
    /// A new check.
    AddCheck {
        /// The model's name.
        model: String,
        /// The check.
        check: CheckState,
    },
    /// The check goes.
    RemoveCheck {
        /// The model's name.
        model: String,
        /// The check.
        check: CheckState,
    },
    /// The index has a new name, and is the same otherwise.
    RenameIndex {
        /// The model's name.
        model: String,
        /// The index so far.
        from: IndexState,
        /// The index from now on.
        to: IndexState,
    },
    /// The unique constraint has a new name, and is the same otherwise.
    RenameUnique {
        /// The model's name.
        model: String,
        /// The constraint so far.
        from: UniqueState,
        /// The constraint from now on.
        to: UniqueState,
    },
    /// The check has a new name, and is the same otherwise.
    RenameCheck {
        /// The model's name.
        model: String,
        /// The check so far.
        from: CheckState,
        /// The check from now on.
        to: CheckState,
    },
    /// A new many-to-many relation, with its join table.
    AddManyToMany {
        /// The model's name.
        model: String,
        /// The relation.
        relation: ManyToManyState,
    },
    /// The relation goes, with its join table and its rows.
    RemoveManyToMany {
        /// The model's name.
        model: String,
        /// The relation's name.
        relation: String,
    },
    /// The relation has another name, table or columns; the rows stay.
    AlterManyToMany {
        /// The model's name.
        model: String,
        /// The relation's name so far.
        from: String,
        /// The relation from now on.
        relation: ManyToManyState,
    },
    /// The join table of a relation becomes the table of a model; the rows stay.
    PromoteRelation {
        /// The model's name.
        model: String,
        /// The relation's name.
        relation: String,
        /// The model of the join table.
        through: ModelState,
    },
    /// The table of a model becomes the join table of a relation; the rows stay.
    DemoteRelation {
        /// The model's name.
        model: String,
        /// The relation from now on.
        relation: ManyToManyState,
        /// The name of the model that goes.
        through: String,
    },
    /// What SQL of the user does to the models, since nobody reads that from its text. It changes no table.
    StateOnly {
        /// The operations that it comes to.
        operations: Vec<Operation>,
    },
    /// SQL of the user.
    RunSql {
        /// What runs forward.
        forward: SqlText,
        /// What takes it back, if anything does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reverse: Option<SqlText>,
        /// A database that starts with a squash need not run it: it was about rows that were there then.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        elidable: bool,
    },
    /// A Rust function of the user, marked `#[data_step]`, over rows of the historical shape.
    RunData {
        /// The function that runs forward.
        forward: String,
        /// The function that takes it back, if one does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reverse: Option<String>,
        /// A database that starts with a squash need not run it: it was about rows that were there then.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        elidable: bool,
    },
}

impl Operation {
    /// The name of the model that the operation changes, if it changes one.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        match self {
            Self::CreateModel { model } | Self::AdoptModel { model, .. } => Some(&model.name),
            Self::RenameModel { from, .. } => Some(from),
            Self::DeleteModel { model }
            | Self::AlterTable { model, .. }
            | Self::AddField { model, .. }
            | Self::RemoveField { model, .. }
            | Self::AlterField { model, .. }
            | Self::RenameField { model, .. }
            | Self::AddIndex { model, .. }
            | Self::RemoveIndex { model, .. }
            | Self::AddUnique { model, .. }
            | Self::RemoveUnique { model, .. }
            | Self::AddCheck { model, .. }
            | Self::RemoveCheck { model, .. }
            | Self::RenameIndex { model, .. }
            | Self::RenameUnique { model, .. }
            | Self::RenameCheck { model, .. }
            | Self::AddManyToMany { model, .. }
            | Self::RemoveManyToMany { model, .. }
            | Self::ReleaseModel { model, .. }
            | Self::PromoteRelation { model, .. }
            | Self::DemoteRelation { model, .. }
            | Self::AlterManyToMany { model, .. } => Some(model),
            Self::StateOnly { .. } | Self::RunSql { .. } | Self::RunData { .. } => None,
        }
    }

    /// Whether a squash leaves the step out.
    #[must_use]
    pub fn is_elidable(&self) -> bool {
        matches!(self, Self::RunSql { elidable: true, .. } | Self::RunData { elidable: true, .. })
    }

    /// The models that must exist before the operation runs, in its own app or another.
    #[must_use]
    pub fn references(&self) -> Vec<&ModelRef> {
        match self {
            Self::CreateModel { model } => model.targets().collect(),
            Self::AdoptModel { from, model } => std::iter::once(from).chain(model.targets()).collect(),
            Self::ReleaseModel { to, .. } => vec![to],
            Self::StateOnly { operations } => operations.iter().flat_map(Self::references).collect(),
            Self::PromoteRelation { through, .. } => through.targets().collect(),
            Self::AddField { field, .. } | Self::AlterField { field, .. } => {
                field.target().into_iter().collect()
            }
            Self::AddManyToMany { relation, .. } | Self::AlterManyToMany { relation, .. } => {
                std::iter::once(&relation.to).chain(&relation.through).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What the operation does, in words for progress and plans.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::CreateModel { model } => format!("create model {}", model.name),
            Self::DeleteModel { model } => format!("delete model {model}"),
            Self::RenameModel { from, to, .. } => format!("rename model {from} to {to}"),
            Self::AdoptModel { from, model } => format!("adopt model {} from {from}", model.name),
            Self::ReleaseModel { model, to, .. } => format!("release model {model} to {to}"),
            Self::PromoteRelation { model, relation, through } => {
                format!("keep relation {relation} of {model} in model {}", through.name)
            }
            Self::DemoteRelation { model, relation, through } => {
                format!("keep relation {} of {model} without model {through}", relation.name)
            }
            Self::AlterTable { model, table, .. } => format!("keep model {model} in table {table}"),
            Self::AddField { model, field, .. } => format!("add field {} to {model}", field.name),
            Self::RemoveField { model, field } => format!("remove field {field} from {model}"),
            Self::AlterField { model, field, .. } => format!("alter field {} of {model}", field.name),
            Self::RenameField { model, from, to, .. } => format!("rename field {from} of {model} to {to}"),
            Self::AddIndex { model, index } => format!("add index on {} to {model}", index.fields.join(", ")),
            Self::RemoveIndex { model, index } => {
                format!("remove index on {} from {model}", index.fields.join(", "))
            }
            Self::AddUnique { model, unique } => {
                format!("add unique {} to {model}", unique.fields.join(", "))
            }
            Self::RemoveUnique { model, unique } => {
                format!("remove unique {} from {model}", unique.fields.join(", "))
            }
            Self::AddCheck { model, check } => format!("add check {} to {model}", check.name),
            Self::RemoveCheck { model, check } => format!("remove check {} from {model}", check.name),
            Self::RenameIndex { model, from, .. } => {
                format!("rename index on {} of {model}", from.fields.join(", "))
            }
            Self::RenameUnique { model, from, .. } => {
                format!("rename unique {} of {model}", from.fields.join(", "))
            }
            Self::RenameCheck { model, from, to } => {
                format!("rename check {} of {model} to {}", from.name, to.name)
            }
            Self::AddManyToMany { model, relation } => format!("add relation {} to {model}", relation.name),
            Self::RemoveManyToMany { model, relation } => format!("remove relation {relation} from {model}"),
            Self::AlterManyToMany { model, from, .. } => format!("alter relation {from} of {model}"),
            Self::StateOnly { operations } => {
                let all: Vec<String> = operations.iter().map(Self::describe).collect();
                format!("record that SQL did: {}", all.join(", "))
            }
            Self::RunSql { .. } => "run SQL".to_owned(),
            Self::RunData { forward, .. } => format!("run {forward}"),
        }
    }
}
