//! Reads `#[model(…)]`.

use nuages_schema::Backend;
use syn::parse::Parser;
use syn::{Attribute, Ident, LitStr, Path};

use crate::attr::item::{Named, Sentence, comma_list};
use crate::attr::{CheckAttr, IndexAttr, Options, OrderTerm, Set, UniqueAttr};
use crate::error::Collector;
use crate::message;
use crate::symbol::{Word, model as words, word};

/// What `#[model(…)]` said.
#[derive(Clone, Debug)]
pub struct ModelAttr {
    /// The table, if not the default one.
    pub db_table: Option<Set<LitStr>>,
    /// The app, if not the crate's.
    pub app_label: Option<Set<LitStr>>,
    /// The fields that are the primary key together.
    pub primary_key: Option<Set<Vec<Ident>>>,
    /// The default ordering.
    pub ordering: Option<Set<Vec<OrderTerm>>>,
    /// The text of one row, with fields in braces.
    pub display: Option<Set<LitStr>>,
    /// What one row is called.
    pub verbose_name: Option<Set<LitStr>>,
    /// What many rows are called.
    pub verbose_name_plural: Option<Set<LitStr>>,
    /// Unique constraints, from `unique(…)` and `unique_together(…)`.
    pub uniques: Vec<UniqueAttr>,
    /// Indexes.
    pub indexes: Vec<IndexAttr>,
    /// Check constraints.
    pub checks: Vec<CheckAttr>,
    /// The databases the model may live on, with the word of each; `None` is all.
    pub only: Option<Set<Vec<(Ident, Backend)>>>,
    /// Whether migrations manage the table.
    pub managed: Option<Set<bool>>,
    /// The way back of relations that name none.
    pub default_related_name: Option<Set<Ident>>,
    /// The two columns that refer to a row of any model.
    pub generic_foreign_key: Option<Set<Vec<Ident>>>,
    /// Models with such columns, whose rows belong to rows of this one, and what they are called here.
    pub generic_relations: Vec<(Ident, Path)>,
    /// Rights beside the usual ones, with what people read.
    pub permissions: Vec<(Ident, LitStr)>,
    /// The usual rights that it has; `None` is all four.
    pub default_permissions: Option<Set<Vec<Ident>>>,
    /// The project's user model.
    pub user: Option<Ident>,
    /// The former name.
    pub was: Option<Set<LitStr>>,
    /// Fields whose removal is agreed to.
    pub drops: Vec<Ident>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

impl ModelAttr {
    pub(crate) fn read(attrs: &[Attribute], errors: &Collector) -> Self {
        let mut options = Options::of(attrs, &words::PLACE, errors);
        Self {
            db_table: options.text(words::DB_TABLE),
            app_label: options.text(words::APP_LABEL),
            primary_key: options.list(words::PRIMARY_KEY, comma_list),
            ordering: options.list(words::ORDERING, comma_list),
            display: options.text(words::DISPLAY),
            verbose_name: options.text(words::VERBOSE_NAME),
            verbose_name_plural: options.text(words::VERBOSE_NAME_PLURAL),
            uniques: UniqueAttr::read(&mut options),
            indexes: IndexAttr::read(&mut options),
            checks: CheckAttr::read(&mut options),
            only: only(&mut options, words::ONLY),
            managed: options.bool(words::MANAGED),
            default_related_name: default_related_name(&mut options),
            generic_foreign_key: options.list(words::GENERIC_FOREIGN_KEY, comma_list),
            generic_relations: generic_relations(&mut options),
            permissions: permissions(&mut options),
            default_permissions: default_permissions(&mut options),
            user: options.flag(words::USER),
            was: options.text(words::WAS),
            drops: options.lists(words::DROP, comma_list).into_iter().flat_map(|set| set.value).collect(),
            krate: options.path(words::CRATE).map(|set| set.value),
        }
    }
}

/// `default_related_name = books`
fn default_related_name(options: &mut Options<'_>) -> Option<Set<Ident>> {
    let Set { key, value: path } = options.path(words::DEFAULT_RELATED_NAME)?;
    match path.get_ident() {
        Some(name) => Some(Set { key, value: name.clone() }),
        None => {
            options.errors.at(&path, message::usage(words::DEFAULT_RELATED_NAME));
            None
        }
    }
}

/// `generic_relation(tags = TaggedItem, notes = Note)`
fn generic_relations(options: &mut Options<'_>) -> Vec<(Ident, Path)> {
    let given = options.lists(words::GENERIC_RELATION, comma_list::<Named>);
    given.into_iter().flat_map(|set| set.value).map(|Named { name, path }| (name, path)).collect()
}

/// `permissions(publish_book = "Can publish books")`
fn permissions(options: &mut Options<'_>) -> Vec<(Ident, LitStr)> {
    let given = options.list(words::PERMISSIONS, comma_list::<Sentence>).map(|set| set.value);
    given.into_iter().flatten().map(|Sentence { name, text }| (name, text)).collect()
}

/// `default_permissions(add, change)`, `default_permissions()`
fn default_permissions(options: &mut Options<'_>) -> Option<Set<Vec<Ident>>> {
    let given = options.list(words::DEFAULT_PERMISSIONS, comma_list::<Ident>)?;
    for name in &given.value {
        if !word::ACTIONS.contains(&name.to_string().as_str()) {
            let text = message::no_choice("action", &name.to_string(), &word::ACTIONS);
            options.errors.at(name, text);
        }
    }
    Some(given)
}

/// `only(postgres, sqlite)`
pub(crate) fn only(options: &mut Options<'_>, word: Word) -> Option<Set<Vec<(Ident, Backend)>>> {
    options.list(word, |input| {
        let names = comma_list::<Ident>.parse2(input.parse()?)?;
        names.into_iter().map(|name| Ok((name.clone(), backend(&name)?))).collect()
    })
}

fn backend(name: &Ident) -> syn::Result<Backend> {
    const ALL: [Backend; 3] = [Backend::Sqlite, Backend::Postgres, Backend::Mysql];
    let found = ALL.into_iter().find(|backend| name == backend.word());
    found.ok_or_else(|| {
        let text = message::no_choice("database", &name.to_string(), &ALL.map(Backend::word));
        syn::Error::new(name.span(), text)
    })
}
