//! Indexes, unique constraints and checks in the static schema, and the proof that the databases have them.
//!
//! ```text
//! const _: () = __M.needs(&[Backend::Sqlite, Backend::Postgres], "a partial index is …");
//! unique(Some("one_title"), &[1, 2]).message("This title is taken.")
//! check("priced", "\"price\" > 0", &[3])
//! ```

use nuages_schema::{Backend, OnDelete};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Ident, Index, LitStr};

use super::Context;
use super::schema::{optional, order};
use crate::attr::{CheckAttr, Computed, Rows, Set, Term, UniqueAttr};
use crate::message;

type List = Vec<TokenStream>;

pub(super) fn expand(context: &Context<'_>) -> (List, List, List) {
    let options = &context.model.options;
    let indexes = options.indexes.iter().map(|index| {
        let columns = index.terms.iter().filter_map(Term::field).filter_map(|term| order(context, term));
        let (name, rows) = (optional(index.name.as_ref()), rows(context, &index.rows));
        let computed = computed(context, &index.terms);
        quote!(__n::index(#name, &[#(#columns),*]) #computed #rows)
    });
    let uniques = options.uniques.iter().map(|one| unique(context, one));
    let checks = options.checks.iter().map(|one| check(context, one));
    (indexes.collect(), uniques.collect(), checks.collect())
}

fn unique(context: &Context<'_>, unique: &UniqueAttr) -> TokenStream {
    let fields = unique.terms.iter().filter_map(Term::field).filter_map(|term| context.term(&term.path));
    let (name, fields) = (optional(unique.name.as_ref()), quote!(&[#(#fields),*]));
    let computed = computed(context, &unique.terms);
    let rows = rows(context, &unique.rows);
    let nulls = unique.nulls_distinct.as_ref().filter(|set| !set.value).map(|_| quote!(.nulls_equal()));
    let deferrable = unique.deferrable.as_ref().map(|set| {
        let word = format_ident!("{}", set.value.word());
        quote!(.deferrable(__n::Deferrable::#word))
    });
    let message = told(unique.message.as_ref());
    quote!(__n::unique(#name, #fields) #computed #rows #nulls #deferrable #message)
}

fn check(context: &Context<'_>, check: &CheckAttr) -> TokenStream {
    let (name, sql) = (&check.name, check.sql.value());
    let (quoted, fields) = (context.model.quoted(&sql), context.model.columns_in(&sql));
    let (fields, message) = (fields.into_iter().map(Index::from), told(check.message.as_ref()));
    quote!(__n::check(#name, #quoted, &[#(#fields),*]) #message)
}

/// `.computed(&["lower(\"title\")"])`
fn computed(context: &Context<'_>, terms: &[Term]) -> Option<TokenStream> {
    let all: Vec<String> =
        terms.iter().filter_map(Term::computed).map(|one| context.model.computed(one)).collect();
    (!all.is_empty()).then(|| quote!(.computed(&[#(#all),*])))
}

fn rows(context: &Context<'_>, rows: &Rows) -> TokenStream {
    let condition = rows.condition.as_ref().map(|set| {
        let sql = context.model.quoted(&set.value.value());
        quote!(.condition(#sql))
    });
    let include = rows.include.as_ref().map(|set| {
        let fields = positions(context, &set.value);
        quote!(.include(#fields))
    });
    quote!(#condition #include)
}

fn positions(context: &Context<'_>, fields: &[Ident]) -> TokenStream {
    let fields = fields.iter().filter_map(|name| context.position(name)).map(Index::from);
    quote!(&[#(#fields),*])
}

fn told(message: Option<&LitStr>) -> Option<TokenStream> {
    message.map(|text| quote!(.message(#text)))
}

/// What not every database has, told at its word unless model or app say `only(…)`.
pub(super) fn proofs(context: &Context<'_>) -> TokenStream {
    const PARTIAL: &[Backend] = &[Backend::Sqlite, Backend::Postgres];
    const POSTGRES: &[Backend] = &[Backend::Postgres];
    const VIRTUAL: &[Backend] = &[Backend::Sqlite, Backend::Mysql];
    if context.stand_in {
        return TokenStream::new();
    }
    let options = &context.model.options;
    let rows = options.indexes.iter().map(|one| &one.rows).chain(options.uniques.iter().map(|one| &one.rows));
    let mut needs: Vec<(&Ident, &[Backend], &str)> = Vec::new();
    for rows in rows {
        needs
            .extend(rows.condition.as_ref().map(|set| (&set.key, PARTIAL, "an index over some of the rows")));
        needs.extend(
            rows.include.as_ref().map(|set| (&set.key, POSTGRES, "an index that keeps more columns")),
        );
    }
    for unique in &options.uniques {
        let nulls = unique.nulls_distinct.as_ref().filter(|set| !set.value);
        needs.extend(nulls.map(|set| (&set.key, POSTGRES, "a unique constraint by which NULL is NULL")));
        let waits = unique.deferrable.as_ref();
        needs.extend(waits.map(|set| (&set.key, POSTGRES, "a unique constraint that can wait")));
    }
    for (_, field) in context.columns() {
        let computed = field.options.persist.as_ref().filter(|set| !set.value);
        needs.extend(computed.map(|set| (&set.key, VIRTUAL, "a column that is computed when it is read")));
        let rule = field.options.on_delete.as_ref().filter(|set| set.value == OnDelete::DbSetDefault);
        needs.extend(
            rule.map(|set| (&set.key, PARTIAL, "a foreign key that the database sets to its default")),
        );
    }
    let names =
        context.columns().filter_map(|(_, field)| field.options.db_collation.as_ref()).map(one_database);
    let indexes = options.indexes.iter().map(|one| &one.terms);
    let terms = indexes.chain(options.uniques.iter().map(|one| &one.terms)).flatten();
    let computed = terms.filter_map(Term::computed).map(says);
    needs
        .into_iter()
        .map(|(key, backends, what)| proof(key.span(), backends, what))
        .chain(computed)
        .chain(names)
        .collect()
}

/// A collation is the name of one database.
fn one_database(collation: &Set<LitStr>) -> TokenStream {
    let text = message::COLLATION;
    quote_spanned!(collation.key.span()=> const _: () = __M.lives_on_one(#text);)
}

/// MariaDB and MySQL are one database to `only(…)`, and one of the two has no index over what is computed: the model
/// says that it knows where it lives.
fn says(computed: &Computed) -> TokenStream {
    let text = message::COMPUTED_INDEX;
    quote_spanned!(computed.token().span()=> const _: () = __M.says(#text);)
}

fn proof(span: Span, backends: &[Backend], what: &str) -> TokenStream {
    let names = backends.iter().map(|backend| format_ident!("{}", format!("{backend:?}")));
    let text = message::needs_only(what, backends);
    quote_spanned!(span=> const _: () = __M.needs(&[#(__n::Backend::#names),*], #text);)
}
