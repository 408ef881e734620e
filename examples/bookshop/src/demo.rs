//! Demo data for the first start: a shelf that the admin can show something of.

use nuages::Plugin;
use nuages::prelude::*;
use nuages::site::BoxFuture;

use crate::models::*;

/// Authors with their year, month and day of birth and some of their books.
#[rustfmt::skip]
const SHELF: &[Writer] = &[
    ("Ursula K. Le Guin", (1929, 10, 21), &[
        ("The Left Hand of Darkness", 1969, "12.50", "science fiction, winter"),
        ("The Dispossessed", 1974, "11.90", "science fiction, utopia"),
        ("A Wizard of Earthsea", 1968, "9.90", "fantasy, islands"),
        ("The Lathe of Heaven", 1971, "10.50", "science fiction, dreams"),
    ]),
    ("Mary Shelley", (1797, 8, 30), &[
        ("Frankenstein", 1818, "7.50", "classic, science fiction"),
        ("The Last Man", 1826, "8.20", "classic"),
    ]),
    ("Stanisław Lem", (1921, 9, 12), &[
        ("Solaris", 1961, "11.00", "science fiction, ocean"),
        ("The Cyberiad", 1965, "12.00", "science fiction, humour"),
        ("His Master's Voice", 1968, "10.80", "science fiction"),
    ]),
    ("Virginia Woolf", (1882, 1, 25), &[
        ("Orlando", 1928, "9.40", "classic, time"),
        ("To the Lighthouse", 1927, "9.10", "classic, islands"),
        ("Mrs Dalloway", 1925, "8.90", "classic"),
    ]),
    ("Italo Calvino", (1923, 10, 15), &[
        ("Invisible Cities", 1972, "10.20", "cities"),
        ("If on a winter's night a traveller", 1979, "11.30", "winter"),
        ("The Baron in the Trees", 1957, "9.80", "humour"),
    ]),
    ("Toni Morrison", (1931, 2, 18), &[
        ("Beloved", 1987, "12.80", "classic"),
        ("Song of Solomon", 1977, "11.60", "classic"),
        ("Jazz", 1992, "10.40", "music, cities"),
    ]),
    ("Octavia E. Butler", (1947, 6, 22), &[
        ("Kindred", 1979, "11.20", "science fiction, time"),
        ("Parable of the Sower", 1993, "12.10", "science fiction"),
        ("Dawn", 1987, "10.90", "science fiction"),
    ]),
    ("Jorge Luis Borges", (1899, 8, 24), &[
        ("Fictions", 1944, "9.70", "labyrinths"),
        ("The Aleph", 1949, "9.70", "labyrinths"),
    ]),
];

type Writer = (&'static str, (i32, u32, u32), &'static [Entry]);
type Entry = (&'static str, i32, &'static str, &'static str);

/// Puts demo data into the database before the first visitor comes.
pub struct Demo;

impl Plugin for Demo {
    fn name(&self) -> &'static str {
        "demo"
    }

    fn start<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { fill(&site.database().session()).await })
    }
}

/// Fills an empty shop; one that has an author is left as it is.
pub async fn fill(db: &Db) -> Result<()> {
    if Author::objects().exists(db).await? {
        return Ok(());
    }
    db.atomic(async |db| {
        for (name, (year, month, day), books) in SHELF {
            let author = NewAuthor { name: (*name).into() }
                .with(|a| a.born.set(Date::from_ymd_opt(*year, *month, *day)))
                .create(&db)
                .await?;
            for (number, entry) in books.iter().enumerate() {
                shelve(&db, &author, entry, number).await?;
            }
        }
        Ok(())
    })
    .await
}

async fn shelve(db: &Db, author: &Author, (title, year, price, tags): &Entry, number: usize) -> Result<()> {
    let book = NewBook { title: (*title).into(), author: author.into(), price: price.parse()? }
        .with(|b| b.published.set(Date::from_ymd_opt(*year, 3, 1)))
        .with(|b| b.status.set(if number == 2 { Status::OutOfPrint } else { Status::Published }))
        .with(|b| b.in_stock.set(number != 2))
        .create(db)
        .await?;
    for name in tags.split(", ") {
        let (tag, _) = Tag::objects()
            .filter(|t| t.name.eq(name))
            .get_or_create(db, NewTag { name: name.into() })
            .await?;
        book.tags.add(db, &tag).await?;
    }
    if number == 0 {
        let text = "I read it twice, the second time aloud.".to_owned();
        NewReview { book: (&book).into(), reader: "Stéphane".into(), stars: 5 }
            .with(|r| r.text.set(text))
            .create(db)
            .await?;
    }
    Ok(())
}
