//! The filters of a list: what they offer, what they mean, and how they are taken away again.

use nuages::Result;
use nuages::admin::{AdminPath, AdminRequest, rows};
use nuages::backend::Db;
use nuages::expr::{Comparison, Condition, Expr};
use nuages::field::ColumnRef;
use nuages::form::Zone;
use nuages::model::{ModelEntry, entry_of};
use nuages::path::{Hop, HopKind};
use nuages::query::Select;
use nuages::value::{ColumnKind, Value};
use nuages_schema::{FieldSchema, ModelSchema};

use super::columns::{path_key, path_label};
use crate::address::Address;
use crate::page::choice::{Choice, Combo};
use crate::page::list::{Chip, Filter, FilterKind};
use crate::{registry, text};

/// Values of a filter that are not values of the field.
const NONE: &str = "none";
const SOME: &str = "some";

/// A filter of a list.
pub(crate) struct FilterPlan {
    /// Its name in the address.
    pub(crate) name: String,
    label: String,
    pub(crate) column: ColumnRef,
    model: &'static ModelSchema,
    kind: Kind,
}

enum Kind {
    Choices,
    Bool,
    Range,
    Relation(&'static ModelEntry),
    Presence,
}

/// The filters that the options name, or those that follow from the schema.
pub(crate) fn plan(entry: &'static ModelEntry, by: &AdminRequest) -> Vec<FilterPlan> {
    let named = entry.admin.list_filter.for_request(by);
    let paths = named.map_or_else(|| defaults(entry), |paths| paths.into_iter().map(|path| path()).collect());
    paths.into_iter().filter_map(|path| FilterPlan::of(entry.schema, path)).collect()
}

/// The names of a model's filters in the address.
pub(crate) fn names(entry: &'static ModelEntry, by: &AdminRequest) -> Vec<String> {
    plan(entry, by).into_iter().map(|filter| filter.name).collect()
}

fn defaults(entry: &'static ModelEntry) -> Vec<AdminPath> {
    let schema = entry.schema;
    let fit = |field: &FieldSchema| {
        let chosen = !(field.options.choices)().is_empty() || (field.kind)() == ColumnKind::Bool;
        chosen || (field.kind)() == ColumnKind::Date || field.foreign.is_some()
    };
    let path = |index: usize| match schema.fields[index].foreign {
        Some(_) => AdminPath::Relation(rows::hop(schema, HopKind::Forward, index)),
        None => AdminPath::Column(rows::column(schema, index)),
    };
    (0..schema.fields.len()).filter(|index| fit(&schema.fields[*index])).map(path).collect()
}

impl FilterPlan {
    fn of(model: &'static ModelSchema, path: AdminPath) -> Option<Self> {
        let (name, label) = (format!("f.{}", path_key(&path)), path_label(&path));
        let (column, kind) = match path {
            AdminPath::Column(column) => (column, kind_of(column)),
            AdminPath::Relation(hop) => relation(hop)?,
        };
        Some(Self { name, label, column, model, kind })
    }

    fn field(&self) -> &'static FieldSchema {
        self.column.field()
    }

    /// What the address asks of this filter; a value that is no value of the field asks nothing.
    pub(crate) fn condition(&self, address: &Address, zone: Zone) -> Option<Condition> {
        self.own_condition(address, zone).map(|condition| once(self.model, self.column, condition))
    }

    fn own_condition(&self, address: &Address, zone: Zone) -> Option<Condition> {
        let expr = || Expr::Column(self.column);
        if let Kind::Range = self.kind {
            return self.range(address, zone);
        }
        let mut values = Vec::new();
        let mut ways = Vec::new();
        for given in address.all(&self.name) {
            match given {
                NONE if self.offers_none() => ways.push(Condition::IsNull(expr(), true)),
                SOME if self.offers_none() => ways.push(Condition::IsNull(expr(), false)),
                given => values.extend(self.value(given, zone)),
            }
        }
        if !values.is_empty() {
            ways.push(Condition::In(expr(), values));
        }
        (!ways.is_empty()).then_some(Condition::Any(ways))
    }

    fn range(&self, address: &Address, zone: Zone) -> Option<Condition> {
        let bound = |end: &str, comparison| {
            let given = address.get(&format!("{}.{end}", self.name))?;
            let (value, comparison) = self.bound(given, comparison, zone)?;
            Some(Condition::Compare(Expr::Column(self.column), comparison, Expr::Value(value)))
        };
        let from = bound("gte", Comparison::GreaterOrEqual);
        let to = bound("lte", Comparison::LessOrEqual);
        let both: Vec<Condition> = [from, to].into_iter().flatten().collect();
        (!both.is_empty()).then_some(Condition::All(both))
    }

    /// The end of a range; of instants, a day has its end in the user's zone.
    fn bound(&self, given: &str, comparison: Comparison, zone: Zone) -> Option<(Value, Comparison)> {
        if (self.field().kind)() != ColumnKind::DateTime {
            return text::value(self.field(), given, zone).map(|value| (value, comparison));
        }
        let mut day = text::date(given)?;
        let upper = comparison == Comparison::LessOrEqual;
        if upper {
            day = day.succ_opt()?;
        }
        Some((Value::DateTime(text::midnight(day, zone)?), if upper { Comparison::Less } else { comparison }))
    }

    fn value(&self, given: &str, zone: Zone) -> Option<Value> {
        match self.kind {
            Kind::Bool => matches!(given, "1" | "0").then(|| Value::Bool(given == "1")),
            Kind::Choices | Kind::Relation(_) => text::value(self.field(), given, zone),
            Kind::Range | Kind::Presence => None,
        }
    }

    fn offers_none(&self) -> bool {
        self.column.may_be_null()
    }

    /// Whether its values are few and known, so that they can be counted.
    pub(crate) const fn has_facets(&self) -> bool {
        matches!(self.kind, Kind::Choices | Kind::Bool)
    }

    /// The filter as the page shows it, and its chips.
    pub(crate) async fn show(&self, db: &Db, address: &Address, root: &str) -> Result<(Filter, Vec<Chip>)> {
        let (kind, chips) = match &self.kind {
            Kind::Range => self.show_range(address),
            Kind::Relation(target) => {
                let chosen = self.chosen(db, address, target).await?;
                let chips = self.chips(address, &chosen);
                let mut options_url = registry::list_url(root, target.schema);
                options_url.push_str("options");
                let noun = target.schema.verbose_name.to_owned();
                (FilterKind::Combo(Combo { chosen, options_url, many: true, noun }), chips)
            }
            Kind::Choices => {
                let choices = self.offered(address, &[], (self.field().options.choices)());
                let chips = self.chips(address, &choices);
                (FilterKind::Any(choices), chips)
            }
            Kind::Bool => self.show_one(address, &[("1", "Yes"), ("0", "No")]),
            Kind::Presence => self.show_one(address, &[]),
        };
        Ok((Filter { name: self.name.clone(), label: self.label.clone(), kind }, chips))
    }

    fn show_one(
        &self,
        address: &Address,
        offered: &[(&'static str, &'static str)],
    ) -> (FilterKind, Vec<Chip>) {
        let mut choices = self.offered(address, &[("", "Any")], offered);
        let chips = self.chips(address, &choices);
        if !choices.iter().any(|choice| choice.selected) {
            choices[0].selected = true;
        }
        (FilterKind::One(choices), chips)
    }

    fn offered(&self, address: &Address, before: &[(&str, &str)], offered: &[(&str, &str)]) -> Vec<Choice> {
        let set: Vec<&str> = address.all(&self.name).collect();
        let mut all: Vec<(&str, &str)> = before.iter().chain(offered).copied().collect();
        if self.offers_none() {
            all.push((NONE, "No value"));
            if matches!(self.kind, Kind::Presence) {
                all.push((SOME, "Any value"));
            }
        }
        all.into_iter().map(|(value, label)| Choice::new(value, label, set.contains(&value))).collect()
    }

    async fn chosen(&self, db: &Db, address: &Address, target: &'static ModelEntry) -> Result<Vec<Choice>> {
        let keys: Vec<Value> =
            address.all(&self.name).filter_map(|given| self.value(given, Zone::default())).collect();
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = rows::by_keys(target.schema, keys);
        select.limit = Some(100);
        let found = rows::fetch(db, &select).await?;
        found
            .iter()
            .map(|row| {
                let key = super::columns::key_of(target.schema, row)?;
                Ok(Choice::new(text::plain(&key), (target.describe)(row, 0)?, true))
            })
            .collect()
    }

    fn chips(&self, address: &Address, choices: &[Choice]) -> Vec<Chip> {
        let address = address.without(super::PAGE);
        let set = choices.iter().filter(|choice| choice.selected && !choice.value.is_empty());
        set.map(|choice| Chip {
            label: self.label.clone(),
            value: choice.label.clone(),
            remove: address.without_pair(&self.name, &choice.value).url(),
        })
        .collect()
    }

    fn show_range(&self, address: &Address) -> (FilterKind, Vec<Chip>) {
        let date = (self.field().kind)().has_date();
        let end = |end: &str| address.get(&format!("{}.{end}", self.name)).unwrap_or_default().to_owned();
        let (from, to) = (end("gte"), end("lte"));
        let words = if date { ("from", "until") } else { ("at least", "at most") };
        let chip = |word: &str, end: &str, value: &str| Chip {
            label: self.label.clone(),
            value: format!("{word} {value}"),
            remove: address.without(super::PAGE).without(&[&format!("{}.{end}", self.name)]).url(),
        };
        let mut chips = Vec::new();
        if !from.is_empty() {
            chips.push(chip(words.0, "gte", &from));
        }
        if !to.is_empty() {
            chips.push(chip(words.1, "lte", &to));
        }
        (FilterKind::Range { kind: if date { "date" } else { "number" }, from, to }, chips)
    }
}

fn kind_of(column: ColumnRef) -> Kind {
    let field = column.field();
    match (field.kind)() {
        _ if !(field.options.choices)().is_empty() => Kind::Choices,
        ColumnKind::Bool => Kind::Bool,
        kind if kind.has_date() || kind.is_number() && field.foreign.is_none() => Kind::Range,
        _ => Kind::Presence,
    }
}

/// A condition on a column that several rows may be reached by, so that it finds each row of the list once: the
/// rows are looked for in a query of their own.
pub(super) fn once(model: &'static ModelSchema, column: ColumnRef, condition: Condition) -> Condition {
    if !column.is_to_many() {
        return condition;
    }
    let mut found = Select::of(model).only_key();
    found.filters.push(condition);
    found.order = Some(Vec::new());
    Condition::InQuery(Expr::Column(rows::column(model, model.key)), Box::new(found))
}

/// A value as it stands in the address.
pub(crate) fn word(value: &Value) -> String {
    if value.is_null() { NONE.to_owned() } else { text::plain(value) }
}

/// A foreign key is compared in its own column; other relations by the key at their end.
fn relation(hop: &'static Hop) -> Option<(ColumnRef, Kind)> {
    let target = entry_of(hop.target())?;
    let column = match hop.kind {
        HopKind::Forward => ColumnRef { hops: hop.before, model: hop.model, index: hop.index },
        _ => ColumnRef { hops: Some(hop), model: target.schema.this, index: target.schema.key },
    };
    Some((column, Kind::Relation(target)))
}
