//! The macros of Nuages: entry points only.
//!
//! Users name them through `nuages`. What they read and write is in `nuages-macros-core`.

use nuages_macros_core as core;
use proc_macro::TokenStream;

/// Makes a struct a model: a table, typed queries, forms and an admin.
///
/// ```ignore
/// #[derive(Model, Clone, Debug)]
/// #[model(ordering(-published, title), display = "{title}")]
/// #[admin(list_display(title, author.name), search_fields(title))]
/// pub struct Book {
///     pub id: i64,
///     #[field(max_length = 200)]
///     pub title: String,
///     #[field(on_delete = Cascade, related_name = books)]
///     pub author: ForeignKey<Author>,
///     pub published: Option<Date>,
/// }
/// ```
///
/// Beside the implementation of `Model` it makes `BookFields`, which queries
/// name fields by, and `NewBook`, the required fields of a new row.
///
/// # What it writes
#[doc = concat!("```text\n", include_str!("../core/tests/snapshots/expansion__a_small_model.snap"), "\n```")]
#[proc_macro_derive(Model, attributes(model, field, admin))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    core::derive_model(input.into()).into()
}

/// Makes an enumeration a column type, stored as one word per variant.
///
/// ```ignore
/// #[derive(Choices, Clone, Copy, PartialEq, Debug)]
/// pub enum Status { Draft, Published, #[choice(label = "Out of print")] OutOfPrint }
/// ```
///
/// It has `Status::all()`, `label()` and `word()`.
///
/// # What it writes
#[doc = concat!("```text\n", include_str!("../core/tests/snapshots/expansion__choices.snap"), "\n```")]
#[proc_macro_derive(Choices, attributes(choice, choices))]
pub fn derive_choices(input: TokenStream) -> TokenStream {
    core::derive_choices(input.into()).into()
}

/// Makes a struct around one value a column type, stored as that value: `struct Isbn(String);`.
#[proc_macro_derive(Field, attributes(field))]
pub fn derive_field(input: TokenStream) -> TokenStream {
    core::derive_field(input.into()).into()
}

/// Makes a struct a group of fields that several models share, as an abstract base does in Django:
/// `#[field(flatten)] pub stamps: Stamps`. Its columns stand in the table of each model.
///
/// ```ignore
/// #[derive(Fields, Clone, Debug)]
/// pub struct Stamps {
///     #[field(auto_now_add)]
///     pub created: DateTime,
///     #[field(auto_now)]
///     pub changed: DateTime,
/// }
/// ```
///
/// Queries name them behind the field: `b.stamps.created`. Where a group has fields that a new row must say, the
/// model writes `#[field(flatten, required)]`, and `NewBook` takes a `NewStamps`.
#[proc_macro_derive(Fields, attributes(field, fields))]
pub fn derive_fields(input: TokenStream) -> TokenStream {
    core::derive_fields(input.into()).into()
}

/// Gives names to the parts of a query's rows: `.into::<Line>()`.
///
/// ```ignore
/// #[derive(Row)]
/// struct Line { book: Book, author: Author }
/// ```
#[proc_macro_derive(Row, attributes(row))]
pub fn derive_row(input: TokenStream) -> TokenStream {
    core::derive_row(input.into()).into()
}

/// Makes a struct the fields of a form.
///
/// ```ignore
/// #[derive(Form)]
/// struct Contact {
///     #[form(label = "Your address", widget = email)]
///     email: String,
///     #[form(widget = textarea, max_length = 2000)]
///     text: String,
/// }
/// ```
#[proc_macro_derive(Form, attributes(form))]
pub fn derive_form(input: TokenStream) -> TokenStream {
    core::derive_form(input.into()).into()
}

/// Makes a crate an app: `nuages::app!();`, or `nuages::app!(label = "shop", only(postgres), drop(OldModel));`.
///
/// It writes `pub fn app()`, which a project lists.
#[proc_macro]
pub fn app(tokens: TokenStream) -> TokenStream {
    let built = std::env::var_os("NUAGES_APP").is_some();
    core::app(tokens.into(), built).into()
}

/// A decimal number, exact and const: `dec!(12.50)`.
#[proc_macro]
pub fn dec(tokens: TokenStream) -> TokenStream {
    core::dec(tokens.into()).into()
}

/// Makes a function a view: `#[view(get, "/books/{id}")]`.
///
/// The function stays as it is. Beside it stands a module of its name with
/// `ROUTE` and `url(…)`, which takes the arguments that stand in the path.
///
/// # What it writes
#[doc = concat!("```text\n", include_str!("../core/tests/snapshots/expansion__a_view.snap"), "\n```")]
#[proc_macro_attribute]
pub fn view(args: TokenStream, item: TokenStream) -> TokenStream {
    core::view(args.into(), item.into()).into()
}

/// Tells a function of each row that is saved or deleted: `#[receiver(post_save)]`.
#[proc_macro_attribute]
pub fn receiver(args: TokenStream, item: TokenStream) -> TokenStream {
    core::receiver(args.into(), item.into()).into()
}

/// Makes a function a data step, which a migration names: `#[data_step]`, or `#[data_step(app = "shop")]`.
///
/// It is `async fn fill_slugs(data: DataContext) -> nuages::Result<()>`, over
/// rows of the historical shape. Name it through `nuages_migrate`.
#[proc_macro_attribute]
pub fn data_step(args: TokenStream, item: TokenStream) -> TokenStream {
    core::data_step(args.into(), item.into()).into()
}

/// Makes a function a command of the project: `cargo run -- import-books`.
#[proc_macro_attribute]
pub fn command(args: TokenStream, item: TokenStream) -> TokenStream {
    core::command(args.into(), item.into()).into()
}
