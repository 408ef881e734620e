//! The writer: one buffer of text, the values bound so far, and the tables in reach.

mod join;

use std::cell::Cell;
use std::fmt::Write as _;

use nuages_schema::{Backend, ColumnKind, ModelSchema};

use super::names::through;
use crate::backend::{Db, Statement, push_identifier, text};
use crate::error::{Error, ErrorKind, Result};
use crate::expr::Condition;
use crate::field::ColumnRef;
use crate::path::{Hop, HopKind};
use crate::query::Select;
use crate::value::Value;

thread_local! {
    /// Frames and joins of the last statement of this thread, kept for the room they take.
    static FRAMES: Cell<Vec<Frame>> = const { Cell::new(Vec::new()) };
    static JOINS: Cell<Vec<Join>> = const { Cell::new(Vec::new()) };
}

/// Writes one statement for one database.
pub(crate) struct Writer {
    pub(super) backend: Backend,
    pub(super) mariadb: bool,
    pub(super) text: String,
    pub(super) args: Vec<Value>,
    frames: Vec<Frame>,
    next_alias: usize,
    /// Whether an equal value is bound once: to PostgreSQL `a + $1` and `a + $2` are different groups.
    pub(super) share: bool,
    /// Whether a decimal around what is written is rounded already.
    pub(super) rounding: bool,
    /// Whether SQLite was compiled with its maths functions.
    pub(super) maths: bool,
}

/// Few statements have more values.
const ROOM: usize = 8;

/// The tables of one SELECT.
struct Frame {
    model: &'static ModelSchema,
    alias: usize,
    joins: Vec<Join>,
    /// The hop whose end is the frame's model, where the rows belong to one row of the frame around it.
    base: Option<&'static Hop>,
    /// The frame whose row this one reads again, for an EXISTS about it.
    again: Option<usize>,
    /// Whether it is the table that a statement changes.
    target: bool,
    /// Whether the joined rows are looked up by their key, one by one.
    looks_up: bool,
    /// Which filter is being written: a to-many relation leads to the same row within one.
    scope: usize,
    /// Relations of the query that lead to some of their rows only, and to which.
    narrowed: Vec<(&'static Hop, Condition)>,
    /// How many values were bound before what follows the tables.
    bound: usize,
}

struct Join {
    hop: &'static Hop,
    scope: usize,
    parent: usize,
    alias: usize,
    /// The alias of the join table, of a many-to-many relation.
    through: usize,
    /// Whether the table at the end is needed too, or only the join table.
    whole: bool,
    inner: bool,
    /// What the rows at the end must fulfil, beside belonging to the row before.
    also: Option<Condition>,
}

/// The table that a path begins at.
pub(super) struct Origin {
    frame: usize,
    pub(super) model: &'static ModelSchema,
    pub(super) alias: usize,
    base: Option<&'static Hop>,
}

/// Where a frame stood before a subquery; given back when it ends.
pub(super) struct Opened {
    alias: usize,
}

impl Writer {
    pub(crate) fn new(db: &Db) -> Self {
        let mut writer = Self::for_backend(db.backend(), db.capabilities().mariadb);
        writer.maths = db.capabilities().maths;
        writer
    }

    pub(crate) fn for_backend(backend: Backend, mariadb: bool) -> Self {
        let text = text::buffer();
        Self {
            backend,
            mariadb,
            text,
            args: Vec::new(),
            frames: FRAMES.take(),
            next_alias: 0,
            share: false,
            rounding: false,
            maths: false,
        }
    }

    pub(crate) fn finish(mut self) -> Statement {
        self.frames.clear();
        FRAMES.set(self.frames);
        Statement::new(text::finish(self.text), self.args)
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes a quoted name.
    pub(super) fn name(&mut self, name: &str) -> Result<()> {
        push_identifier(&mut self.text, self.backend, name)
    }

    /// Writes a number after something else.
    pub(super) fn numbered(&mut self, before: &str, number: impl TryInto<u8> + std::fmt::Display + Copy) {
        self.text.push_str(before);
        match number.try_into() {
            // Aliases and placeholders are so nearly always, and formatting is slow beside the rest.
            Ok(digit @ 0..=9) => self.text.push(char::from(b'0' + digit)),
            // Writing into a text does not fail.
            _ => drop(write!(self.text, "{number}")),
        }
    }

    /// Writes a placeholder and binds the value.
    pub(super) fn value(&mut self, value: Value) {
        if let Value::Key(parts) = value {
            return self.value_row(parts);
        }
        let decimal = value.kind() == ColumnKind::Decimal && self.backend == Backend::Sqlite;
        if self.share
            && self.backend == Backend::Postgres
            && let Some(at) = self.args.iter().position(|arg| *arg == value)
        {
            return self.push(&format!("${}", at + 1));
        }
        if self.args.capacity() == 0 {
            self.args.reserve(ROOM);
        }
        self.args.push(value);
        match self.backend {
            // Text bound for a decimal has no affinity in an expression, so it says what it is.
            Backend::Sqlite if decimal => self.push("CAST(? AS NUMERIC)"),
            Backend::Postgres => {
                self.numbered("$", self.args.len());
            }
            _ => self.push("?"),
        }
    }

    /// Begins the tables of a SELECT about a model and gives the alias of its table.
    pub(super) fn open(&mut self, model: &'static ModelSchema, base: Option<&'static Hop>) -> Opened {
        let alias = self.alias();
        self.frames.push(Frame {
            model,
            alias,
            joins: JOINS.take(),
            base,
            again: None,
            target: false,
            looks_up: false,
            scope: 0,
            narrowed: Vec::new(),
            bound: 0,
        });
        Opened { alias }
    }

    /// Begins the tables of a query.
    pub(super) fn open_query(&mut self, query: &Select) -> Opened {
        let opened = self.open(query.model, None);
        if let Some(frame) = self.frames.last_mut() {
            frame.narrowed.clone_from(&query.narrowed);
        }
        opened
    }

    /// Notes that the tables of the innermost SELECT come here, before what is written from now on.
    pub(super) fn tables_come_here(&mut self) -> usize {
        if let Some(frame) = self.frames.last_mut() {
            frame.bound = self.args.len();
        }
        self.text.len()
    }

    fn alias(&mut self) -> usize {
        self.next_alias += 1;
        self.next_alias - 1
    }

    /// Which filter is written next; 0 is everything that is not a filter.
    pub(super) fn set_scope(&mut self, scope: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.scope = scope;
        }
    }

    /// Has MySQL look up the joined rows by their key: for a small table it would rather gather the rows of this
    /// one in a buffer, which loses their order.
    pub(super) fn look_up_joined(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.looks_up = true;
        }
    }

    /// Ends the tables of a SELECT and puts its FROM at a position of the text.
    pub(super) fn close(&mut self, opened: &Opened, at: usize) -> Result<()> {
        let Some(mut frame) = self.frames.pop() else { return Ok(()) };
        // Written behind what is there already, then turned round.
        let (end, bound) = (self.text.len(), self.args.len());
        self.push(" FROM ");
        self.name(frame.model.table.as_str())?;
        self.numbered(" t", opened.alias);
        for join in &frame.joins {
            self.join(join, frame.looks_up)?;
        }
        self.text.extend_from_within(at..end);
        self.text.drain(at..end);
        if self.backend != Backend::Postgres {
            // Values go by their order where they have no numbers.
            let joined = self.args.len() - bound;
            self.args[frame.bound..].rotate_right(joined);
        }
        frame.joins.clear();
        JOINS.set(frame.joins);
        Ok(())
    }

    /// Writes `t1."column"`.
    pub(super) fn aliased(&mut self, alias: usize, column: &str) -> Result<()> {
        if let Some(frame) = self.frames.iter().find(|frame| frame.target && frame.alias == alias) {
            self.name(frame.model.table.as_str())?;
            self.text.push('.');
            return self.name(column);
        }
        self.numbered("t", alias);
        self.text.push('.');
        self.name(column)
    }

    /// Begins the table of an UPDATE or DELETE, which has no FROM: its columns are written by the table's name.
    pub(super) fn open_target(&mut self, model: &'static ModelSchema) -> Opened {
        let opened = self.open(model, None);
        if let Some(frame) = self.frames.last_mut() {
            frame.target = true;
        }
        opened
    }

    /// Whether what is written now is about the table that a statement changes.
    pub(super) fn is_at_target(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.target)
    }

    /// Ends the table of an UPDATE or DELETE.
    pub(super) fn close_target(&mut self, _opened: Opened) -> Result<()> {
        match self.frames.pop() {
            Some(frame) if !frame.joins.is_empty() => Err(Error::new(
                ErrorKind::NotSupported,
                "a value set by `update` cannot use another table; use the key or a subquery",
            )),
            _ => Ok(()),
        }
    }

    /// Writes a column, joining what leads to it.
    pub(super) fn column(&mut self, column: ColumnRef) -> Result<()> {
        let frame = self.frame_of(column.hops);
        self.column_in(frame, column)
    }

    /// Writes a column of the query around the innermost one.
    pub(super) fn outer_column(&mut self, column: ColumnRef) -> Result<()> {
        let is_query = |frame: &Frame| frame.base.is_none() && frame.again.is_none();
        let mut queries = self.frames.iter().enumerate().rev().filter(|(_, frame)| is_query(frame));
        let frame = queries.nth(1).map_or(0, |(at, _)| at);
        self.column_in(frame, column)
    }

    fn column_in(&mut self, frame: usize, column: ColumnRef) -> Result<()> {
        if column.is_composite() {
            return self.row_of(column.parts(), |w, part| w.column_in(frame, part));
        }
        let field = column.field();
        let Some(hop) = column.hops else {
            let alias = self.frames[frame].alias;
            return self.aliased(alias, field.column);
        };
        if self.frames[frame].base == Some(hop) {
            let alias = self.frames[frame].alias;
            return self.aliased(alias, field.column);
        }
        if hop.target().key == column.index && self.narrowing(frame, hop).is_none() {
            // The key at the other end stands in this row already, or in the join table.
            match hop.kind {
                HopKind::Forward => {
                    let before = ColumnRef { hops: hop.before, model: hop.model, index: hop.index };
                    return self.column_in(frame, before);
                }
                HopKind::ManyToMany | HopKind::ManyToManyReverse => {
                    let table =
                        through((hop.model)(), hop.index).directed(hop.kind == HopKind::ManyToManyReverse);
                    let join = self.join_for(frame, hop, false);
                    let alias = self.frames[frame].joins[join].through;
                    return self.aliased(alias, &table.to);
                }
                HopKind::Reverse | HopKind::ReverseOne => {}
            }
        }
        let join = self.join_for(frame, hop, true);
        let alias = self.frames[frame].joins[join].alias;
        self.aliased(alias, field.column)
    }

    /// The frame a path belongs to: the innermost, unless that one holds the rows at the end of another path.
    fn frame_of(&self, hops: Option<&'static Hop>) -> usize {
        let leads_through = |at: usize| {
            self.frames[at].base.is_some_and(|base| hops.is_some_and(|hop| hop.chain().contains(&base)))
        };
        let mut at = self.frames.len() - 1;
        loop {
            if let Some(again) = self.frames[at].again {
                // Rows of a frame in between are there already; all else starts at the row that is read again.
                if let Some(between) = (again + 1..at).rev().find(|between| leads_through(*between)) {
                    return between;
                }
            }
            if self.frames[at].base.is_none() || leads_through(at) {
                return at;
            }
            match self.frames[at].again.unwrap_or(at).checked_sub(1) {
                Some(outer) => at = outer,
                None => return at,
            }
        }
    }

    /// The alias of the table at the end of a path, in the frame it belongs to.
    pub(super) fn alias_of(&mut self, hops: Option<&'static Hop>) -> usize {
        let frame = self.frame_of(hops);
        match hops {
            None => self.frames[frame].alias,
            Some(hop) if self.frames[frame].base == Some(hop) => self.frames[frame].alias,
            Some(hop) => {
                let join = self.join_for(frame, hop, true);
                self.frames[frame].joins[join].alias
            }
        }
    }

    /// The alias of the row before a hop, in the frame around the innermost one.
    pub(super) fn alias_before(&mut self, hop: &'static Hop) -> usize {
        let Some(inner) = self.frames.pop() else { return 0 };
        let alias = self.alias_of(hop.before);
        self.frames.push(inner);
        alias
    }

    /// Finds or makes the join at the end of a path.
    fn join_for(&mut self, frame: usize, hop: &'static Hop, whole: bool) -> usize {
        let also = self.narrowing(frame, hop).cloned();
        // A relation that was narrowed leads to the same row wherever the query names it.
        let to_many = hop.leads_to_many() && also.is_none();
        let scope = if to_many { self.frames[frame].scope } else { 0 };
        let found = self.frames[frame].joins.iter().position(|join| join.hop == hop && join.scope == scope);
        if let Some(at) = found {
            self.frames[frame].joins[at].whole |= whole;
            return at;
        }
        let (parent, parent_inner) = match hop.before {
            Some(before) if self.frames[frame].base != Some(before) => {
                let at = self.join_for(frame, before, true);
                (self.frames[frame].joins[at].alias, self.frames[frame].joins[at].inner)
            }
            _ => (self.frames[frame].alias, true),
        };
        let (alias, through) = (self.alias(), self.alias());
        let inner = parent_inner && !hop.may_be_null() && also.is_none();
        self.frames[frame].joins.push(Join { hop, scope, parent, alias, through, whole, inner, also });
        self.frames[frame].joins.len() - 1
    }

    /// What the query around a frame says of the rows that a relation leads to.
    fn narrowing(&self, frame: usize, hop: &'static Hop) -> Option<&Condition> {
        let is_query = |frame: &&Frame| frame.base.is_none() && frame.again.is_none();
        let query = self.frames[..=frame].iter().rev().find(is_query)?;
        query.narrowed.iter().find(|(known, _)| *known == hop).map(|(_, condition)| condition)
    }

    /// The same in the innermost frame.
    pub(super) fn narrowing_here(&self, hop: &'static Hop) -> Option<&Condition> {
        self.narrowing(self.frames.len().checked_sub(1)?, hop)
    }

    /// Begins a condition on a table that is joined already.
    pub(super) fn open_joined(&mut self, model: &'static ModelSchema, alias: usize) {
        let next = self.next_alias;
        self.open(model, None);
        self.next_alias = next;
        if let Some(frame) = self.frames.last_mut() {
            frame.alias = alias;
        }
    }

    /// Ends it.
    pub(super) fn close_joined(&mut self) {
        self.frames.pop();
    }

    /// Where a path leads through a to-many relation that the innermost frame has not entered yet.
    pub(super) fn first_to_many(&self, hops: Option<&'static Hop>) -> Option<&'static Hop> {
        Self::to_many_after(self.frames.last(), hops)
    }

    /// The same for a path that belongs to a frame around the innermost one.
    pub(super) fn to_many_outside(&self, hops: Option<&'static Hop>) -> Option<&'static Hop> {
        let frame = self.frame_of(hops);
        if frame + 1 == self.frames.len() { None } else { Self::to_many_after(self.frames.get(frame), hops) }
    }

    fn to_many_after(frame: Option<&Frame>, hops: Option<&'static Hop>) -> Option<&'static Hop> {
        let chain = hops?.chain();
        let base = frame.and_then(|frame| frame.base);
        let entered = base.and_then(|base| chain.iter().position(|hop| *hop == base)).map_or(0, |at| at + 1);
        chain.into_iter().skip(entered).find(|hop| hop.is_to_many())
    }

    /// Whether the rows of the innermost frame belong to a row of the frame around it.
    pub(super) fn has_base(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.base.is_some())
    }

    /// The table that a path begins at in the frame it belongs to, its alias, and the hop that led there.
    pub(super) fn origin(&self, path: &'static Hop) -> Origin {
        let at = self.frame_of(Some(path));
        let frame = &self.frames[at];
        Origin { frame: at, model: frame.model, alias: frame.alias, base: frame.base }
    }

    /// Begins a SELECT that reads the row of a frame again.
    pub(super) fn open_again(&mut self, origin: &Origin) -> Opened {
        let opened = self.open(origin.model, origin.base);
        if let Some(frame) = self.frames.last_mut() {
            frame.again = Some(origin.frame);
        }
        opened
    }

    /// The model of the innermost frame, and the alias of its table.
    pub(super) fn here(&self) -> Option<(&'static ModelSchema, usize)> {
        self.frames.last().map(|frame| (frame.model, frame.alias))
    }
}
