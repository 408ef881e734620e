//! What `#[derive(Model)]` expands to, written by hand: the shape that the derive is held to.
#![allow(missing_docs, reason = "a sample")]
#![allow(dead_code, reason = "a sample")]

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
        admin: &__n::AdminOptions::NONE,
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
            self.id.clone()
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
        admin: &__n::AdminOptions::NONE,
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
                price: __n::Field::read(__row, __at + 4)?,
            })
        }
        fn key(&self) -> i64 {
            self.id.clone()
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
        admin: &__n::AdminOptions::NONE,
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
            self.id.clone()
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
