//! What a person does with the store: browse, search, change, add, and be refused.
//!
//! It runs over the models of `legacy` and over those of `legacy-postgres`, each on the tables of its own script.

use std::path::PathBuf;

use nuages::auth::NewAccount;
use nuages::backend::Backend;
use nuages::prelude::*;
use nuages::test::{Client, Server, TestDatabase, TestResponse, TestSite};
use nuages::{Db, Result};
use nuages_migrate as _;

use super::store;
use super::store::models::*;

const PASSWORD: &str = "nuages over the store";

/// The journey on each of these databases that is there.
pub(crate) async fn on(backends: &[Backend]) {
    for server in Server::found().await.unwrap().iter().filter(|server| backends.contains(&server.backend()))
    {
        let Some(script) = script(server.backend()) else { continue };
        if let Err(error) = journey(server, &script).await {
            panic!("{}: {error:?}", server.backend().title());
        }
    }
}

/// The scripts, beside the tree; where they are missing the run says so, or fails if everything is required.
fn script(backend: Backend) -> Option<String> {
    let name = match backend {
        Backend::Sqlite => "Chinook_Sqlite.sql",
        Backend::Postgres => "Chinook_PostgreSql.sql",
        Backend::Mysql => "Chinook_MySql.sql",
    };
    let roots = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let found =
        roots.ancestors().map(|root| root.join("shared/chinook").join(name)).find(|path| path.exists());
    if found.is_none() {
        let required = std::env::var_os("NUAGES_REQUIRE_DATABASES").is_some();
        assert!(!required, "{name} is not there");
        nuages::test::not_tested(format!("the Chinook script is not there: {name}"));
    }
    std::fs::read_to_string(found?).ok()
}

async fn journey(server: &Server, script: &str) -> Result<()> {
    let database = TestDatabase::create(server).await?;
    let about_databases = ["DROP DATABASE", "CREATE DATABASE", "USE ", "\\c "];
    let tables: Vec<&str> =
        script.lines().filter(|line| !about_databases.iter().any(|start| line.starts_with(start))).collect();
    database.session().execute_script(tables.join("\n")).await?;
    let site =
        TestSite::on(&database, |project| project.app(store::app()).mount("/admin", nuages_admin::site()))
            .await?;
    let db = site.db();
    let settings = nuages::auth::AuthSettings::default();
    NewAccount {
        name: "django".into(),
        password: Some(PASSWORD.into()),
        is_staff: true,
        is_superuser: true,
        ..NewAccount::default()
    }
    .create(&db, &settings.hasher)
    .await?;
    let mut client = site.client();
    let login = [("username", "django"), ("password", PASSWORD)];
    assert_eq!(client.post("/admin/login/", &login).await?.redirect(), Some("/admin/"));
    let mut person = Person { root: format!("/admin/{}", store::app().label()), client };
    person.browses().await?;
    person.changes(&db).await?;
    person.puts_on_a_playlist(&db).await?;
    person.adds(&db).await?;
    person.is_refused(&db).await?;
    person.deletes(&db).await?;
    database.remove().await
}

struct Person {
    client: Client,
    root: String,
}

fn hidden(page: &TestResponse, name: &str) -> String {
    let text = page.text();
    let start = format!("name=\"{name}\" value=\"");
    let at = text.find(&start).unwrap_or_else(|| panic!("no field {name} in {text}")) + start.len();
    text[at..].split('"').next().unwrap().to_owned()
}

impl Person {
    async fn get(&mut self, path: &str) -> Result<TestResponse> {
        let page = self.client.get(&format!("{}/{path}", self.root)).await?;
        assert_eq!(page.status(), 200, "{path}: {}", page.text());
        Ok(page)
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<TestResponse> {
        self.client.post(&format!("{}/{path}", self.root), fields).await
    }

    /// Posts a form that has to be taken.
    async fn saves(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<()> {
        let page = self.get(path).await?;
        // What the page carries along, of the row and of the rows below it.
        let rows = fields
            .iter()
            .filter(|(_, key)| !key.is_empty())
            .filter_map(|(name, _)| name.strip_suffix("_key"));
        let mut versions: Vec<String> = rows.map(|row| format!("{row}_version")).collect();
        versions.push("_version".to_owned());
        versions.retain(|name| page.contains(&format!("\"{name}\"")));
        let carried: Vec<(&str, String)> =
            versions.iter().map(|name| (&**name, hidden(&page, name))).collect();
        let mut all = fields.to_vec();
        all.extend(carried.iter().map(|(name, value)| (*name, &**value)));
        all.push(("_save", "1"));
        let answer = self.post(path, &all).await?;
        assert_eq!(answer.status(), 303, "{path}: {}", answer.text());
        Ok(())
    }

    /// Opens the page that asks, and says yes.
    async fn deletes_row(&mut self, path: &str) -> Result<TestResponse> {
        let plan = hidden(&self.get(&format!("{path}/delete")).await?, "_plan");
        self.post(&format!("{path}/delete"), &[("_confirm", "1"), ("_plan", &plan)]).await
    }

    async fn browses(&mut self) -> Result<()> {
        for (list, parts) in [
            ("track/", &["3,503 tracks"][..]),
            ("track/?q=balls+wall", &["Balls to the Wall"]),
            ("track/?f.genre=1&sort=name", &["1,297 tracks"]),
            ("album/", &["347 albums"]),
            ("album/?q=led+zeppelin", &["Physical Graffiti"]),
            ("artist/?q=ac/dc", &["1 artist", "AC/DC"]),
            ("customer/?f.support_rep=3", &["21 customers"]),
            ("invoice/?d=2021-01", &["invoice"]),
            ("invoice/?last=1", &["412 invoices"]),
            ("employee/", &["8 employees", "Nancy Edwards"]),
            ("playlist/", &["18 playlists"]),
        ] {
            let page = self.get(list).await?;
            for part in parts {
                assert!(page.contains(part), "{list} has no {part}: {}", page.text());
            }
        }
        let page = self.get("artist/1/").await?;
        assert!(page.contains("For Those About To Rock We Salute You"), "albums on the artist's page");
        Ok(())
    }

    async fn changes(&mut self, db: &Db) -> Result<()> {
        let version = hidden(&self.get("track/1/").await?, "_version");
        let mut track = vec![
            ("name", "For Those About To Rock (again)"),
            ("album", "1"),
            ("media_type", "2"),
            ("genre", ""),
            ("composer", "Young, Young & Johnson"),
            ("milliseconds", "343719"),
            ("bytes", ""),
            ("unit_price", "1.29"),
            ("_version", &*version),
        ];
        self.saves("track/1/", &track).await?;
        let now = Track::objects().filter(|t| t.id.eq(1)).get(db).await?;
        assert_eq!(
            (&*now.name, now.unit_price, now.bytes),
            ("For Those About To Rock (again)", dec!(1.29), None)
        );
        assert_eq!((now.genre, *now.media_type.key(), now.milliseconds), (None, 2, 343_719));
        track[7] = ("unit_price", "12.999");
        let version = hidden(&self.get("track/1/").await?, "_version");
        track[8] = ("_version", &*version);
        let page = self.post("track/1/", &track).await?;
        assert_eq!(page.status(), 422);
        assert!(page.contains("href=\"#id_unit_price\""), "{}", page.text());
        let history = self.get("track/1/history").await?;
        assert!(
            history.contains("0.99") && history.contains("1.29") && history.contains("Rock"),
            "{}",
            history.text()
        );
        self.saves("album/1/", &[("title", "Salute"), ("artist", "2")]).await?;
        let album = Album::objects().filter(|a| a.id.eq(1)).get(db).await?;
        assert_eq!((&*album.title, *album.artist.key()), ("Salute", 2));
        self.saves("artist/2/", &[("name", "Accept!")]).await?;
        assert_eq!(Artist::objects().filter(|a| a.id.eq(2)).get(db).await?.name.as_deref(), Some("Accept!"));
        let customer = [
            ("first_name", "Luís"),
            ("last_name", "Gonçalves"),
            ("email", "luisg@embraer.com.br"),
            ("city", "São Paulo"),
            ("support_rep", "5"),
        ];
        self.saves("customer/1/", &customer).await?;
        let now = Customer::objects().filter(|c| c.id.eq(1)).get(db).await?;
        assert_eq!(
            (now.city.as_deref(), now.company, now.support_rep.map(|rep| *rep.key())),
            (Some("São Paulo"), None, Some(5))
        );
        self.changes_an_invoice(db).await
    }

    /// The invoice with its lines: one changed, one deleted, one added.
    async fn changes_an_invoice(&mut self, db: &Db) -> Result<()> {
        let page = self.get("invoice/1/").await?;
        let (first, second) =
            (hidden(&page, "invoiceline-invoice-0-_key"), hidden(&page, "invoiceline-invoice-1-_key"));
        let fields = [
            ("customer", "2"),
            ("invoice_date", "2009-01-02T10:30"),
            ("total", "5.94"),
            ("invoiceline-invoice-TOTAL", "3"),
            ("invoiceline-invoice-0-_key", &*first),
            ("invoiceline-invoice-0-id", "777777"),
            ("invoiceline-invoice-0-track", "2"),
            ("invoiceline-invoice-0-unit_price", "0.99"),
            ("invoiceline-invoice-0-quantity", "5"),
            ("invoiceline-invoice-1-_key", &*second),
            ("invoiceline-invoice-1-_delete", "on"),
            ("invoiceline-invoice-2-_key", ""),
            ("invoiceline-invoice-2-id", "90001"),
            ("invoiceline-invoice-2-track", "3"),
            ("invoiceline-invoice-2-unit_price", "0.99"),
            ("invoiceline-invoice-2-quantity", "1"),
        ];
        self.saves("invoice/1/", &fields).await?;
        let invoice = Invoice::objects().filter(|i| i.id.eq(1)).get(db).await?;
        assert_eq!(
            (invoice.total, invoice.invoice_date.to_rfc3339()),
            (dec!(5.94), "2009-01-02T10:30:00+00:00".to_owned())
        );
        let lines: Vec<(i32, i32)> =
            invoice.lines().order_by(|l| l.id).values(|l| (l.id, l.quantity)).all(db).await?;
        assert_eq!(lines, [(first.parse()?, 5), (90_001, 1)]);
        Ok(())
    }

    async fn puts_on_a_playlist(&mut self, db: &Db) -> Result<()> {
        let tracks = async |id: i32| {
            let playlist = Playlist::objects().filter(|p| p.id.eq(id)).get(db).await?;
            playlist.tracks.objects().order_by(|t| t.id).values(|t| t.id).all(db).await
        };
        assert_eq!(tracks(18).await?, [597]);
        self.saves(
            "playlist/18/",
            &[("name", "On-The-Go 1"), ("tracks", "1"), ("tracks", "597"), ("tracks", "2")],
        )
        .await?;
        assert_eq!(tracks(18).await?, [1, 2, 597]);
        self.saves("playlist/18/", &[("name", "On-The-Go 1")]).await?;
        assert!(tracks(18).await?.is_empty());
        // A list of thousands loses the one that was taken out, and no other.
        let all = tracks(1).await?;
        assert!(all.len() > 3_000);
        let texts: Vec<String> = all[1..].iter().map(ToString::to_string).collect();
        let mut fields: Vec<(&str, &str)> = vec![("name", "Music")];
        fields.extend(texts.iter().map(|key| ("tracks", &**key)));
        self.saves("playlist/1/", &fields).await?;
        assert_eq!(tracks(1).await?, all[1..]);
        Ok(())
    }

    async fn adds(&mut self, db: &Db) -> Result<()> {
        self.saves("artist/add", &[("id", "9001"), ("name", "Django Reinhardt")]).await?;
        self.saves("album/add", &[("id", "9001"), ("title", "Djangology"), ("artist", "9001")]).await?;
        let track = [
            ("id", "9001"),
            ("name", "Nuages"),
            ("album", "9001"),
            ("media_type", "1"),
            ("genre", "2"),
            ("milliseconds", "198000"),
            ("unit_price", "0.99"),
        ];
        self.saves("track/add", &track).await?;
        let customer = [
            ("id", "9001"),
            ("first_name", "Stéphane"),
            ("last_name", "Grappelli"),
            ("email", "s@example.org"),
        ];
        self.saves("customer/add", &customer).await?;
        self.saves(
            "invoice/add",
            &[("id", "9001"), ("customer", "9001"), ("invoice_date", "1940-12-13T20:00"), ("total", "0.99")],
        )
        .await?;
        let (track, album) =
            Track::objects().filter(|t| t.id.eq(9_001)).select_related(|t| t.album).get(db).await?;
        assert_eq!((&*track.name, album.map(|album| album.title)), ("Nuages", Some("Djangology".to_owned())));
        // A key that is taken is said at its field.
        let page = self.post("artist/add", &[("id", "9001"), ("name", "Another"), ("_save", "1")]).await?;
        assert_eq!(page.status(), 422, "{}", page.text());
        assert!(page.contains("Another artist has this"), "{}", page.text());
        let page = self.post("album/add", &[("title", "No key"), ("artist", "9001"), ("_save", "1")]).await?;
        assert!(page.status() == 422 && page.contains("href=\"#id_id\""), "{}", page.text());
        Ok(())
    }

    async fn is_refused(&mut self, db: &Db) -> Result<()> {
        for (path, part) in [
            ("artist/9001", "1 album still refers to this"),
            ("track/2", "still refer"),
            ("customer/9001", "1 invoice still refers to this"),
            ("mediatype/1", "still refer to this"),
        ] {
            let page = self.get(&format!("{path}/delete")).await?;
            assert!(
                page.contains("This cannot be deleted") && page.contains(part),
                "{path}: {}",
                page.text()
            );
            let answer = self.deletes_row(path).await?;
            assert_eq!(answer.status(), 422, "{path}: {}", answer.text());
        }
        assert!(Artist::objects().filter(|a| a.id.eq(9_001)).exists(db).await?);
        assert!(Track::objects().filter(|t| t.id.eq(2)).exists(db).await?);
        Ok(())
    }

    async fn deletes(&mut self, db: &Db) -> Result<()> {
        // A genre goes, its tracks stay without one.
        let page = self.get("genre/2/delete").await?;
        assert!(page.contains("kept, genre set empty"), "{}", page.text());
        assert_eq!(self.deletes_row("genre/2").await?.status(), 303);
        assert_eq!(Track::objects().filter(|t| t.id.eq(9_001)).get(db).await?.genre, None);
        // A track goes from its playlists; an invoice takes its lines along.
        let playlist = Playlist::objects().filter(|p| p.id.eq(18)).get(db).await?;
        self.saves("playlist/18/", &[("name", "On-The-Go 1"), ("tracks", "9001")]).await?;
        let page = self.get("track/9001/delete").await?;
        assert!(page.contains("kept, unlinked"), "{}", page.text());
        assert_eq!(self.deletes_row("track/9001").await?.status(), 303);
        assert_eq!(playlist.tracks.objects().count(db).await?, 0);
        let before = InvoiceLine::objects().count(db).await?;
        assert_eq!(self.deletes_row("invoice/1").await?.status(), 303);
        assert_eq!(InvoiceLine::objects().count(db).await?, before - 2);
        for path in ["album/9001", "artist/9001", "invoice/9001", "customer/9001"] {
            assert_eq!(self.deletes_row(path).await?.status(), 303, "{path}");
        }
        let counts = (Artist::objects().count(db).await?, Album::objects().count(db).await?);
        assert_eq!(counts, (275, 347));
        Ok(())
    }
}
