//! What the macros write: snapshots of input and expansion together, and the budget of lines.
#![allow(clippy::unwrap_used, missing_docs)]

use nuages_macros_core as core;
use proc_macro2::TokenStream;

/// The tokens as formatted Rust.
fn pretty(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}

/// Input and expansion, as one text.
fn shown(input: &str, expand: impl Fn(TokenStream) -> TokenStream) -> String {
    let input = input.trim();
    format!("{input}\n\n// becomes\n\n{}", pretty(expand(input.parse().unwrap())))
}

/// The attribute is taken off and handed over as a macro gets it.
fn attribute(source: &str, name: &str, expand: fn(TokenStream, TokenStream) -> TokenStream) -> String {
    let expanded = |tokens: TokenStream| {
        let mut function: syn::ItemFn = syn::parse2(tokens).unwrap();
        let at = function.attrs.iter().position(|attr| attr.path().is_ident(name)).unwrap();
        let attr = function.attrs.remove(at);
        let args = match attr.meta {
            syn::Meta::List(list) => list.tokens,
            _ => TokenStream::new(),
        };
        expand(args, quote::quote!(#function))
    };
    shown(source, expanded)
}

const AUTHOR: &str = r#"
#[model(ordering(name), display = "{name}")]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120, unique)]
    pub name: String,
    pub born: Option<Date>,
}
"#;

const BOOK: &str = r#"
#[model(ordering(-published, title), display = "{title}")]
#[admin(
    list_display(title, author.name, price, status),
    list_filter(status, in_stock, author),
    search_fields(title, author.name),
    date_hierarchy = published,
)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(on_delete = Cascade, related_name = books)]
    pub author: ForeignKey<Author>,
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    #[field(default = Status::Draft)]
    pub status: Status,
    #[field(default = true)]
    pub in_stock: bool,
    pub published: Option<Date>,
    #[field(auto_now_add)]
    pub created: DateTime,
    pub tags: ManyToMany<Tag>,
}
"#;

#[test]
fn a_small_model() {
    insta::assert_snapshot!(shown(AUTHOR, core::derive_model));
}

#[test]
fn a_model_with_relations_and_an_admin() {
    insta::assert_snapshot!(shown(BOOK, core::derive_model));
}

#[test]
fn choices() {
    let source = r#"pub enum Status { Draft, #[choice(label = "Out of print")] OutOfPrint }"#;
    insta::assert_snapshot!(shown(source, core::derive_choices));
}

#[test]
fn a_newtype() {
    insta::assert_snapshot!(shown("pub struct Isbn(String);", core::derive_field));
}

#[test]
fn a_row() {
    insta::assert_snapshot!(shown("struct Line { book: Book, author: Author, n: i64 }", core::derive_row));
}

#[test]
fn a_decimal() {
    let expanded = core::dec("12.50".parse().unwrap()).to_string().replace(' ', "");
    assert_eq!(expanded, "::nuages::__private::Decimal::from_parts(1250u32,0u32,0u32,false,2u32)");
}

#[test]
fn a_view() {
    let source = r#"
#[view(get, "/books/{id}")]
pub async fn book_detail(db: Db, id: i64) -> Result<Page<BookDetail>> {
    Ok(Page(BookDetail { book: book(&db, id).await? }))
}
"#;
    insta::assert_snapshot!(attribute(source, "view", core::view));
}

#[test]
fn a_view_that_changes_something() {
    let source = r#"
#[view(get | post, "/books/{id}/edit", permission = "shop.change_book")]
async fn book_edit(db: Db, id: i64, form: Form<BookForm>) -> Result<Response> {
    edit(&db, id, form).await
}
"#;
    insta::assert_snapshot!(attribute(source, "view", core::view));
}

#[test]
fn a_receiver() {
    let source = "
#[receiver(post_save)]
async fn book_saved(db: &Db, book: &Book, created: bool) -> Result<()> { Ok(()) }
";
    insta::assert_snapshot!(attribute(source, "receiver", core::receiver));
}

#[test]
fn a_command() {
    let source = "
/// Reads books from a file.
#[command]
async fn import_books(context: CommandContext) -> Result<()> { Ok(()) }
";
    insta::assert_snapshot!(attribute(source, "command", core::command));
}

fn lines(source: &str) -> usize {
    pretty(core::derive_model(source.parse().unwrap())).lines().count()
}

/// At most 40 lines, and 10 for each field.
#[test]
fn a_model_keeps_within_its_budget_of_lines() {
    let without_admin = |source: &str| {
        let mut input: syn::DeriveInput = syn::parse_str(source).unwrap();
        input.attrs.retain(|attr| !attr.path().is_ident("admin"));
        quote::quote!(#input).to_string()
    };
    for (source, fields) in [(AUTHOR, 3), (BOOK, 9)] {
        let written = lines(&without_admin(source));
        assert!(written <= 40 + 10 * fields, "{written} lines for {fields} fields");
    }
}

/// At most 10 lines, and 3 for each option that `#[admin]` names.
#[test]
fn an_admin_keeps_within_its_budget_of_lines() {
    let plain: String =
        BOOK.replace(&BOOK[BOOK.find("#[admin").unwrap()..BOOK.find("pub struct").unwrap()], "");
    let named = 4 + 3 + 2 + 1;
    let written = lines(BOOK) - lines(&plain);
    assert!(written <= 10 + 3 * named, "{written} lines for {named} names");
}
