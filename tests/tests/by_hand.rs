//! What `#[derive(Model)]` expands to, written by hand: the shape that the derive is held to.
#![allow(clippy::clone_on_copy, clippy::type_complexity, reason = "as the derive writes it")]
#![allow(missing_docs, reason = "a sample")]
#![allow(dead_code, reason = "a sample")]
#![allow(clippy::expect_used, reason = "a test")]

use nuages::prelude::*;

#[derive(Clone, Debug)]
pub struct Author {
    pub id: i64,
    pub name: String,
    pub born: Option<Date>,
}

#[derive(Clone, Debug)]
pub struct Book {
    pub id: i64,
    pub title: String,
    pub author: ForeignKey<Author>,
    pub editor: Option<ForeignKey<Author>>,
    pub price: Decimal,
    pub tags: ManyToMany<Tag>,
}

#[derive(Clone, Debug)]
pub struct Tag {
    pub id: i64,
    pub name: String,
}

// ---- derive(Model) for Author

/// The fields of [`Author`] in queries.
pub struct AuthorFields<__P: ::nuages::__private::Path> {
    pub id: <i64 as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Author, 0>,
        ::nuages::__private::NotNull,
    >,
    pub name: <String as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Author, 1>,
        ::nuages::__private::NotNull,
    >,
    pub born: <Option<Date> as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Author, 2>,
        ::nuages::__private::NotNull,
    >,
}

/// The required fields of a new [`Author`].
pub struct NewAuthor {
    pub name: String,
}

const _: () = {
    use ::nuages::__private as __n;

    const __STATE: __n::Option<&str> = option_env!(concat!("NUAGES_STATE:", module_path!(), "::Author"));
    static __SCHEMA: __n::ModelSchema = __n::ModelSchema {
        this: <Author as __n::Model>::schema,
        app: "tests",
        name: "Author",
        module: module_path!(),
        table: __n::Name::of_table("tests", "Author"),
        fields: &[
            __n::field::<i64>(
                "id",
                "id",
                __STATE,
                __n::FieldOptions { primary_key: true, auto: true, ..__n::FieldOptions::new("id") },
            ),
            __n::field::<String>(
                "name",
                "name",
                __STATE,
                __n::FieldOptions {
                    max_length: __n::Some(120),
                    unique: true,
                    ..__n::FieldOptions::new("name")
                },
            ),
            __n::field::<Option<Date>>("born", "born", __STATE, __n::FieldOptions::new("born")),
        ],
        key: 0,
        many_to_many: &[],
        ordering: &[__n::OrderSchema { field: 1, descending: false }],
        indexes: &[],
        uniques: &[],
        checks: &[],
        verbose_name: "author",
        verbose_name_plural: "authors",
        only: &[],
        managed: true,
    };
    static __ENTRY: __n::ModelEntry = __n::ModelEntry {
        schema: &__SCHEMA,
        describe: |row, at| __n::Ok(__n::ToString::to_string(&<Author as __n::Model>::read(row, at)?)),
        instance: |row, at| __n::Ok(__n::Box::new(<Author as __n::Model>::read(row, at)?)),
        default: |_| __n::None,
        validate: |_, _| __n::Vec::new(),
        admin: &__n::AdminOptions::DEFAULT,
        is_user: false,
    };
    __n::inventory::submit! { &__ENTRY }

    impl __n::Model for Author {
        type Key = i64;
        type Fields<__P: __n::Path> = AuthorFields<__P>;

        fn entry() -> &'static __n::ModelEntry {
            &__ENTRY
        }
        fn read(__row: &__n::Row, __at: usize) -> __n::Result<Self> {
            __n::Ok(Self {
                id: __n::Field::read(__row, __at)?,
                name: __n::Field::read(__row, __at + 1)?,
                born: __n::Field::read(__row, __at + 2)?,
            })
        }
        fn key(&self) -> i64 {
            self.id
        }
        fn value(&self, __index: usize) -> __n::Value {
            match __index {
                0 => __n::Field::to_value(&self.id),
                1 => __n::Field::to_value(&self.name),
                _ => __n::Field::to_value(&self.born),
            }
        }
    }
    impl<__P: __n::Path> __n::Companion for AuthorFields<__P> {
        type Model = Author;
        type Path = __P;
        const ALL: &'static Self = &Self {
            id: <_ as __n::Access<__n::At<Author, 0>>>::NEW,
            name: <_ as __n::Access<__n::At<Author, 1>>>::NEW,
            born: <_ as __n::Access<__n::At<Author, 2>>>::NEW,
        };
    }
    impl __n::Slot for Author {
        fn read(__cursor: &mut __n::Cursor<'_>) -> __n::Result<Self> {
            __n::read_model(__cursor)
        }
        fn read_optional(__cursor: &mut __n::Cursor<'_>) -> __n::Result<__n::Option<Self>> {
            __n::read_optional_model(__cursor)
        }
    }
    impl __n::New for NewAuthor {
        type Model = Author;
        fn values(self) -> __n::Vec<(usize, __n::Value)> {
            __n::Vec::from([(1, __n::Field::to_value(&self.name))])
        }
    }
    impl ::core::fmt::Display for Author {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let Self { name, .. } = self;
            ::core::write!(__f, "{name}")
        }
    }
};

// ---- derive(Model) for Book

pub struct BookFields<__P: ::nuages::__private::Path> {
    pub id: <i64 as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Book, 0>,
        ::nuages::__private::NotNull,
    >,
    pub title: <String as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Book, 1>,
        ::nuages::__private::NotNull,
    >,
    pub author: <ForeignKey<Author> as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Book, 2>,
        ::nuages::__private::NotNull,
    >,
    pub editor: <Option<ForeignKey<Author>> as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Book, 3>,
        ::nuages::__private::NotNull,
    >,
    pub price: <Decimal as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Book, 4>,
        ::nuages::__private::NotNull,
    >,
    pub tags: ::nuages::__private::Relation<
        __P,
        ::nuages::__private::ManyForward<::nuages::__private::At<Book, 0>, Tag>,
        ::nuages::__private::MayBeNull,
    >,
}

pub struct NewBook {
    pub title: String,
    pub author: ForeignKey<Author>,
    pub price: Decimal,
}

/// `|a| a.books()` in queries about whatever leads to an [`Author`].
pub trait AuthorBooksPath: ::nuages::__private::Companion<Model = Author> {
    fn books(
        &self,
    ) -> ::nuages::__private::Relation<
        Self::Path,
        ::nuages::__private::Reverse<::nuages::__private::At<Book, 2>, Book>,
        ::nuages::__private::MayBeNull,
    > {
        ::nuages::__private::Relation::new()
    }
}
impl<__F: ::nuages::__private::Companion<Model = Author>> AuthorBooksPath for __F {}

/// `author.books()`: a query about the books of a loaded author.
pub trait AuthorBooks {
    fn books(&self) -> QuerySet<Book>;
}
impl AuthorBooks for Author {
    fn books(&self) -> QuerySet<Book> {
        ::nuages::__private::QuerySet::referring(2, self)
    }
}

/// `|t| t.books()`: the reverse of `Book::tags`.
pub trait TagBooksPath: ::nuages::__private::Companion<Model = Tag> {
    fn books(
        &self,
    ) -> ::nuages::__private::Relation<
        Self::Path,
        ::nuages::__private::ManyReverse<::nuages::__private::At<Book, 0>, Book>,
        ::nuages::__private::MayBeNull,
    > {
        ::nuages::__private::Relation::new()
    }
}
impl<__F: ::nuages::__private::Companion<Model = Tag>> TagBooksPath for __F {}

const _: () = {
    use ::nuages::__private as __n;

    const __STATE: __n::Option<&str> = option_env!(concat!("NUAGES_STATE:", module_path!(), "::Book"));
    static __SCHEMA: __n::ModelSchema = __n::ModelSchema {
        this: <Book as __n::Model>::schema,
        app: "tests",
        name: "Book",
        module: module_path!(),
        table: __n::Name::of_table("tests", "Book"),
        fields: &[
            __n::field::<i64>(
                "id",
                "id",
                __STATE,
                __n::FieldOptions { primary_key: true, auto: true, ..__n::FieldOptions::new("id") },
            ),
            __n::field::<String>(
                "title",
                "title",
                __STATE,
                __n::FieldOptions { max_length: __n::Some(200), ..__n::FieldOptions::new("title") },
            ),
            __n::foreign::<ForeignKey<Author>>(
                "author",
                "author_id",
                __STATE,
                __n::OnDelete::Cascade,
                __n::Some("books"),
                __n::FieldOptions::new("author"),
            ),
            __n::foreign::<Option<ForeignKey<Author>>>(
                "editor",
                "editor_id",
                __STATE,
                __n::OnDelete::SetNull,
                __n::None,
                __n::FieldOptions::new("editor"),
            ),
            __n::field::<Decimal>(
                "price",
                "price",
                __STATE,
                __n::FieldOptions {
                    max_digits: __n::Some(8),
                    decimal_places: __n::Some(2),
                    ..__n::FieldOptions::new("price")
                },
            ),
        ],
        key: 0,
        many_to_many: &[__n::ManyToManySchema {
            name: "tags",
            target: <Tag as __n::Model>::schema,
            related_name: __n::Some("books"),
            table: __n::None,
            from_column: __n::None,
            to_column: __n::None,
            through: __n::None,
            label: "tags",
            help_text: "",
        }],
        ordering: &[],
        indexes: &[],
        uniques: &[],
        checks: &[],
        verbose_name: "book",
        verbose_name_plural: "books",
        only: &[],
        managed: true,
    };
    static __ENTRY: __n::ModelEntry = __n::ModelEntry {
        schema: &__SCHEMA,
        describe: |row, at| __n::Ok(__n::ToString::to_string(&<Book as __n::Model>::read(row, at)?)),
        instance: |row, at| __n::Ok(__n::Box::new(<Book as __n::Model>::read(row, at)?)),
        default: |_| __n::None,
        validate: |_, _| __n::Vec::new(),
        admin: &__n::AdminOptions::DEFAULT,
        is_user: false,
    };
    __n::inventory::submit! { &__ENTRY }

    impl __n::Model for Book {
        type Key = i64;
        type Fields<__P: __n::Path> = BookFields<__P>;

        fn entry() -> &'static __n::ModelEntry {
            &__ENTRY
        }
        fn read(__row: &__n::Row, __at: usize) -> __n::Result<Self> {
            let id: i64 = __n::Field::read(__row, __at)?;
            __n::Ok(Self {
                tags: __n::ManyToMany::of(__n::Field::to_value(&id), Self::schema, 0),
                id,
                title: __n::Field::read(__row, __at + 1)?,
                author: __n::Field::read(__row, __at + 2)?,
                editor: __n::Field::read(__row, __at + 3)?,
                price: __n::DecimalScale::with_scale(__n::Field::read(__row, __at + 4)?, 2),
            })
        }
        fn key(&self) -> i64 {
            self.id
        }
        fn value(&self, __index: usize) -> __n::Value {
            match __index {
                0 => __n::Field::to_value(&self.id),
                1 => __n::Field::to_value(&self.title),
                2 => __n::Field::to_value(&self.author),
                3 => __n::Field::to_value(&self.editor),
                _ => __n::Field::to_value(&self.price),
            }
        }
    }
    impl<__P: __n::Path> __n::Companion for BookFields<__P> {
        type Model = Book;
        type Path = __P;
        const ALL: &'static Self = &Self {
            id: <_ as __n::Access<__n::At<Book, 0>>>::NEW,
            title: <_ as __n::Access<__n::At<Book, 1>>>::NEW,
            author: <_ as __n::Access<__n::At<Book, 2>>>::NEW,
            editor: <_ as __n::Access<__n::At<Book, 3>>>::NEW,
            price: <_ as __n::Access<__n::At<Book, 4>>>::NEW,
            tags: __n::Relation::new(),
        };
    }
    impl __n::Slot for Book {
        fn read(__cursor: &mut __n::Cursor<'_>) -> __n::Result<Self> {
            __n::read_model(__cursor)
        }
        fn read_optional(__cursor: &mut __n::Cursor<'_>) -> __n::Result<__n::Option<Self>> {
            __n::read_optional_model(__cursor)
        }
    }
    impl __n::New for NewBook {
        type Model = Book;
        fn values(self) -> __n::Vec<(usize, __n::Value)> {
            __n::Vec::from([
                (1, __n::Field::to_value(&self.title)),
                (2, __n::Field::to_value(&self.author)),
                (4, __n::Field::to_value(&self.price)),
            ])
        }
    }
    impl ::core::fmt::Display for Book {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let Self { title, .. } = self;
            ::core::write!(__f, "{title}")
        }
    }
};

// ---- derive(Model) for Tag

pub struct TagFields<__P: ::nuages::__private::Path> {
    pub id: <i64 as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Tag, 0>,
        ::nuages::__private::NotNull,
    >,
    pub name: <String as ::nuages::__private::Field>::In<
        __P,
        ::nuages::__private::At<Tag, 1>,
        ::nuages::__private::NotNull,
    >,
}

pub struct NewTag {
    pub name: String,
}

const _: () = {
    use ::nuages::__private as __n;

    static __SCHEMA: __n::ModelSchema = __n::ModelSchema {
        this: <Tag as __n::Model>::schema,
        app: "tests",
        name: "Tag",
        module: module_path!(),
        table: __n::Name::of_table("tests", "Tag"),
        fields: &[
            __n::field::<i64>(
                "id",
                "id",
                __n::None,
                __n::FieldOptions { primary_key: true, auto: true, ..__n::FieldOptions::new("id") },
            ),
            __n::field::<String>(
                "name",
                "name",
                __n::None,
                __n::FieldOptions { max_length: __n::Some(40), ..__n::FieldOptions::new("name") },
            ),
        ],
        key: 0,
        many_to_many: &[],
        ordering: &[],
        indexes: &[],
        uniques: &[],
        checks: &[],
        verbose_name: "tag",
        verbose_name_plural: "tags",
        only: &[],
        managed: true,
    };
    static __ENTRY: __n::ModelEntry = __n::ModelEntry {
        schema: &__SCHEMA,
        describe: |row, at| __n::Ok(<Tag as __n::Model>::read(row, at)?.name),
        instance: |row, at| __n::Ok(__n::Box::new(<Tag as __n::Model>::read(row, at)?)),
        default: |_| __n::None,
        validate: |_, _| __n::Vec::new(),
        admin: &__n::AdminOptions::DEFAULT,
        is_user: false,
    };
    __n::inventory::submit! { &__ENTRY }

    impl __n::Model for Tag {
        type Key = i64;
        type Fields<__P: __n::Path> = TagFields<__P>;

        fn entry() -> &'static __n::ModelEntry {
            &__ENTRY
        }
        fn read(__row: &__n::Row, __at: usize) -> __n::Result<Self> {
            __n::Ok(Self { id: __n::Field::read(__row, __at)?, name: __n::Field::read(__row, __at + 1)? })
        }
        fn key(&self) -> i64 {
            self.id
        }
        fn value(&self, __index: usize) -> __n::Value {
            match __index {
                0 => __n::Field::to_value(&self.id),
                _ => __n::Field::to_value(&self.name),
            }
        }
    }
    impl<__P: __n::Path> __n::Companion for TagFields<__P> {
        type Model = Tag;
        type Path = __P;
        const ALL: &'static Self = &Self {
            id: <_ as __n::Access<__n::At<Tag, 0>>>::NEW,
            name: <_ as __n::Access<__n::At<Tag, 1>>>::NEW,
        };
    }
    impl __n::Slot for Tag {
        fn read(__cursor: &mut __n::Cursor<'_>) -> __n::Result<Self> {
            __n::read_model(__cursor)
        }
        fn read_optional(__cursor: &mut __n::Cursor<'_>) -> __n::Result<__n::Option<Self>> {
            __n::read_optional_model(__cursor)
        }
    }
    impl __n::New for NewTag {
        type Model = Tag;
        fn values(self) -> __n::Vec<(usize, __n::Value)> {
            __n::Vec::from([(1, __n::Field::to_value(&self.name))])
        }
    }
};

async fn reads_well(db: Db, herbert: Author, mut book: Book, tag: Tag) -> Result<()> {
    let ten = Decimal::TEN;
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
    assert!(names.contains(&"Author") && names.contains(&"Book") && names.contains(&"Tag"), "{names:?}");
}

/// The tables, in the words of a database.
fn tables(db: &Db) -> String {
    let key = match db.backend() {
        nuages::backend::Backend::Sqlite => "integer PRIMARY KEY AUTOINCREMENT",
        nuages::backend::Backend::Postgres => "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        nuages::backend::Backend::Mysql => "bigint AUTO_INCREMENT PRIMARY KEY",
    };
    format!(
        "CREATE TABLE tests_author (id {key}, name varchar(120) NOT NULL UNIQUE, born date);
         CREATE TABLE tests_book (id {key}, title varchar(200) NOT NULL,
            author_id bigint NOT NULL, editor_id bigint, price decimal(8, 2) NOT NULL,
            CONSTRAINT b_a FOREIGN KEY (author_id) REFERENCES tests_author (id),
            CONSTRAINT b_e FOREIGN KEY (editor_id) REFERENCES tests_author (id));
         CREATE TABLE tests_tag (id {key}, name varchar(40) NOT NULL);
         CREATE TABLE tests_book_tags (book_id bigint NOT NULL, tag_id bigint NOT NULL);"
    )
}

fn euros(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

struct Shelf {
    ursula: Author,
    frank: Author,
    dune: Book,
    left: Book,
    desert: Tag,
}

async fn fill(db: &Db) -> Result<Shelf> {
    db.execute_script(&tables(db)).await?;
    let ursula = NewAuthor { name: "Ursula".into() }.create(db).await?;
    let frank = NewAuthor { name: "Frank".into() }
        .with(|a| a.born.set(Date::from_ymd_opt(1920, 10, 8).expect("a date")))
        .create(db)
        .await?;
    NewAuthor { name: "Nobody".into() }.create(db).await?;
    let dune = NewBook { title: "Dune".into(), author: (&frank).into(), price: euros(1250) }
        .with(|b| b.editor.set(&ursula))
        .create(db)
        .await?;
    let left =
        NewBook { title: "Left_100%".into(), author: (&ursula).into(), price: euros(999) }.create(db).await?;
    NewBook { title: "Dispossessed".into(), author: (&ursula).into(), price: euros(800) }.create(db).await?;
    let desert = NewTag { name: "desert".into() }.create(db).await?;
    let classic = NewTag { name: "classic".into() }.create(db).await?;
    dune.tags.add(db, &desert).await?;
    dune.tags.add_all(db, [&desert, &classic]).await?;
    left.tags.add(db, &classic).await?;
    Ok(Shelf { ursula, frank, dune, left, desert })
}

async fn titles(db: &Db, query: QuerySet<Book>) -> Result<Vec<String>> {
    let rows = query.order_by(|b| b.title).all(db).await?;
    Ok(rows.into_iter().map(|book| book.title).collect())
}

#[tokio::test]
async fn rows_come_back_as_they_were_written() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let shelf = fill(&db).await?;
        assert_eq!(shelf.dune.price, euros(1250));
        assert_eq!(shelf.frank.born, Date::from_ymd_opt(1920, 10, 8));
        let found = Book::objects().filter(|b| b.id.eq(shelf.dune.id)).get(&db).await?;
        assert_eq!((found.title.as_str(), found.price), ("Dune", euros(1250)));
        assert_eq!(found.editor.map(|editor| *editor.key()), Some(shelf.ursula.id));
        let missing = Book::objects().filter(|b| b.id.eq(-1)).get(&db).await.expect_err("no such row");
        assert!(missing.is_does_not_exist(), "{missing}");
        assert!(Book::objects().get(&db).await.expect_err("three rows").is_multiple_objects());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn lookups_find_what_they_say() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        fill(&db).await?;
        let b = Book::objects;
        assert_eq!(
            titles(&db, b().filter(|b| b.price.lt(euros(1000)))).await?,
            ["Dispossessed", "Left_100%"]
        );
        assert_eq!(titles(&db, b().filter(|b| b.price.range(euros(800), euros(999)))).await?.len(), 2);
        assert_eq!(titles(&db, b().filter(|b| b.title.startswith("d"))).await?, [""; 0]);
        assert_eq!(titles(&db, b().filter(|b| b.title.istartswith("d"))).await?, ["Dispossessed", "Dune"]);
        assert_eq!(titles(&db, b().filter(|b| b.title.contains("_100%"))).await?, ["Left_100%"]);
        assert_eq!(titles(&db, b().filter(|b| b.title.icontains("t_1"))).await?, ["Left_100%"]);
        assert_eq!(titles(&db, b().filter(|b| b.title.contains("x_1"))).await?, [""; 0]);
        assert_eq!(titles(&db, b().filter(|b| b.title.iexact("dUNE"))).await?, ["Dune"]);
        assert_eq!(titles(&db, b().filter(|b| b.title.endswith("%"))).await?, ["Left_100%"]);
        assert_eq!(titles(&db, b().filter(|b| b.title.is_in(["Dune", "None"]))).await?, ["Dune"]);
        assert_eq!(titles(&db, b().filter(|b| b.title.is_in(Vec::<String>::new()))).await?, [""; 0]);
        let many: Vec<String> = (0..70_000).map(|n| n.to_string()).chain(["Dune".into()]).collect();
        assert_eq!(titles(&db, b().filter(|b| b.title.is_in(many))).await?, ["Dune"]);
        assert_eq!(titles(&db, b().filter(|b| b.id.is_in(0..70_000))).await?.len(), 3);
        let either = b().filter(|b| b.title.eq("Dune") | (b.price.eq(euros(800)) & !b.title.contains("x")));
        assert_eq!(titles(&db, either).await?, ["Dispossessed", "Dune"]);
        let year =
            Author::objects().filter(|a| a.born.year().eq(1920) & a.born.month().eq(10) & a.born.day().eq(8));
        assert_eq!(year.count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn negation_keeps_the_rows_that_django_keeps() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let shelf = fill(&db).await?;
        let authors = async |query: QuerySet<Author>| -> Result<Vec<String>> {
            Ok(query.order_by(|a| a.name).all(&db).await?.into_iter().map(|a| a.name).collect())
        };
        let day = Date::from_ymd_opt(1920, 10, 8).expect("a date");
        // A NULL is not that day, so the row stays.
        assert_eq!(authors(Author::objects().exclude(|a| a.born.eq(day))).await?, ["Nobody", "Ursula"]);
        // Books whose editor is not Ursula, those without an editor included.
        let others = Book::objects().exclude(|b| b.editor.name.eq("Ursula"));
        assert_eq!(titles(&db, others).await?, ["Dispossessed", "Left_100%"]);
        // Nobody has no books, so none of them is expensive.
        assert_eq!(
            authors(Author::objects().exclude(|a| a.books().price.gt(euros(1000)))).await?,
            ["Nobody", "Ursula"]
        );
        assert_eq!(authors(Author::objects().filter(|a| a.books().is_null())).await?, ["Nobody"]);
        assert_eq!(authors(Author::objects().exclude(|a| a.books().is_null())).await?, ["Frank", "Ursula"]);
        assert_eq!(authors(Author::objects().filter(|a| !!a.books().title.eq("Dune"))).await?, ["Frank"]);
        // One filter: the same book. Two filters: any of them.
        let cheap_left = |a: &AuthorFields<nuages::path::Root<Author>>| {
            a.books().title.eq("Left_100%") & a.books().price.eq(euros(800))
        };
        assert!(authors(Author::objects().filter(cheap_left)).await?.is_empty());
        let chained = Author::objects()
            .filter(|a| a.books().title.eq("Left_100%"))
            .filter(|a| a.books().price.eq(euros(800)));
        assert_eq!(authors(chained).await?, ["Ursula"]);
        let untagged = Book::objects().exclude(|b| b.tags.name.eq("classic"));
        assert_eq!(titles(&db, untagged).await?, ["Dispossessed"]);
        let by_tag = Author::objects().filter(|a| a.books().tags.eq(&shelf.desert));
        assert_eq!(authors(by_tag).await?, ["Frank"]);
        assert_eq!(titles(&db, shelf.desert.books_of()).await?, ["Dune"]);
        Ok(())
    })
    .await
}

impl Tag {
    fn books_of(&self) -> QuerySet<Book> {
        QuerySet::joined_with(0, self)
    }
}

#[tokio::test]
async fn related_rows_are_loaded_in_one_statement_each() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let shelf = fill(&db).await?;
        let query = Book::objects()
            .select_related(|b| b.author)
            .select_related(|b| b.editor)
            .prefetch_related(|b| b.tags)
            .order_by(|b| b.title);
        let rows = nuages::test::assert_queries(&db, 2, query.all(&db)).await?;
        let seen: Vec<_> = rows
            .iter()
            .map(|(b, a, e, t)| {
                (b.title.as_str(), a.name.as_str(), e.as_ref().map(|e| e.name.as_str()), t.len())
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("Dispossessed", "Ursula", None, 0),
                ("Dune", "Frank", Some("Ursula"), 2),
                ("Left_100%", "Ursula", None, 1)
            ]
        );
        let nested = Author::objects().order_by(|a| a.name).prefetch_related(|a| {
            a.books().rows(|q| q.filter(|b| b.price.gt(euros(900))).prefetch_related(|b| b.tags))
        });
        let rows = nuages::test::assert_queries(&db, 3, nested.all(&db)).await?;
        let counts: Vec<_> = rows
            .iter()
            .map(|(a, books)| (a.name.as_str(), books.iter().map(|b| b.1.len()).collect()))
            .collect();
        let expected: Vec<(&str, Vec<usize>)> =
            vec![("Frank", vec![2]), ("Nobody", vec![]), ("Ursula", vec![1])];
        assert_eq!(counts, expected);
        // One author of two books is handed out with both.
        let through = Book::objects().prefetch_related(|b| b.author.books()).all(&db).await?;
        assert_eq!(through.iter().map(|(_, books)| books.len()).sum::<usize>(), 5);
        let back = Tag::objects().prefetch_related(|t| t.books()).order_by(|t| t.name).all(&db).await?;
        assert_eq!(back.iter().map(|(_, books)| books.len()).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(shelf.ursula.books().count(&db).await?, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn aggregates_do_not_multiply_each_other() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        fill(&db).await?;
        let rows = Author::objects()
            .annotate(|a| a.books().count())
            .annotate(|a| a.books().price.sum())
            .annotate(|a| a.books().tags.count())
            .order_by(|a| a.books().count().desc())
            .filter(|a| a.books().count().gt(0))
            .all(&db)
            .await?;
        let seen: Vec<_> = rows.iter().map(|(a, n, sum, tags)| (a.name.as_str(), *n, *sum, *tags)).collect();
        assert_eq!(seen, [("Ursula", 2, Some(euros(1799)), 1), ("Frank", 1, Some(euros(1250)), 2)]);
        let (count, sum, avg, least) = Book::objects()
            .aggregate(&db, |b| (b.id.count(), b.price.sum(), b.price.avg(), b.title.min()))
            .await?;
        assert_eq!((count, sum, least.as_deref()), (3, Some(euros(3049)), Some("Dispossessed")));
        assert_eq!(avg.map(|avg| avg.round_dp(4)), Some(Decimal::new(101_633, 4)));
        let per_author = Book::objects()
            .values(|b| b.author.name)
            .annotate(|b| b.price.max())
            .filter(|b| b.id.count().gt(1))
            .all(&db)
            .await?;
        assert_eq!(per_author, [("Ursula".to_owned(), Some(euros(999)))]);
        let top = Book::objects().order_by(|b| b.price.desc()).limit(2);
        assert_eq!(top.clone().aggregate(&db, |b| b.price.sum()).await?, Some(euros(2249)));
        assert_eq!(top.count(&db).await?, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn writes_change_what_they_say() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let mut shelf = fill(&db).await?;
        let changed = Book::objects()
            .filter(|b| b.author.name.eq("Ursula"))
            .update(&db, |b| (b.price.set(b.price * Decimal::TWO), b.editor.set_null()))
            .await?;
        assert_eq!(changed, 2);
        shelf.left.refresh(&db).await?;
        assert_eq!(shelf.left.price, euros(1998));
        nuages::test::assert_queries(&db, 0, shelf.left.change(&db, |_| {})).await?;
        shelf.left.change(&db, |b| b.title = "Left".into()).await?;
        shelf.left.price = euros(1);
        shelf.left.save_only(&db, |b| b.price).await?;
        let again = Book::objects().filter(|b| b.id.eq(shelf.left.id)).get(&db).await?;
        assert_eq!((again.title.as_str(), again.price), ("Left", euros(1)));
        let twin = NewAuthor { name: "Frank".into() }.create(&db).await.expect_err("the name is taken");
        assert!(twin.is_unique(), "{twin}");
        assert_eq!(twin.field(), Some("name"), "{twin}");
        let (row, created) = Author::objects()
            .filter(|a| a.name.eq("Frank"))
            .get_or_create(&db, NewAuthor { name: "Frank".into() })
            .await?;
        assert!(!created && row.id == shelf.frank.id);
        let (row, created) = Author::objects()
            .filter(|a| a.name.eq("New"))
            .update_or_create(&db, NewAuthor { name: "New".into() }, |a| a.born.set(Date::default()))
            .await?;
        assert!(created && row.born == Some(Date::default()));
        let many = (0..2500).map(|n| NewTag { name: format!("tag {n}") });
        assert_eq!(Tag::objects().bulk_create(&db, many).await?, 2500);
        let bulk = Tag::objects().in_bulk(&db, [shelf.desert.id, -1]).await?;
        assert_eq!(bulk.len(), 1);
        let deleted = shelf.frank.delete(&db).await?;
        assert_eq!(deleted.total, 2);
        assert_eq!(deleted.per_model.len(), 2);
        assert!(shelf.dune.refresh(&db).await.expect_err("gone with its author").is_does_not_exist());
        let err = shelf.dune.save(&db).await.expect_err("a saved row never comes back");
        assert!(err.is_does_not_exist(), "{err}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_stream_gives_every_row_once() -> Result<()> {
    use futures_util::TryStreamExt;
    nuages::test::on_each_database(async |db| {
        fill(&db).await?;
        let many = (0..2500).map(|n| NewTag { name: format!("tag {n}") });
        Tag::objects().bulk_create(&db, many).await?;
        let names: Vec<Tag> = Tag::objects().stream(&db).try_collect().await?;
        assert_eq!(names.len(), 2502);
        let slices = Tag::objects().order_by(|t| t.id).slice(10..20).all(&db).await?;
        assert_eq!(slices.len(), 10);
        assert_eq!(slices[0].name, names[10].name);
        let last = Tag::objects().last(&db).await?.expect("there are rows");
        assert_eq!(last.name, "tag 2499");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn queries_run_in_spawned_tasks() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let shelf = fill(&db).await?;
        let found = tokio::spawn(async move {
            let rows =
                Book::objects().prefetch_related(|b| b.tags).select_related(|b| b.author).all(&db).await?;
            db.atomic(async |db| {
                let mut book = Book::objects().filter(|b| b.id.eq(shelf.dune.id)).get(&db).await?;
                book.change(&db, |b| b.price = Decimal::ONE).await?;
                Book::objects().filter(|b| b.tags.name.eq("desert")).delete(&db).await
            })
            .await?;
            Result::<usize>::Ok(rows.len())
        });
        assert_eq!(found.await??, 3);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn sql_by_hand_binds_its_values() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let shelf = fill(&db).await?;
        let sql =
            "SELECT price, title, editor_id, author_id, id FROM tests_book WHERE title = ? OR title = '?'";
        let rows = Book::raw(&db, sql, ("Dune".to_owned(),)).await?;
        assert_eq!(rows.iter().map(|b| (b.id, b.price)).collect::<Vec<_>>(), [(shelf.dune.id, euros(1250))]);
        let pairs: Vec<(String, i64)> =
            db.raw("SELECT name, id FROM tests_author WHERE id = ?", (shelf.frank.id,)).await?;
        assert_eq!(pairs, [("Frank".to_owned(), shelf.frank.id)]);
        assert!(Book::raw(&db, "SELECT id FROM tests_book", ()).await.is_err());
        assert!(db.run("DELETE FROM tests_book WHERE id = ?", ()).await.is_err());
        assert_eq!(db.run("DELETE FROM tests_book WHERE id = ?", (-1_i64,)).await?, 0);
        Ok(())
    })
    .await
}

#[test]
fn the_sql_of_a_query_can_be_looked_at() -> Result<()> {
    use nuages::backend::Backend;
    let query = Book::objects().filter(|b| b.author.name.startswith("U") & b.price.lt(euros(1000))).limit(5);
    let sql = |backend| Result::<String>::Ok(query.to_sql(backend)?.sql.into_owned());
    let columns = |q: &str| {
        let quoted: Vec<String> = ["id", "title", "author_id", "editor_id", "price"]
            .iter()
            .map(|c| format!("t0.{q}{c}{q}"))
            .collect();
        quoted.join(", ")
    };
    assert_eq!(
        sql(Backend::Sqlite)?,
        format!(
            "SELECT {} FROM \"tests_book\" t0 JOIN \"tests_author\" t1 ON t1.\"id\" = t0.\"author_id\" \
             WHERE (t1.\"name\" GLOB ? AND t0.\"price\" < CAST(? AS NUMERIC)) LIMIT 5",
            columns("\"")
        )
    );
    assert_eq!(
        sql(Backend::Postgres)?,
        format!(
            "SELECT {} FROM \"tests_book\" t0 JOIN \"tests_author\" t1 ON t1.\"id\" = t0.\"author_id\" \
             WHERE (t1.\"name\" LIKE $1 ESCAPE '\\' AND t0.\"price\" < $2) LIMIT 5",
            columns("\"")
        )
    );
    assert_eq!(
        sql(Backend::Mysql)?,
        format!(
            "SELECT {} FROM `tests_book` t0 JOIN `tests_author` t1 ON t1.`id` = t0.`author_id` \
             WHERE (t1.`name` LIKE BINARY ? ESCAPE '!' AND t0.`price` < ?) LIMIT 5",
            columns("`")
        )
    );
    Ok(())
}

#[tokio::test]
async fn a_decimal_that_would_be_rounded_is_refused() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let mut shelf = fill(&db).await?;
        shelf.dune.price = Decimal::from_i128_with_scale(1_234_567_890_123_456, 2);
        let refused = shelf.dune.save(&db).await.expect_err("the column has eight digits");
        if db.backend() == nuages::backend::Backend::Sqlite {
            assert!(refused.is_validation() && refused.field() == Some("price"), "{refused}");
        }
        shelf.dune.refresh(&db).await?;
        assert_eq!(shelf.dune.price, euros(1250));
        Ok(())
    })
    .await
}
