//! Rows that belong to rows of any model, said by text and by a table of models as Django has one.

use nuages::functions::subquery;
use nuages::prelude::*;
use nuages::query::{GenericForeignKey, GenericTargets};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    app_label = "generic",
    ordering(id),
    display = "{title}",
    generic_relation(tags = TaggedItem, remarks = Remark)
)]
pub struct Film {
    pub id: i64,
    #[field(max_length = 40)]
    pub title: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "generic", ordering(id), display = "{name}", generic_relation(tags = TaggedItem))]
pub struct Actor {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
    #[field(on_delete = Cascade, related_name = actors)]
    pub film: Option<ForeignKey<Film>>,
}

/// As Django's `django_content_type`.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "generic", display = "{app_label}.{model}", unique_together(app_label, model))]
pub struct ContentType {
    pub id: i64,
    #[field(max_length = 100)]
    pub app_label: String,
    #[field(max_length = 100)]
    pub model: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "generic", ordering(id), display = "{tag}", generic_foreign_key(content_type, object_id))]
pub struct TaggedItem {
    pub id: i64,
    #[field(max_length = 40)]
    pub tag: String,
    #[field(on_delete = Cascade)]
    pub content_type: ForeignKey<ContentType>,
    pub object_id: i64,
}

/// The model is said by text, and there may be none.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "generic", ordering(id), display = "{text}", generic_foreign_key(about, number))]
pub struct Remark {
    pub id: i64,
    #[field(max_length = 40)]
    pub text: String,
    #[field(max_length = 80)]
    pub about: Option<String>,
    pub number: Option<i64>,
}

/// What hangs on a tag goes with it.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "generic", ordering(id), display = "{id}")]
pub struct Vote {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub tag: ForeignKey<TaggedItem>,
}

async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let models = [
            Film::schema,
            Actor::schema,
            ContentType::schema,
            TaggedItem::schema,
            Remark::schema,
            Vote::schema,
        ];
        nuages_tests::tables::create(&db, &models).await?;
        test(db).await
    })
    .await
}

async fn tag<M: Model<Key = i64>>(db: &Db, row: &M, word: &str) -> Result<TaggedItem> {
    let content_type = TaggedItem::kind_of::<M>(db).await?;
    NewTaggedItem { tag: word.into(), content_type, object_id: row.key() }.create(db).await
}

/// Two films and an actor with one key among them, their tags and remarks.
async fn fill(db: &Db) -> Result<(Film, Film, Actor)> {
    let one = NewFilm { title: "Alphaville".into() }.create(db).await?;
    let two = NewFilm { title: "Weekend".into() }.create(db).await?;
    let anna = NewActor { name: "Anna".into() }.with(|a| a.film.set(&one)).create(db).await?;
    assert_eq!(one.id, anna.id, "the same key in two models");
    tag(db, &one, "future").await?;
    tag(db, &one, "noir").await?;
    tag(db, &two, "noir").await?;
    tag(db, &anna, "star").await?;
    for (text, about, number) in [("long", Some("generic.film"), Some(two.id)), ("nothing", None, None)] {
        NewRemark { text: text.into() }
            .with(|r| (r.about.set(about.map(str::to_owned)), r.number.set(number)))
            .create(db)
            .await?;
    }
    Ok((one, two, anna))
}

fn words(tags: &[TaggedItem]) -> Vec<&str> {
    tags.iter().map(|tag| &*tag.tag).collect()
}

#[tokio::test]
async fn rows_that_belong_to_a_row_are_found_from_both_sides() -> Result<()> {
    each(async |db| {
        let (one, two, anna) = fill(&db).await?;
        let kinds =
            ContentType::objects().order_by(|c| c.model).values(|c| (c.app_label, c.model)).all(&db).await?;
        let kind = |model: &str| ("generic".to_owned(), model.to_owned());
        assert_eq!(kinds, [kind("actor"), kind("film")], "each model once");
        assert_eq!(words(&one.tags().all(&db).await?), ["future", "noir"]);
        assert_eq!(words(&anna.tags().all(&db).await?), ["star"]);
        assert_eq!(two.remarks().get(&db).await?.text, "long");
        assert_eq!(one.remarks().count(&db).await?, 0);
        assert_eq!(TaggedItem::about_any::<Film>().count(&db).await?, 3);
        let star = anna.tags().get(&db).await?;
        assert_eq!(star.target::<Actor>(&db).await?, Some(anna.clone()));
        assert_eq!(star.target::<Film>(&db).await?, None, "of another model");
        let nothing = Remark::objects().filter(|r| r.text.eq("nothing")).get(&db).await?;
        assert_eq!(nothing.target::<Film>(&db).await?, None);

        let noir = Film::objects().filter(|f| f.tags().any(|t| t.tag.eq("noir")));
        assert_eq!(noir.values(|f| f.title).all(&db).await?, ["Alphaville", "Weekend"]);
        assert_eq!(Film::objects().exclude(|f| f.tags().any(|t| t.tag.eq("future"))).get(&db).await?, two);
        assert_eq!(Actor::objects().filter(|a| a.tags().any(|t| t.tag.eq("noir"))).count(&db).await?, 0);
        let counted = Film::objects().annotate(|f| f.tags().count()).annotate(|f| f.remarks().count());
        let counts: Vec<(i64, i64)> = counted.all(&db).await?.into_iter().map(|row| (row.1, row.2)).collect();
        assert_eq!(counts, [(2, 0), (1, 1)]);
        let first = TaggedItem::about_any::<Film>().order_by(|t| t.tag).values(|t| t.tag);
        assert_eq!(
            Actor::objects().values(|_| subquery(first.clone())).all(&db).await?,
            [Some("future".to_owned())]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn they_are_loaded_with_one_statement_for_each_model() -> Result<()> {
    each(async |db| {
        let (one, two, anna) = fill(&db).await?;
        let films = nuages::test::assert_queries(&db, 3, async {
            Film::objects()
                .prefetch_related(|f| f.tags())
                .prefetch_related(|f| f.remarks().rows(|q| q.filter(|r| r.text.eq("long"))))
                .all(&db)
                .await
        })
        .await?;
        let shown: Vec<_> = films.iter().map(|(f, tags, remarks)| (f, words(tags), remarks.len())).collect();
        assert_eq!(shown, [(&one, vec!["future", "noir"], 0), (&two, vec!["noir"], 1)]);

        let tags = TaggedItem::objects().all(&db).await?;
        let targets = nuages::test::assert_queries(&db, 4, async {
            GenericTargets::of(&tags).load::<Film>(&db).await?.load::<Actor>(&db).await
        })
        .await?;
        let found: Vec<_> =
            tags.iter().map(|tag| (targets.get::<Film>(tag), targets.get::<Actor>(tag))).collect();
        assert_eq!(found, [(Some(&one), None), (Some(&one), None), (Some(&two), None), (None, Some(&anna))]);
        let remarks = Remark::objects().all(&db).await?;
        let targets = GenericTargets::of(&remarks).load::<Film>(&db).await?;
        assert_eq!(remarks.iter().map(|r| targets.get::<Film>(r)).collect::<Vec<_>>(), [Some(&two), None]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_belongs_to_a_row_goes_with_it() -> Result<()> {
    each(async |db| {
        let (one, two, anna) = fill(&db).await?;
        for tag in TaggedItem::objects().all(&db).await? {
            NewVote { tag: (&tag).into() }.create(&db).await?;
        }
        let deleted = one.delete(&db).await?;
        let counted = |name: &str, count: u64| (format!("generic.{name}"), count);
        let mut per_model = deleted.per_model;
        per_model.sort();
        // The actor goes with the film, and the tag of the actor with the actor.
        assert_eq!(
            per_model,
            [counted("Actor", 1), counted("Film", 1), counted("TaggedItem", 3), counted("Vote", 3)]
        );
        assert_eq!(Actor::objects().filter(|a| a.id.eq(anna.id)).count(&db).await?, 0);
        assert_eq!(words(&TaggedItem::objects().all(&db).await?), ["noir"]);
        Film::objects().filter(|f| f.id.eq(two.id)).delete(&db).await?;
        assert_eq!((TaggedItem::objects().count(&db).await?, Vote::objects().count(&db).await?), (0, 0));
        assert_eq!(Remark::objects().get(&db).await?.text, "nothing");
        Ok(())
    })
    .await
}
