//! A crate that makes it hard for expansions: it has no prelude, calls ours `toolkit`, has names that
//! generated code might lean on, and denies what a strict user denies. That it compiles is the test.
#![no_implicit_prelude]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unused,
    nonstandard_style,
    future_incompatible,
    rust_2018_idioms,
    rust_2024_compatibility,
    unsafe_code,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::panic
)]
#![allow(missing_debug_implementations, reason = "companions have nothing to show")]
#![allow(clippy::unused_async, clippy::ptr_arg, reason = "the signatures that views and validators have")]

use ::core::option::Option;
use ::std::string::String;
use ::toolkit::field::{ForeignKey, ManyToMany};
use ::toolkit::value::{DateTime, Decimal};

/// Names that generated code might mean by accident.
#[allow(dead_code, reason = "they are traps")]
mod traps {
    pub(crate) struct Field;
    pub(crate) struct Model;
    pub(crate) struct Result;
    pub(crate) struct Vec;
    pub(crate) fn field() {}
}
#[allow(unused_imports, reason = "they are traps")]
use traps::*;

/// Somebody who writes.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::toolkit::Model)]
#[model(crate = ::toolkit, ordering(name), display = "{name}")]
pub struct Author {
    /// The key.
    pub id: i64,
    /// The name.
    #[field(max_length = 120, unique, validators(not_empty))]
    pub name: String,
}

/// What somebody wrote.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::toolkit::Model)]
#[model(crate = ::toolkit, index(title, -created), unique_together(title, author))]
#[admin(
    list_display(title, author.name, status, fn(shout)),
    list_filter(status),
    search_fields(title, author.name),
    ordering(-created),
    fieldsets("Book"(title, author), "Sale"(price)),
    readonly_fields = fn nothing,
    actions(leave),
)]
pub struct Book {
    /// The key.
    pub id: i64,
    /// The title.
    #[field(max_length = 200, default = "Untitled")]
    pub title: String,
    /// Who wrote it.
    #[field(on_delete = Cascade, related_name = books)]
    pub author: ForeignKey<Author>,
    /// Who corrected it.
    #[field(on_delete = SetNull)]
    pub editor: Option<ForeignKey<Author>>,
    /// What it costs.
    #[field(max_digits = 8, decimal_places = 2, default = ::toolkit::dec!(9.90))]
    pub price: Decimal,
    /// How far it is.
    #[field(default = Status::Draft)]
    pub status: Status,
    /// Its number.
    #[field(max_length = 20)]
    pub isbn: Isbn,
    /// When it was made.
    #[field(auto_now_add)]
    pub created: DateTime,
    /// Who likes it.
    #[field(related_name = favourites)]
    pub fans: ManyToMany<Author>,
    r#type: Option<i32>,
}

/// How far a book is.
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::toolkit::Choices)]
#[choices(crate = ::toolkit)]
pub enum Status {
    /// Being written.
    Draft,
    /// Out.
    #[choice(label = "In shops")]
    Published,
}

/// A number of a book.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::toolkit::Field)]
#[field(crate = ::toolkit)]
pub struct Isbn(String);

/// A book and who wrote it.
#[derive(::core::fmt::Debug, ::toolkit::Row)]
#[row(crate = ::toolkit)]
pub struct Line {
    /// The book.
    pub book: Book,
    /// The author.
    pub author: Author,
}

/// A form.
#[derive(::core::fmt::Debug, ::toolkit::Form)]
#[form(crate = ::toolkit)]
pub struct Contact {
    /// An address.
    #[form(widget = email, max_length = 100)]
    pub email: String,
    /// How often.
    #[form(min = 1, initial = 1)]
    pub times: Option<i32>,
}

#[allow(clippy::ptr_arg, reason = "a validator gets what the field holds")]
fn not_empty(name: &String) -> ::core::result::Result<(), &'static str> {
    if name.is_empty() { ::core::result::Result::Err("write a name") } else { ::core::result::Result::Ok(()) }
}

fn shout(book: &Book) -> String {
    book.title.to_uppercase()
}

fn nothing(_: &::toolkit::admin::AdminRequest) -> ::std::vec::Vec<&'static str> {
    ::std::vec::Vec::new()
}

#[allow(clippy::unused_async, reason = "the framework awaits it")]
async fn leave(request: ::toolkit::admin::ActionRequest) -> ::toolkit::Result<String> {
    let _ = request.keys;
    ::core::result::Result::Ok(String::new())
}

#[allow(clippy::unused_async, reason = "the framework awaits it")]
/// Shows a book.
#[::toolkit::view(get, "/books/{id}", crate = ::toolkit)]
pub async fn book_detail(id: i64) -> String {
    ::std::format!("{id}")
}

#[allow(clippy::unused_async, reason = "the framework awaits it")]
#[::toolkit::receiver(post_save, crate = ::toolkit)]
async fn saved(_db: &::toolkit::Db, _book: &Book, _created: bool) -> ::toolkit::Result<()> {
    ::core::result::Result::Ok(())
}

/// Does nothing.
#[::toolkit::command(crate = ::toolkit)]
async fn rest(_context: ::toolkit::CommandContext) -> ::toolkit::Result<()> {
    ::core::result::Result::Ok(())
}

::toolkit::app!(crate = ::toolkit);
