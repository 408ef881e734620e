//! What the build reads from source: the facts of models, choices, newtypes and `app!`.
#![allow(clippy::unwrap_used, missing_docs)]

use nuages_macros_core::attr::{DefaultKind, Literal};
use nuages_macros_core::model::{App, Choices, Model, Newtype, Shape, derives};
use nuages_schema::{Backend, ColumnKind, OnDelete};
use syn::{DeriveInput, parse_quote};

fn book() -> DeriveInput {
    parse_quote! {
        #[derive(Debug, nuages::Model)]
        #[model(
            ordering(-published, title),
            unique(fields(author, title), name = "one_title"),
            unique_together(rank, price),
            index(fields(author, -published)),
            index(title),
            check(name = "positive", "price > 0"),
            only(postgres, sqlite),
            drop(isbn13),
            was = "Volume",
        )]
        #[admin(
            list_display(title, author.name, fn(shown)),
            fieldsets("Book"(title, author), "Sale"(price)),
            readonly_fields = fn path::readonly,
        )]
        pub struct Book {
            pub id: i64,
            #[field(max_length = 200, was = "name")]
            pub title: String,
            #[field(on_delete = db::Cascade, related_name = books)]
            pub author: Option<ForeignKey<super::Author>>,
            #[field(max_digits = 8, decimal_places = 2, default = dec!(12.50), backfill = sql("1 + 1"))]
            pub price: Decimal,
            #[field(default = Status::Draft)]
            pub status: Status,
            #[field(default = -3, min = -5)]
            pub rank: i16,
            #[field(column = text, default = Isbn::new())]
            pub isbn: other::Isbn,
            pub published: Option<Date>,
            pub tags: ManyToMany<Tag>,
        }
    }
}

#[test]
fn a_model_is_read_with_its_fields_in_order() {
    let model = Model::from_derive_input(&book()).unwrap();
    let names: Vec<String> = model.fields.iter().map(|field| field.name()).collect();
    assert_eq!(names, ["id", "title", "author", "price", "status", "rank", "isbn", "published", "tags"]);
    assert_eq!(model.columns().count(), 8);
    assert_eq!(model.key_field().unwrap().name(), "id");
    let kinds: Vec<Option<ColumnKind>> = model.columns().map(|field| field.kind()).collect();
    assert_eq!(
        kinds,
        [
            Some(ColumnKind::BigInt),
            Some(ColumnKind::Text),
            None,
            Some(ColumnKind::Decimal),
            None,
            Some(ColumnKind::SmallInt),
            Some(ColumnKind::Text),
            Some(ColumnKind::Date),
        ]
    );
}

#[test]
fn a_relation_knows_its_target_rule_and_column() {
    let model = Model::from_derive_input(&book()).unwrap();
    let author = &model.fields[2];
    assert!(author.nullable && author.shape.is_foreign());
    let target = author.shape.target().unwrap();
    assert_eq!(quote::quote!(#target).to_string(), "super :: Author");
    assert_eq!(author.column(), "author_id");
    assert_eq!(author.options.on_delete.as_ref().unwrap().value, OnDelete::DbCascade);
    assert_eq!(author.related_name().unwrap(), "books");
    assert!(matches!(model.fields[8].shape, Shape::ManyToMany { .. }));
}

#[test]
fn values_are_told_apart_by_whether_they_can_be_frozen() {
    let model = Model::from_derive_input(&book()).unwrap();
    let default = |at: usize| model.fields[at].options.default.as_ref().unwrap().kind.clone();
    assert!(matches!(default(3), DefaultKind::Literal(Literal::Decimal(text)) if text == "12.50"));
    assert!(matches!(default(4), DefaultKind::Path(_)));
    assert!(matches!(default(5), DefaultKind::Literal(Literal::Int(-3))));
    assert!(matches!(default(6), DefaultKind::Call));
    let backfill = &model.fields[3].options.backfill.as_ref().unwrap().kind;
    assert!(matches!(backfill, DefaultKind::Sql(text) if text.value() == "1 + 1"));
}

#[test]
fn constraints_are_read_in_both_forms() {
    let options = Model::from_derive_input(&book()).unwrap().options;
    assert_eq!(options.uniques.len(), 2);
    assert_eq!(options.indexes.len(), 2);
    assert!(options.indexes[0].terms[1].minus().is_some());
    assert_eq!(options.checks[0].sql.value(), "price > 0");
    let only: Vec<Backend> = options.only.unwrap().value.into_iter().map(|(_, backend)| backend).collect();
    assert_eq!(only, [Backend::Postgres, Backend::Sqlite]);
    assert_eq!(options.drops[0], "isbn13");
}

#[test]
fn all_errors_of_a_model_are_reported_at_once() {
    let input: DeriveInput = parse_quote! {
        #[model(orderin(title), managed = 3)]
        struct Book { id: i64, #[field(max_lenght = 3, unique = 1, widget = emil)] title: String }
    };
    let errors = Model::from_derive_input(&input).unwrap_err();
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "`#[model(…)]` has no option `orderin`; did you mean `ordering`?",
            "`managed` is written `managed = false`",
            "`#[field(…)]` has no option `max_lenght`; did you mean `max_length`?",
            "`unique` takes no value; write it alone",
            "there is no widget `emil`; did you mean `email`?",
        ]
    );
}

#[test]
fn choices_are_stored_in_snake_case_unless_they_say_otherwise() {
    let input: DeriveInput = parse_quote! {
        enum Status { Draft, #[choice(label = "Out of print!")] OutOfPrint, #[choice(value = "x")] Gone }
    };
    let choices = Choices::from_derive_input(&input).unwrap();
    let stored: Vec<(&str, &str)> = choices.variants.iter().map(|v| (&*v.value, &*v.label)).collect();
    assert_eq!(stored, [("draft", "Draft"), ("out_of_print", "Out of print!"), ("x", "Gone")]);
    assert_eq!(choices.longest(), 12);
}

#[test]
fn newtypes_apps_and_derives_are_found() {
    let newtype = Newtype::from_derive_input(&parse_quote! { struct Isbn(String); }).unwrap();
    let inner = newtype.inner;
    assert_eq!(quote::quote!(#inner).to_string(), "String");
    let app = App::from_tokens(quote::quote! { label = "shop", only(postgres), drop(Old, Older) }).unwrap();
    assert_eq!(app.label().unwrap(), "shop");
    assert_eq!(app.options.drops.len(), 2);
    assert!(derives(&book().attrs, "Model") && !derives(&book().attrs, "Choices"));
}
