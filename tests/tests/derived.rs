//! The derives at work: a model with everything, and queries about it that only have to compile.
#![allow(clippy::type_complexity, clippy::needless_borrows_for_generic_args, reason = "what users may write")]
#![allow(missing_docs, reason = "a sample")]
#![allow(dead_code, reason = "a sample")]
#![allow(clippy::unwrap_used, reason = "tests")]

use nuages::admin::{ActionRequest, AdminRequest};
use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(ordering(name), display = "{name} ({born})")]
#[admin(search_fields(name), inlines(Book))]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120, unique)]
    pub name: String,
    pub born: Option<Date>,
}

#[derive(Model, Clone, Debug)]
#[model(ordering(-price, title), display = "{title}: {status}", index(title, -price), unique_together(title, price))]
#[admin(
    list_display(title, author.name, price, status, tags, fn(shout)),
    list_filter(status, author),
    search_fields(title, author.name, isbn),
    ordering(author, -price),
    date_hierarchy = created,
    readonly_fields = fn only_for_superusers,
    actions(publish),
)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200, validators(not_shouted))]
    pub title: String,
    #[field(on_delete = Cascade, related_name = books)]
    pub author: ForeignKey<Author>,
    #[field(on_delete = SetNull)]
    pub editor: Option<ForeignKey<Author>>,
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    #[field(default = Status::Draft)]
    pub status: Status,
    #[field(max_length = 20, default = "none")]
    pub isbn: Isbn,
    #[field(auto_now_add)]
    pub created: DateTime,
    #[field(related_name = books)]
    pub tags: ManyToMany<Tag>,
}

#[derive(Model, Clone, Debug)]
pub struct Tag {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
}

#[derive(Choices, Clone, Copy, PartialEq, Debug)]
pub enum Status {
    Draft,
    Published,
    #[choice(label = "Out of print")]
    OutOfPrint,
}

#[derive(Field, Clone, PartialEq, Debug)]
pub struct Isbn(String);

impl From<&str> for Isbn {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

fn shout(book: &Book) -> String {
    book.title.to_uppercase()
}

fn not_shouted(title: &String) -> Result<(), &'static str> {
    if *title == title.to_uppercase() { Err("do not shout") } else { Ok(()) }
}

async fn publish(request: ActionRequest) -> Result<String> {
    let count = request.objects::<Book>().update(&request.db, |b| b.status.set(Status::Published)).await?;
    Ok(format!("{count} books were published"))
}

fn only_for_superusers(request: &AdminRequest) -> Vec<&'static str> {
    if request.is_superuser { Vec::new() } else { vec!["price"] }
}

#[derive(Row)]
struct Line {
    book: Book,
    author: Author,
}

#[receiver(post_save)]
async fn saved(_db: &Db, _book: &Book, _created: bool) -> Result<()> {
    Ok(())
}

const TEN: Decimal = dec!(10.0);

async fn reads_well(db: Db, herbert: Author, mut book: Book, tag: Tag) -> Result<()> {
    let ten = TEN;
    let _cheap: Vec<Book> = Book::objects()
        .filter(|b| b.price.lt(ten) & b.author.name.startswith("U"))
        .exclude(|b| b.title.eq("Dune"))
        .order_by(|b| (b.price.desc(), b.title))
        .all(&db)
        .await?;
    for (book, author, editor) in
        Book::objects().select_related(|b| b.author).select_related(|b| b.editor).all(&db).await?
    {
        let _: (Book, Author, Option<Author>) = (book, author, editor);
    }
    for (author, books) in Author::objects().prefetch_related(|a| a.books()).all(&db).await? {
        let _: (Author, Vec<Book>) = (author, books);
    }
    for Line { book, author } in Book::objects().select_related(|b| b.author).into::<Line>().all(&db).await? {
        let _: (Book, Author) = (book, author);
    }
    let _ = Book::objects()
        .filter(|b| b.status.ne(Status::OutOfPrint) & b.isbn.startswith("978"))
        .count(&db)
        .await?;
    let _: QuerySet<Book> = tag.books();
    let nested = Author::objects()
        .prefetch_related(|a| a.books().rows(|q| q.filter(|b| b.price.gt(ten)).prefetch_related(|b| b.tags)));
    let _: Vec<(Author, Vec<(Book, Vec<Tag>)>)> = nested.all(&db).await?;
    let _: Vec<(String, Option<Date>)> =
        Book::objects().values(|b| (b.title, b.author.born)).all(&db).await?;
    let _: Vec<(Author, i64, Option<Decimal>)> = Author::objects()
        .annotate(|a| a.books().count())
        .annotate(|a| a.books().price.sum())
        .all(&db)
        .await?;
    let _: (i64, Option<Decimal>) = Book::objects().aggregate(&db, |b| (b.id.count(), b.price.max())).await?;
    let _: Vec<Tag> = Tag::objects().filter(|t| t.books().author.name.eq("Frank")).all(&db).await?;
    let dune = NewBook { title: "Dune".into(), author: (&herbert).into(), price: ten }
        .with(|b| b.editor.set(&herbert))
        .create(&db)
        .await?;
    Book::objects().filter(|b| b.author.eq(&herbert)).update(&db, |b| b.price.set(b.price * ten)).await?;
    book.tags.add(&db, &tag).await?;
    book.change(&db, |b| b.price = ten).await?;
    book.save_only(&db, |b| (b.price, b.author)).await?;
    let _ = herbert.books().count(&db).await?;
    dune.delete(&db).await?;
    Ok(())
}

#[test]
fn models_are_registered() {
    let names: Vec<_> = nuages::model::models().iter().map(|entry| entry.schema.name).collect();
    assert_eq!(Status::OutOfPrint.label(), "Out of print");
    assert!(names.contains(&"Author") && names.contains(&"Book") && names.contains(&"Tag"), "{names:?}");
}

nuages::app!(label = "derived");

#[view(get, "/books/{id}")]
pub async fn book_detail(db: Db, id: i64) -> Result<String> {
    Ok(Book::objects().filter(|b| b.id.eq(id)).get(&db).await?.title)
}

#[view(post | delete, "/books/{id}/{slug}", csrf_exempt = "a machine with a key of its own")]
async fn hook(slug: String, id: i64, body: String) -> String {
    format!("{slug} {id} {body}")
}

#[command]
async fn do_nothing(_context: nuages::CommandContext) -> Result<()> {
    Ok(())
}

#[test]
fn addresses_take_the_arguments_of_the_path() {
    assert_eq!(book_detail::url(7), "/books/7");
    assert_eq!(hook::url(7, "a b"), "/books/7/a%20b");
    assert_eq!(app().label(), "derived");
}

#[test]
fn defaults_and_validators_are_called() {
    let entry = <Book as Model>::entry();
    let at = entry.schema.position("status").unwrap();
    assert_eq!((entry.default)(at), Some(nuages::value::Value::Text("draft".into())));
    let at = entry.schema.position("title").unwrap();
    assert_eq!((entry.validate)(at, &nuages::value::Value::Text("DUNE".into())), ["do not shout"]);
    assert!((entry.validate)(at, &nuages::value::Value::Text("Dune".into())).is_empty());
}
