//! Reads `#[admin(…)]`.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Ident, LitStr, Path};

use crate::attr::item::comma_list;
use crate::attr::options::{Entry, Form};
use crate::attr::{FieldPath, Item, Options, OrderTerm, Set};
use crate::error::Collector;
use crate::message;
use crate::symbol::{Word, admin as words, fieldset, inline};

/// What `#[admin(…)]` said.
#[derive(Clone, Debug)]
pub struct AdminAttr {
    /// The columns of the list.
    pub list_display: Option<Set<Listed<Item>>>,
    /// The columns that lead to the form.
    pub list_display_links: Option<Set<Vec<FieldPath>>>,
    /// The columns that the list can be sorted by.
    pub sortable_by: Option<Set<Vec<FieldPath>>>,
    /// What stands for no value.
    pub empty_value_display: Option<Set<LitStr>>,
    /// The filters beside the list.
    pub list_filter: Option<Set<Listed<Item>>>,
    /// What the search box looks into.
    pub search_fields: Option<Set<Listed<Item>>>,
    /// The ordering of the list.
    pub ordering: Option<Set<Vec<OrderTerm>>>,
    /// The date to drill down by.
    pub date_hierarchy: Option<Set<Ident>>,
    /// Rows on a page of the list.
    pub list_per_page: Option<Set<u32>>,
    /// The fields of the form.
    pub fields: Option<Set<Vec<Ident>>>,
    /// The fields of the form in groups.
    pub fieldsets: Option<Set<Listed<Fieldset>>>,
    /// Fields that are shown and not edited.
    pub readonly_fields: Option<Set<Listed<Ident>>>,
    /// Fields that the form leaves out.
    pub exclude: Option<Set<Listed<Ident>>>,
    /// Relations chosen by searching.
    pub autocomplete_fields: Option<Set<Listed<Ident>>>,
    /// Related rows edited on the same page.
    pub inlines: Option<Set<Listed<Inline>>>,
    /// Functions over the chosen rows.
    pub actions: Option<Set<Listed<Path>>>,
}

/// A list, or the function that makes it at each request.
#[derive(Clone, Debug)]
pub enum Listed<T> {
    /// `readonly_fields(a, b)`
    Items(Vec<T>),
    /// `readonly_fields = fn path`
    Function(Path),
}

impl<T> Listed<T> {
    /// The items, where they are listed.
    pub fn items(&self) -> &[T] {
        match self {
            Self::Items(items) => items,
            Self::Function(_) => &[],
        }
    }
}

/// `"Title"(a, b, classes(collapse), description = "A sentence.")`
#[derive(Clone, Debug)]
pub struct Fieldset {
    /// Its heading.
    pub title: LitStr,
    /// Its fields.
    pub fields: Vec<Ident>,
    /// A sentence under the heading.
    pub description: Option<Set<LitStr>>,
    /// Whether it is folded to begin with.
    pub collapsed: bool,
}

/// A model whose rows are edited on the page of the row they refer to: `Review(extra = 0, stacked)`
#[derive(Clone, Debug)]
pub struct Inline {
    /// The model.
    pub model: Path,
    /// The fields of the rows.
    pub fields: Option<Set<Vec<Ident>>>,
    /// The foreign key that leads here.
    pub fk_name: Option<Set<Path>>,
    /// How many empty rows follow.
    pub extra: Option<Set<u32>>,
    /// How many rows there are at least.
    pub min_num: Option<Set<u32>>,
    /// How many rows there are at most.
    pub max_num: Option<Set<u32>>,
    /// Whether rows may be deleted.
    pub can_delete: Option<Set<bool>>,
    /// Whether each row has its fields below each other.
    pub stacked: Option<Ident>,
}

impl AdminAttr {
    /// `None` where there is no such attribute.
    pub(crate) fn read(attrs: &[Attribute], errors: &Collector) -> Option<Self> {
        attrs.iter().find(|attr| attr.path().is_ident(words::PLACE.name))?;
        let mut options = Options::of(attrs, &words::PLACE, errors);
        Some(Self {
            list_display: listed(&mut options, words::LIST_DISPLAY),
            list_display_links: options.list(words::LIST_DISPLAY_LINKS, comma_list),
            sortable_by: options.list(words::SORTABLE_BY, comma_list),
            empty_value_display: options.text(words::EMPTY_VALUE_DISPLAY),
            list_filter: listed(&mut options, words::LIST_FILTER),
            search_fields: listed(&mut options, words::SEARCH_FIELDS),
            ordering: options.list(words::ORDERING, comma_list),
            date_hierarchy: date_hierarchy(&mut options),
            list_per_page: options.number(words::LIST_PER_PAGE),
            fields: options.list(words::FIELDS, comma_list),
            fieldsets: each(listed(&mut options, words::FIELDSETS), |group: Written<LitStr>| {
                Fieldset::of(group, errors)
            }),
            readonly_fields: listed(&mut options, words::READONLY_FIELDS),
            exclude: listed(&mut options, words::EXCLUDE),
            autocomplete_fields: listed(&mut options, words::AUTOCOMPLETE_FIELDS),
            inlines: each(listed(&mut options, words::INLINES), |model: Written<Path>| {
                Inline::of(model, errors)
            }),
            actions: listed(&mut options, words::ACTIONS),
        })
    }
}

fn date_hierarchy(options: &mut Options<'_>) -> Option<Set<Ident>> {
    let Set { key, value } = options.path(words::DATE_HIERARCHY)?;
    match value.get_ident() {
        Some(name) => Some(Set { key, value: name.clone() }),
        None => {
            options.errors.at(&value, message::usage(words::DATE_HIERARCHY));
            None
        }
    }
}

/// `word(a, b)` or `word = fn path`
fn listed<T: Parse>(options: &mut Options<'_>, word: Word) -> Option<Set<Listed<T>>> {
    let Set { key, value: form } = options.one(word)?;
    let value = match form {
        Form::Function(path) => Listed::Function(path),
        Form::List(tokens) => Listed::Items(options.errors.ok(comma_list.parse2(tokens))?),
        _ => {
            options.errors.at(&key, message::usage(word));
            return None;
        }
    };
    Some(Set { key, value })
}

/// Something of a list, with what is said of it in parentheses, not looked at yet.
struct Written<T> {
    what: T,
    more: Option<TokenStream>,
}

impl<T: Parse> Parse for Written<T> {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let what = input.parse()?;
        if !input.peek(syn::token::Paren) {
            return Ok(Self { what, more: None });
        }
        let more;
        syn::parenthesized!(more in input);
        Ok(Self { what, more: Some(more.parse()?) })
    }
}

/// The same list with each item looked at.
fn each<A, B>(given: Option<Set<Listed<A>>>, of: impl Fn(A) -> B) -> Option<Set<Listed<B>>> {
    let Set { key, value } = given?;
    let value = match value {
        Listed::Items(items) => Listed::Items(items.into_iter().map(of).collect()),
        Listed::Function(path) => Listed::Function(path),
    };
    Some(Set { key, value })
}

impl Fieldset {
    /// What stands alone is a field; what has a value or a list is said of the group.
    fn of(group: Written<LitStr>, errors: &Collector) -> Self {
        let parsed = comma_list::<Entry>.parse2(group.more.unwrap_or_default());
        let entries = errors.ok(parsed).unwrap_or_default();
        let (fields, said): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(|entry| matches!(entry.form, Form::Flag));
        let mut options = Options::of_entries(said, &fieldset::PLACE, errors);
        let classes = options.list(fieldset::CLASSES, comma_list::<Ident>);
        let classes = classes.map(|set| set.value).unwrap_or_default();
        for class in classes.iter().filter(|class| *class != "collapse") {
            errors.at(class, format_args!("there is no class `{class}`; write `classes(collapse)`"));
        }
        Self {
            title: group.what,
            fields: fields.into_iter().map(|entry| entry.key).collect(),
            description: options.text(fieldset::DESCRIPTION),
            collapsed: !classes.is_empty(),
        }
    }
}

impl Inline {
    fn of(model: Written<Path>, errors: &Collector) -> Self {
        let mut options = Options::of_tokens(model.more.unwrap_or_default(), &inline::PLACE, errors);
        Self {
            model: model.what,
            fields: options.list(inline::FIELDS, comma_list),
            fk_name: options.path(inline::FK_NAME),
            extra: options.number(inline::EXTRA),
            min_num: options.number(inline::MIN_NUM),
            max_num: options.number(inline::MAX_NUM),
            can_delete: options.bool(inline::CAN_DELETE),
            stacked: options.flag(inline::STACKED),
        }
    }
}
