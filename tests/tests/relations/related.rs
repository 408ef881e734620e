//! What a relation of one row leads to: read, joined, parted and made, from every side; and prefetched in every form.

use nuages::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rel", ordering(name), display = "{name}")]
pub struct Band {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
    #[field(through = Membership, from_column = "band_id", to_column = "person_id", related_name = bands)]
    pub members: ManyToMany<Person>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rel", ordering(name), display = "{name}")]
pub struct Person {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
    #[field(on_delete = SetNull, related_name = pupils)]
    pub teacher: Option<ForeignKey<Person>>,
}

/// The join model, with fields and a default of its own.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rel", ordering(id), display = "{role}")]
pub struct Membership {
    pub id: i64,
    #[field(on_delete = Cascade, related_name = memberships)]
    pub band: ForeignKey<Band>,
    /// A second way to a person, which is not that of the relation.
    #[field(on_delete = SetNull, related_name = invitations)]
    pub inviter: Option<ForeignKey<Person>>,
    #[field(on_delete = Cascade, related_name = memberships)]
    pub person: ForeignKey<Person>,
    #[field(max_length = 20, default = "voice")]
    pub role: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rel", ordering(number), display = "{title}")]
pub struct Song {
    pub id: i64,
    pub number: i32,
    #[field(max_length = 40)]
    pub title: String,
    #[field(on_delete = Cascade, related_name = songs)]
    pub band: ForeignKey<Band>,
    #[field(on_delete = SetNull, related_name = written)]
    pub writer: Option<ForeignKey<Person>>,
    #[field(related_name = songs)]
    pub moods: ManyToMany<Mood>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rel", ordering(word), display = "{word}")]
pub struct Mood {
    pub id: i64,
    #[field(max_length = 40, unique)]
    pub word: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rel", display = "{text}")]
pub struct Page {
    pub id: i64,
    #[field(max_length = 40)]
    pub text: String,
    #[field(on_delete = Cascade, related_name = page)]
    pub band: OneToOne<Band>,
}

async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let models =
            [Band::schema, Person::schema, Membership::schema, Song::schema, Mood::schema, Page::schema];
        nuages_tests::tables::create(&db, &models).await?;
        test(db).await
    })
    .await
}

async fn person(db: &Db, name: &str) -> Result<Person> {
    NewPerson { name: name.into() }.create(db).await
}

async fn band(db: &Db, name: &str) -> Result<Band> {
    NewBand { name: name.into() }.create(db).await
}

async fn song(db: &Db, band: &Band, number: i32, title: &str) -> Result<Song> {
    NewSong { number, title: title.into(), band: band.into() }.create(db).await
}

#[tokio::test]
async fn rows_that_refer_to_one_are_joined_parted_and_made() -> Result<()> {
    each(async |db| {
        let (john, paul) = (person(&db, "John").await?, person(&db, "Paul").await?);
        let beatles = band(&db, "Beatles").await?;
        let mut songs = Vec::new();
        for (number, title) in ["Help", "Julia", "Michelle"].iter().enumerate() {
            songs.push(song(&db, &beatles, i32::try_from(number)?, title).await?);
        }
        let johns = john.related(|p| p.written());
        let titles = async |db: &Db| johns.objects().values(|s| s.title).all(db).await;
        johns.add(&db, [&songs[0], &songs[1]]).await?;
        assert_eq!(titles(&db).await?, ["Help", "Julia"]);
        paul.related(|p| p.written()).add(&db, [&songs[1]]).await?;
        assert_eq!(titles(&db).await?, ["Help"], "a song has one writer");
        johns.remove(&db, [&songs[1]]).await?;
        assert_eq!(
            paul.related(|p| p.written()).objects().count(&db).await?,
            1,
            "Paul's is not John's to remove"
        );
        johns.set(&db, [&songs[1], &songs[2]]).await?;
        assert_eq!(titles(&db).await?, ["Julia", "Michelle"]);
        let new = NewSong { number: 9, title: "Imagine".into(), band: (&beatles).into() };
        assert_eq!(johns.create(&db, new).await?.writer, Some((&john).into()));
        let (found, created) = johns
            .get_or_create(
                &db,
                |s| s.title.eq("Imagine"),
                NewSong { number: 1, title: "Imagine".into(), band: (&beatles).into() },
            )
            .await?;
        assert_eq!((found.number, created), (9, false));
        let (changed, created) = johns
            .update_or_create(
                &db,
                |s| s.title.eq("Love"),
                NewSong { number: 1, title: "Love".into(), band: (&beatles).into() },
                |s| s.number.set(4),
            )
            .await?;
        assert_eq!((changed.number, created, changed.writer), (4, true, Some((&john).into())));
        johns.clear(&db).await?;
        assert_eq!(titles(&db).await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_key_that_cannot_be_null_cannot_be_taken_away() -> Result<()> {
    each(async |db| {
        let beatles = band(&db, "Beatles").await?;
        let mut songs = Vec::new();
        for (number, title) in ["Help", "Julia", "Michelle"].iter().enumerate() {
            songs.push(song(&db, &beatles, i32::try_from(number)?, title).await?);
        }
        // Adding works, taking away is refused before anything is sent.
        let other = band(&db, "Wings").await?;
        let theirs = other.related(|b| b.songs());
        theirs.add(&db, [&songs[2]]).await?;
        let count = db.query_count();
        assert_eq!(theirs.clear(&db).await.unwrap_err().kind(), ErrorKind::NotSupported);
        assert_eq!(theirs.remove(&db, [&songs[2]]).await.unwrap_err().kind(), ErrorKind::NotSupported);
        assert_eq!(db.query_count(), count);
        theirs.set(&db, [&songs[0]]).await?;
        assert_eq!(theirs.objects().count(&db).await?, 2, "the others stay");
        // Forward, and one to one.
        assert_eq!(songs[0].related(|s| s.band).objects().get(&db).await?.name, "Beatles");
        let page = other.related(|b| b.page());
        assert_eq!(page.objects().get(&db).await.unwrap_err().kind(), ErrorKind::DoesNotExist);
        page.create(&db, NewPage { text: "wings".into(), band: (&other).into() }).await?;
        assert_eq!(page.objects().get(&db).await?.text, "wings");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_join_model_keeps_its_defaults_and_takes_more() -> Result<()> {
    each(async |db| {
        let beatles = band(&db, "Beatles").await?;
        let (john, ringo) = (person(&db, "John").await?, person(&db, "Ringo").await?);
        beatles.members.add(&db, &john).await?;
        beatles.members.add_with::<Membership, _>(&db, &ringo, |m| m.role.set("drums")).await?;
        beatles.members.add(&db, &ringo).await?;
        Membership::objects().update(&db, |m| m.inviter.set(&ringo)).await?;
        let roles = Membership::objects().values(|m| (m.person.name, m.role)).all(&db).await?;
        assert_eq!(roles, [("John".into(), "voice".into()), ("Ringo".into(), "drums".into())]);
        let wrong = beatles.members.add_with::<Song, _>(&db, &john, |s| s.number.set(1)).await;
        assert_eq!(wrong.unwrap_err().kind(), ErrorKind::NotSupported);

        let bands = ringo.related(|p| p.bands());
        let wings = band(&db, "All Starr").await?;
        bands.add_with::<Membership, _, _>(&db, [&wings], |m| m.role.set("lead")).await?;
        let new = bands.create(&db, NewBand { name: "Third".into() }).await?;
        assert_eq!(bands.objects().values(|b| b.name).all(&db).await?, ["All Starr", "Beatles", "Third"]);
        let (same, created) =
            bands.get_or_create(&db, |b| b.name.eq("Third"), NewBand { name: "Third".into() }).await?;
        assert_eq!((same.id, created), (new.id, false));
        bands.set(&db, [&wings]).await?;
        assert_eq!(Membership::objects().count(&db).await?, 2);
        bands.clear(&db).await?;
        assert_eq!(beatles.members.objects().values(|p| p.name).all(&db).await?, ["John"]);
        beatles.members.clear(&db).await?;
        assert_eq!(Membership::objects().count(&db).await?, 0);
        Ok(())
    })
    .await
}

/// Three bands with five, three and no songs; songs with moods and writers.
async fn catalogue(db: &Db) -> Result<()> {
    let john = person(db, "John").await?;
    let teacher = person(db, "Aunt Mimi").await?;
    Person::objects().filter(|p| p.name.eq("John")).update(db, |p| p.teacher.set(&teacher)).await?;
    let mut moods = Vec::new();
    for word in ["calm", "glad", "sad"] {
        moods.push(NewMood { word: word.into() }.create(db).await?);
    }
    for (name, count) in [("A", 5), ("B", 3), ("C", 0)] {
        let band = band(db, name).await?;
        for number in 0..count {
            let song = song(db, &band, number, &format!("{name}{number}")).await?;
            song.moods.add_all(db, moods.iter().take(usize::try_from(number)? % 3)).await?;
            if number % 2 == 0 {
                john.related(|p| p.written()).add(db, [&song]).await?;
            }
        }
    }
    Ok(())
}

fn titles<'a>(songs: impl IntoIterator<Item = &'a Song>) -> Vec<&'a str> {
    songs.into_iter().map(|song| song.title.as_str()).collect()
}

#[tokio::test]
async fn prefetched_rows_are_narrowed_ordered_and_cut_off_for_each() -> Result<()> {
    each(async |db| {
        catalogue(&db).await?;
        let count = db.query_count();
        let bands = Band::objects()
            .prefetch_related(|b| b.songs().filter(|s| s.number.gt(0)).order_by(|s| s.number.desc()).limit(2))
            .all(&db)
            .await?;
        assert_eq!(db.query_count() - count, 2, "one statement for the bands, one for all their songs");
        let found: Vec<_> = bands.iter().map(|(band, songs)| (band.name.as_str(), titles(songs))).collect();
        assert_eq!(found, [("A", vec!["A4", "A3"]), ("B", vec!["B2", "B1"]), ("C", vec![])]);

        let bands = Band::objects().prefetch_related(|b| b.songs().limit(2).offset(1)).all(&db).await?;
        let found: Vec<_> = bands.iter().map(|(_, songs)| titles(songs)).collect();
        assert_eq!(found, [vec!["A1"], vec!["B1"], vec![]], "a limit of two, then one left out");

        let songs = Song::objects()
            .filter(|s| s.band.name.eq("A"))
            .prefetch_related(|s| s.moods.exclude(|m| m.word.eq("calm")).order_by(|m| m.word.desc()))
            .all(&db)
            .await?;
        let found: Vec<Vec<&str>> =
            songs.iter().map(|(_, moods)| moods.iter().map(|m| m.word.as_str()).collect()).collect();
        assert_eq!(found, [vec![], vec![], vec!["glad"], vec![], vec![]]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn prefetched_rows_have_relations_of_their_own() -> Result<()> {
    each(async |db| {
        catalogue(&db).await?;
        let count = db.query_count();
        let bands = Band::objects()
            .prefetch_related(|b| {
                b.songs()
                    .select_related(|s| s.writer.teacher)
                    .prefetch_related(|s| s.moods.limit(1))
                    .annotate(|s| s.moods.count())
            })
            .all(&db)
            .await?;
        assert_eq!(db.query_count() - count, 3, "bands, songs with writers, moods");
        let (_, songs) = &bands[0];
        let seen: Vec<(&str, bool, usize, i64)> = songs
            .iter()
            .map(|(song, teacher, moods, all)| (song.title.as_str(), teacher.is_some(), moods.len(), *all))
            .collect();
        let expected = [
            ("A0", true, 0, 0),
            ("A1", false, 1, 1),
            ("A2", true, 1, 2),
            ("A3", false, 0, 0),
            ("A4", true, 1, 1),
        ];
        assert_eq!(seen, expected);
        // The other way, through a row that is there for sure; the same mood belongs to several songs.
        let moods = Mood::objects()
            .prefetch_related(|m| m.songs().order_by(|s| s.title.desc()).limit(1).select_related(|s| s.band))
            .all(&db)
            .await?;
        let seen: Vec<_> = moods
            .iter()
            .map(|(mood, songs)| {
                (
                    mood.word.as_str(),
                    songs.iter().map(|(s, b)| format!("{} {}", s.title, b.name)).collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [("calm", vec!["B2 B".to_owned()]), ("glad", vec!["B2 B".to_owned()]), ("sad", vec![])]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn relations_over_four_hops_come_in_one_statement() -> Result<()> {
    each(async |db| {
        let mut above: Option<Person> = None;
        for name in ["a", "b", "c", "d", "e"] {
            let mut new = NewPerson { name: name.into() }.draft();
            if let Some(teacher) = &above {
                new = new.with(|p| p.teacher.set(teacher));
            }
            above = Some(new.create(&db).await?);
        }
        let count = db.query_count();
        let (last, fourth) = Person::objects()
            .filter(|p| p.name.eq("e"))
            .select_related(|p| p.teacher.teacher.teacher.teacher)
            .get(&db)
            .await?;
        assert_eq!((last.name.as_str(), fourth.map(|p| p.name)), ("e", Some("a".into())));
        assert_eq!(db.query_count() - count, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_relation_to_many_leads_to_some() -> Result<()> {
    each(async |db| {
        let beatles = band(&db, "Beatles").await?;
        let (help, julia) = (song(&db, &beatles, 1, "Help").await?, song(&db, &beatles, 2, "Julia").await?);
        let mut moods = Vec::new();
        for word in ["loud", "sad", "soft"] {
            moods.push(NewMood { word: word.into() }.create(&db).await?);
        }
        help.moods.add_all(&db, &moods[..1]).await?;
        julia.moods.add_all(&db, &moods).await?;
        let soft = || Song::objects().filtered_relation(|s| s.moods, |m| m.word.startswith("s"));
        let rows =
            soft().order_by(|s| (s.number, s.moods.word)).values(|s| (s.title, s.moods.word, s.moods.id));
        let rows = rows.all(&db).await?;
        let row = |title: &str, mood: Option<&Mood>| {
            (title.to_owned(), mood.map(|m| m.word.clone()), mood.map(|m| m.id))
        };
        assert_eq!(rows, [row("Help", None), row("Julia", Some(&moods[1])), row("Julia", Some(&moods[2]))]);
        let counts = soft().values(|s| (s.title, s.moods.count())).all(&db).await?;
        assert_eq!(counts, [("Help".to_owned(), 0), ("Julia".to_owned(), 2)]);
        assert_eq!(soft().filter(|s| s.moods.eq(&moods[0])).count(&db).await?, 0);
        Ok(())
    })
    .await
}
