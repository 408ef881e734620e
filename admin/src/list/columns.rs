//! The columns of a list: where each comes from in the one statement that reads the rows.

use std::collections::HashMap;

use nuages::Result;
use nuages::admin::{AdminPath, AdminRequest, Cell, ListColumn, rows};
use nuages::backend::{Db, Row};
use nuages::expr::Expr;
use nuages::field::ColumnRef;
use nuages::form::Zone;
use nuages::model::{ModelEntry, entry_of, key_value};
use nuages::path::{Hop, HopKind};
use nuages::query::{Part, Select};
use nuages::value::{ColumnKind, Value};
use nuages_schema::{FieldSchema, ModelSchema};

use crate::{registry, text};

/// Columns of a list when nothing is said.
const DEFAULT_COLUMNS: usize = 7;
/// Related rows that a cell names and that are read for it; the others are only counted.
const NAMED: u64 = 5;

/// A column of the list.
pub(crate) struct ListColumnPlan {
    /// Its name in the address, such as `author.name`.
    pub(crate) key: String,
    /// Its heading.
    pub(crate) label: String,
    /// `num`, `date` or nothing.
    pub(crate) class: &'static str,
    /// What the list is sorted by when it is sorted by this.
    pub(crate) sort: Option<Expr>,
    /// Whether it leads to the form.
    pub(crate) linked: bool,
    source: Source,
}

enum Source {
    /// A column of the row, or of one it refers to.
    Value(usize, &'static FieldSchema),
    /// What the row at the end of a relation is called.
    Row(usize, &'static ModelEntry),
    /// What the rows at the end of a to-many relation are called.
    Rows(&'static Hop, &'static ModelEntry),
    /// What a column holds of the rows at the end of a to-many relation.
    Values(&'static Hop, &'static FieldSchema, usize),
    /// What the row itself is called.
    Label,
    /// What a function of the user makes of the row.
    Computed(fn(&Row, usize) -> Result<Cell>),
    /// Nothing that a list can show.
    Nothing,
}

/// The columns of a model's list, and the parts that its statement reads.
pub(crate) struct Columns {
    pub(crate) all: Vec<ListColumnPlan>,
    pub(crate) parts: Vec<Part>,
    entry: &'static ModelEntry,
}

impl Columns {
    /// The columns that the options name, or those that follow from the schema.
    pub(crate) fn of(entry: &'static ModelEntry, by: &AdminRequest) -> Self {
        let mut columns = Self { all: Vec::new(), parts: vec![Part::Model(None, entry.schema)], entry };
        match entry.admin.list_display.for_request(by) {
            Some(named) => named.into_iter().for_each(|column| columns.push(column)),
            None => columns.push_defaults(),
        }
        if columns.all.is_empty() {
            columns.push_label();
        }
        columns.say();
        columns
    }

    /// Applies what the options say of single columns.
    fn say(&mut self) {
        let options = self.entry.admin;
        let keys =
            |paths: &[fn() -> AdminPath]| paths.iter().map(|path| path_key(&path())).collect::<Vec<_>>();
        let (links, sortable) = (options.list_display_links.map(keys), options.sortable_by.map(keys));
        for (at, column) in self.all.iter_mut().enumerate() {
            column.linked = links.as_ref().map_or(at == 0, |keys| keys.contains(&column.key));
            if sortable.as_ref().is_some_and(|keys| !keys.contains(&column.key)) {
                column.sort = None;
            }
        }
    }

    fn push(&mut self, column: ListColumn) {
        match column {
            ListColumn::Path(path) => self.push_path(path()),
            ListColumn::Computed { label, cell } => {
                self.add(label.to_lowercase(), registry::words(label), "", None, Source::Computed(cell));
            }
        }
    }

    fn push_defaults(&mut self) {
        let schema = self.entry.schema;
        let fit = |field: &FieldSchema| {
            let long = (field.kind)() == ColumnKind::Text && field.options.max_length.is_none();
            let odd = matches!((field.kind)(), ColumnKind::Json | ColumnKind::Binary);
            !(long || odd || field.options.auto || registry::is_password(field))
        };
        let mut chosen: Vec<usize> = (0..schema.fields.len()).filter(|at| fit(&schema.fields[*at])).collect();
        let title = chosen.iter().position(|at| {
            let field = &schema.fields[*at];
            (field.kind)() == ColumnKind::Text
                && field.foreign.is_none()
                && (field.options.choices)().is_empty()
        });
        match title {
            Some(at) => chosen[..=at].rotate_right(1),
            None => self.push_label(),
        }
        for index in chosen.into_iter().take(DEFAULT_COLUMNS) {
            let path = match schema.fields[index].foreign {
                Some(_) => AdminPath::Relation(rows::hop(schema, HopKind::Forward, index)),
                None => AdminPath::Column(rows::column(schema, index)),
            };
            self.push_path(path);
        }
    }

    fn push_label(&mut self) {
        let label = registry::capital(self.entry.schema.verbose_name);
        self.add("label".to_owned(), label, "", None, Source::Label);
    }

    fn push_path(&mut self, path: AdminPath) {
        let key = path_key(&path);
        match path {
            AdminPath::Column(column) if path.is_to_many() => {
                let own = column.hops.filter(|hop| hop.before.is_none());
                let source =
                    own.map_or(Source::Nothing, |hop| Source::Values(hop, column.field(), column.index));
                self.add(key, field_label(column), "", None, source);
            }
            AdminPath::Column(column) => self.push_column(key, column),
            AdminPath::Relation(hop) => self.push_relation(key, hop),
        }
    }

    fn push_column(&mut self, key: String, column: ColumnRef) {
        let field = column.field();
        let at = match column.hops {
            None => column.index,
            Some(_) => self.part(Part::Value(Expr::Column(column))),
        };
        let sort = (!matches!((field.kind)(), ColumnKind::Json | ColumnKind::Binary))
            .then_some(Expr::Column(column));
        self.add(key, field_label(column), class(field), sort, Source::Value(at, field));
    }

    fn push_relation(&mut self, key: String, hop: &'static Hop) {
        let label = relation_label(hop);
        let Some(target) = entry_of(hop.target()) else { return };
        if hop.is_to_many() && hop.before.is_none() {
            self.add(key, label, "", None, Source::Rows(hop, target));
        } else if hop.chain().iter().any(|hop| hop.is_to_many()) {
            self.add(key, label, "", None, Source::Nothing);
        } else {
            let at = self.part(Part::Model(Some(hop), target.schema));
            let by =
                target.schema.ordering.first().map_or(target.schema.key_columns()[0], |order| order.field);
            let sort = ColumnRef { hops: Some(hop), model: target.schema.this, index: by };
            self.add(key, label, "", Some(Expr::Column(sort)), Source::Row(at, target));
        }
    }

    fn part(&mut self, part: Part) -> usize {
        let at = self.parts.iter().map(Part::columns).sum();
        self.parts.push(part);
        at
    }

    fn add(&mut self, key: String, label: String, class: &'static str, sort: Option<Expr>, source: Source) {
        self.all.push(ListColumnPlan { key, label, class, sort, linked: false, source });
    }

    /// The cells of rows, row by row; related rows are read with one statement for each relation.
    pub(crate) async fn cells(&self, db: &Db, found: &[Row], zone: Zone) -> Result<Vec<Vec<Cell>>> {
        let mut cells: Vec<Vec<Cell>> = found.iter().map(|_| Vec::with_capacity(self.all.len())).collect();
        for column in &self.all {
            let related = self.related(db, column, found, zone).await?;
            for (row, cells) in found.iter().zip(&mut cells) {
                cells.push(or_word(self.cell(column, row, related.as_ref(), zone)?, self.entry));
            }
        }
        Ok(cells)
    }

    fn cell(
        &self,
        column: &ListColumnPlan,
        row: &Row,
        related: Option<&HashMap<String, Named>>,
        zone: Zone,
    ) -> Result<Cell> {
        match column.source {
            Source::Value(at, field) => Ok(text::cell(field, &row.value(at, (field.kind)())?, zone)),
            Source::Row(at, target) if row.is_null(at + target.schema.key_columns()[0])? => Ok(Cell::Empty),
            Source::Row(at, target) => Ok(Cell::from((target.describe)(row, at)?)),
            Source::Rows(..) | Source::Values(..) => {
                let key = text::plain(&key_of(self.entry.schema, row)?);
                Ok(related.and_then(|related| related.get(&key)).map_or(Cell::Empty, Named::cell))
            }
            Source::Label => Ok(Cell::Text((self.entry.describe)(row, 0)?)),
            Source::Computed(make) => make(row, 0),
            Source::Nothing => Ok(Cell::Empty),
        }
    }

    /// What is shown of the rows at the end of a to-many relation, by the key of the row they belong to: with one
    /// statement, and no more of them than are named.
    async fn related(
        &self,
        db: &Db,
        column: &ListColumnPlan,
        found: &[Row],
        zone: Zone,
    ) -> Result<Option<HashMap<String, Named>>> {
        let (Source::Rows(hop, _) | Source::Values(hop, ..)) = column.source else { return Ok(None) };
        let keys: Result<Vec<Value>> = found.iter().map(|row| key_of(self.entry.schema, row)).collect();
        let mut select = rows::first_belonging(hop, keys?, NAMED);
        if let Source::Values(_, _, index) = column.source {
            select.parts = vec![Part::Value(Expr::Column(rows::column(select.model, index)))];
        }
        let kind = (self.entry.schema.key_field().kind)();
        let owner = select.width();
        let mut all: HashMap<String, Named> = HashMap::new();
        for row in rows::fetch(db, &select).await? {
            let name = match column.source {
                Source::Rows(_, target) => Some((target.describe)(&row, 0)?),
                Source::Values(_, field, _) => text::read(field, &row.value(0, (field.kind)())?, zone),
                _ => None,
            };
            let named = all.entry(text::plain(&row.value(owner, kind)?)).or_default();
            named.names.extend(name);
            named.count = row.i64(owner + 1)?.unwrap_or_default();
        }
        Ok(Some(all))
    }

    /// Puts the parts of the columns into a query.
    pub(crate) fn select(&self) -> Select {
        let mut select = Select::of(self.entry.schema);
        select.parts.clone_from(&self.parts);
        select
    }
}

/// The cell, or the project's word for no value.
pub(crate) fn or_word(cell: Cell, entry: &ModelEntry) -> Cell {
    match (cell, entry.admin.empty_value_display) {
        (Cell::Empty, word) if !word.is_empty() => Cell::Text(word.to_owned()),
        (cell, _) => cell,
    }
}

/// The primary key of a row of a model.
pub(crate) fn key_of(schema: &ModelSchema, row: &Row) -> Result<Value> {
    key_value(row, 0, schema)
}

/// What related rows are called, the first ones of them, and how many there are.
#[derive(Default)]
struct Named {
    names: Vec<String>,
    count: i64,
}

impl Named {
    fn cell(&self) -> Cell {
        let mut text = self.names.join(", ");
        let more = self.count - i64::try_from(self.names.len()).unwrap_or(self.count);
        if more > 0 {
            text.push_str(&format!(" and {more} more"));
        }
        Cell::from(text)
    }
}

/// The class of a column that holds a field.
fn class(field: &FieldSchema) -> &'static str {
    let kind = (field.kind)();
    match kind {
        _ if !(field.options.choices)().is_empty() => "",
        _ if field.foreign.is_some() => "",
        kind if kind.is_number() => "num",
        kind if kind.has_date() => "date",
        _ => "",
    }
}

/// The name of a path in the address, such as `author.name`.
pub(crate) fn path_key(path: &AdminPath) -> String {
    let mut names: Vec<String> = path.hops().into_iter().map(hop_name).collect();
    if let AdminPath::Column(column) = path {
        names.push(column.field().name.to_owned());
    }
    names.join(".")
}

fn hop_name(hop: &'static Hop) -> String {
    let declared = (hop.model)();
    match hop.kind {
        HopKind::Forward => declared.fields[hop.index].name.to_owned(),
        HopKind::ManyToMany => declared.many_to_many[hop.index].name.to_owned(),
        HopKind::Reverse | HopKind::ReverseOne | HopKind::ManyToManyReverse => declared.slug(),
    }
}

/// The heading of a column: across a relation, what it belongs to comes first.
fn field_label(column: ColumnRef) -> String {
    let own = column.field().options.label;
    match column.hops {
        Some(hop) if column.field().name != "name" && column.field().name != "title" => {
            format!("{} {}", relation_label(hop), own.to_lowercase())
        }
        Some(hop) => relation_label(hop),
        None => registry::capital(own),
    }
}

/// What a relation is called.
pub(crate) fn relation_label(hop: &'static Hop) -> String {
    let declared = (hop.model)();
    registry::capital(match hop.kind {
        HopKind::Forward => declared.fields[hop.index].options.label,
        HopKind::ManyToMany => declared.many_to_many[hop.index].label,
        HopKind::Reverse | HopKind::ManyToManyReverse => declared.verbose_name_plural,
        HopKind::ReverseOne => declared.verbose_name,
    })
}

/// What a path is called.
pub(crate) fn path_label(path: &AdminPath) -> String {
    match path {
        AdminPath::Column(column) => field_label(*column),
        AdminPath::Relation(hop) => relation_label(hop),
    }
}
