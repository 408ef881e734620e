//! Reads `#[field(…)]`.

use nuages_schema::{ColumnKind, OnDelete};
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Path};

use crate::attr::item::{Sentence, comma_list};
use crate::attr::{Default, FileAttr, Options, Set};
use crate::error::Collector;
use crate::message;
use crate::symbol::{field as words, word};

/// What `#[field(…)]` said.
#[derive(Clone, Debug)]
pub struct FieldAttr {
    /// This is the key.
    pub primary_key: Option<Ident>,
    /// The database makes the value, or not.
    pub auto: Option<Set<bool>>,
    /// No two rows share a value.
    pub unique: Option<Ident>,
    /// An index is kept (`index` or `db_index`).
    pub index: Option<Ident>,
    /// The most characters.
    pub max_length: Option<Set<u32>>,
    /// The digits of a decimal.
    pub max_digits: Option<Set<u8>>,
    /// The digits after the point.
    pub decimal_places: Option<Set<u8>>,
    /// The least number.
    pub min: Option<Set<i64>>,
    /// The greatest number.
    pub max: Option<Set<i64>>,
    /// The column's name.
    pub db_column: Option<Set<LitStr>>,
    /// How the database compares and orders the text.
    pub db_collation: Option<Set<LitStr>>,
    /// What the type is stored as, where the source alone cannot tell.
    pub column: Option<Set<ColumnKind>>,
    /// What a new row gets when nothing is said.
    pub default: Option<Default>,
    /// What the database puts in when a new row says nothing.
    pub db_default: Option<Default>,
    /// What the database computes from other columns.
    pub generated: Option<Set<LitStr>>,
    /// Whether what it computes is kept, or computed when it is read.
    pub persist: Option<Set<bool>>,
    /// Set to now at each save.
    pub auto_now: Option<Ident>,
    /// Set to now when the row is made.
    pub auto_now_add: Option<Ident>,
    /// Forms may leave it empty.
    pub blank: Option<Ident>,
    /// Forms show it.
    pub editable: Option<Set<bool>>,
    /// The label (`label` or `verbose_name`).
    pub label: Option<Set<LitStr>>,
    /// A sentence for forms.
    pub help_text: Option<Set<LitStr>>,
    /// What the form shows.
    pub widget: Option<Set<String>>,
    /// Functions that check a value.
    pub validators: Vec<Path>,
    /// What happens when the target is deleted.
    pub on_delete: Option<Set<OnDelete>>,
    /// What the key is set to then, by `Set(…)` and `SetWith(…)`.
    pub set_to: Option<SetTo>,
    /// Whether the database watches that the target is there.
    pub db_constraint: Option<Set<bool>>,
    /// The rows that forms offer: a condition on them, as a closure or the path of a function.
    pub limit_choices_to: Option<Set<Expr>>,
    /// The reverse relation.
    pub related_name: Option<Set<RelatedName>>,
    /// The model of the join table.
    pub through: Option<Set<Path>>,
    /// The fields of that model that refer to this model and to the other one.
    pub through_fields: Option<Set<Vec<Ident>>>,
    /// Who is joined with another is joined back.
    pub symmetrical: Option<Ident>,
    /// The app and the name of the model that a relation leads to, where the source alone cannot tell.
    pub to: Option<Set<LitStr>>,
    /// The join table.
    pub db_table: Option<Set<LitStr>>,
    /// The join table's column for this model.
    pub from_column: Option<Set<LitStr>>,
    /// The join table's column for the other model.
    pub to_column: Option<Set<LitStr>>,
    /// The former name.
    pub was: Option<Set<LitStr>>,
    /// The database checks the words of the choices.
    pub check_choices: Option<Ident>,
    /// What the rows that exist get in a new column.
    pub backfill: Option<Default>,
    /// A change that may lose data is agreed to.
    pub narrow: Option<Ident>,
    /// Counts the changes, so that a row that moved on is not overwritten.
    pub version: Option<Ident>,
    /// Sentences in the place of ours, by the rule that was broken.
    pub error_messages: Vec<(Ident, LitStr)>,
    /// The type is a group of fields, whose columns stand in this table.
    pub flatten: Option<Ident>,
    /// The group has fields that a new row must say.
    pub required: Option<Ident>,
    /// What is said of files.
    pub file: FileAttr,
}

/// What a key is set to when the row it refers to is deleted.
#[derive(Clone, Debug)]
pub enum SetTo {
    /// `Set(7)`: a key, or any expression that names a row.
    Key(Expr),
    /// `SetWith(path::to::function)`: an async function of the database.
    With(Path),
}

/// `related_name = books` or `related_name = none`
#[derive(Clone, Debug)]
pub enum RelatedName {
    /// The name on the other model.
    Name(Ident),
    /// There is no reverse relation.
    None,
}

impl FieldAttr {
    pub(crate) fn read(attrs: &[Attribute], errors: &Collector) -> Self {
        let mut options = Options::of(attrs, &words::PLACE, errors);
        let (on_delete, set_to) = on_delete(&mut options).unzip();
        Self {
            primary_key: options.flag(words::PRIMARY_KEY),
            auto: options.bool(words::AUTO),
            unique: options.flag(words::UNIQUE),
            index: options.flag(words::INDEX).or(options.flag(words::DB_INDEX)),
            max_length: options.number(words::MAX_LENGTH),
            max_digits: options.number(words::MAX_DIGITS),
            decimal_places: options.number(words::DECIMAL_PLACES),
            min: options.number(words::MIN),
            max: options.number(words::MAX),
            db_column: options.text(words::DB_COLUMN),
            db_collation: options.text(words::DB_COLLATION),
            column: column(&mut options),
            default: Default::read(&mut options, words::DEFAULT),
            db_default: Default::read(&mut options, words::DB_DEFAULT),
            generated: options.text(words::GENERATED),
            persist: options.bool(words::PERSIST),
            auto_now: options.flag(words::AUTO_NOW),
            auto_now_add: options.flag(words::AUTO_NOW_ADD),
            blank: options.flag(words::BLANK),
            editable: options.bool(words::EDITABLE),
            label: label(&mut options),
            help_text: options.text(words::HELP_TEXT),
            widget: widget(&mut options),
            validators: validators(&mut options),
            on_delete,
            set_to: set_to.flatten(),
            db_constraint: options.bool(words::DB_CONSTRAINT),
            limit_choices_to: options.expr(words::LIMIT_CHOICES_TO),
            related_name: related_name(&mut options),
            through: options.path(words::THROUGH),
            through_fields: options.list(words::THROUGH_FIELDS, comma_list),
            symmetrical: options.flag(words::SYMMETRICAL),
            to: options.text(words::TO),
            db_table: options.text(words::DB_TABLE),
            from_column: options.text(words::FROM_COLUMN),
            to_column: options.text(words::TO_COLUMN),
            was: options.text(words::WAS),
            check_choices: options.flag(words::CHECK_CHOICES),
            backfill: Default::read(&mut options, words::BACKFILL),
            narrow: options.flag(words::NARROW),
            version: options.flag(words::VERSION),
            error_messages: error_messages(&mut options),
            flatten: options.flag(words::FLATTEN),
            required: options.flag(words::REQUIRED),
            file: FileAttr::read(&mut options),
        }
    }
}

fn label(options: &mut Options<'_>) -> Option<Set<LitStr>> {
    let (label, long) = (options.text(words::LABEL), options.text(words::VERBOSE_NAME));
    if let (Some(_), Some(second)) = (&label, &long) {
        options.errors.at(&second.key, "`verbose_name` and `label` say the same; keep `label`");
    }
    label.or(long)
}

fn validators(options: &mut Options<'_>) -> Vec<Path> {
    options.list(words::VALIDATORS, comma_list).map(|set| set.value).unwrap_or_default()
}

/// `error_messages(required = "…", unique = "…")`
fn error_messages(options: &mut Options<'_>) -> Vec<(Ident, LitStr)> {
    let given = options.list(words::ERROR_MESSAGES, comma_list::<Sentence>);
    let given: Vec<Sentence> = given.map(|set| set.value).unwrap_or_default();
    for Sentence { name, .. } in &given {
        if !word::ERROR_CODES.contains(&name.to_string().as_str()) {
            let text = message::no_choice("rule", &name.to_string(), &word::ERROR_CODES);
            options.errors.at(name, text);
        }
    }
    given.into_iter().map(|Sentence { name, text }| (name, text)).collect()
}

/// `column = text`
fn column(options: &mut Options<'_>) -> Option<Set<ColumnKind>> {
    let Set { key, value: path } = options.path(words::COLUMN)?;
    let word = spelled(&path);
    match ColumnKind::from_word(&word) {
        Some(value) => Some(Set { key, value }),
        None => {
            let known = ColumnKind::ALL.map(ColumnKind::word);
            options.errors.at(&path, message::no_choice("kind of column", &word, &known));
            None
        }
    }
}

/// `on_delete = Cascade`, `on_delete = db::Cascade`, `on_delete = Set(7)`
fn on_delete(options: &mut Options<'_>) -> Option<(Set<OnDelete>, Option<SetTo>)> {
    let Set { key, value: expr } = options.expr(words::ON_DELETE)?;
    if let Some(to) = set_to(&expr) {
        return Some((Set { key, value: OnDelete::Set }, Some(to)));
    }
    let word = expr.to_token_stream().to_string().replace(' ', "");
    if [word::SET, word::SET_WITH].contains(&word.as_str()) {
        options.errors.at(&expr, message::SET_TO_WHAT);
        return None;
    }
    match OnDelete::from_word(&word) {
        Some(value) => Some((Set { key, value }, None)),
        None => {
            let known = OnDelete::ALL.map(|(known, _)| known);
            options.errors.at(&expr, message::no_choice("rule for `on_delete`", &word, &known));
            None
        }
    }
}

/// `Set(7)`, `SetWith(path::to::function)`
fn set_to(expr: &Expr) -> Option<SetTo> {
    let Expr::Call(call) = expr else { return None };
    let Expr::Path(rule) = &*call.func else { return None };
    let argument = call.args.first().filter(|_| call.args.len() == 1)?;
    match argument {
        Expr::Path(path) if rule.path.is_ident(word::SET_WITH) => Some(SetTo::With(path.path.clone())),
        _ => rule.path.is_ident(word::SET).then(|| SetTo::Key(argument.clone())),
    }
}

/// `related_name = books`
fn related_name(options: &mut Options<'_>) -> Option<Set<RelatedName>> {
    let Set { key, value: path } = options.path(words::RELATED_NAME)?;
    match path.get_ident() {
        Some(name) if name == word::NONE => Some(Set { key, value: RelatedName::None }),
        Some(name) => Some(Set { key, value: RelatedName::Name(name.clone()) }),
        None => {
            options.errors.at(&path, message::usage(words::RELATED_NAME));
            None
        }
    }
}

/// `widget = textarea`
fn widget(options: &mut Options<'_>) -> Option<Set<String>> {
    let Set { key, value: expr } = options.expr(words::WIDGET)?;
    let given = match &expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.value(),
        other => other.to_token_stream().to_string(),
    };
    if word::WIDGETS.contains(&given.as_str()) {
        return Some(Set { key, value: given });
    }
    options.errors.at(&expr, message::no_choice("widget", &given, &word::WIDGETS));
    None
}

/// A path without spaces, as messages and tables write it.
fn spelled(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
