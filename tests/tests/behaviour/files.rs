//! Columns that hold files: what is taken, where it lies, what becomes of it when the row is not written.

use std::sync::Arc;

use axum::extract::State;

use nuages::ErrorKind;
use nuages::field::{File, Image, StorageAlias};
use nuages::form::{FormData, FormState, UploadedFile};
use nuages::model::Model as _;
use nuages::prelude::*;
use nuages::storage::{FileSystemStorage, InMemoryStorage, Storage, Storages};
use nuages::test::{TestSite, on_each_site};

/// Files that nobody finds by an address.
struct Private;

impl StorageAlias for Private {
    const ALIAS: &'static str = "private";
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{title}")]
struct Edition {
    id: i64,
    #[field(max_length = 40, unique)]
    title: String,
    #[field(
        upload_to = "covers/%Y",
        max_size = 2_000,
        max_length = 60,
        width_field = cover_width,
        height_field = cover_height
    )]
    cover: Option<Image>,
    #[field(editable = false)]
    cover_width: Option<i32>,
    #[field(editable = false)]
    cover_height: Option<i32>,
    #[field(upload_to = by_letter, extensions("pdf", "txt"), blank, default = nothing())]
    text: File<Private>,
}

fn nothing() -> File<Private> {
    File::default()
}

fn by_letter(name: &str) -> String {
    format!("{}/{name}", name.chars().next().unwrap_or('x'))
}

/// The smallest PNG that says its size.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

async fn each(run: impl AsyncFn(TestSite) -> Result<()>) -> Result<()> {
    let make = |project: Project| {
        project
            .app(nuages_tests::app())
            .storage("default", InMemoryStorage::new("/media/"))
            .storage("private", InMemoryStorage::new("private:"))
            .merge(axum::Router::new().route("/editions/add", axum::routing::post(add)))
    };
    on_each_site(make, async |site| {
        nuages_tests::tables::create(&site.db(), &[Edition::schema]).await?;
        run(site).await
    })
    .await
}

fn media(db: &Db) -> Result<Arc<dyn Storage>> {
    db.storages().get("default").cloned()
}

/// How many files a storage has in all.
async fn count(db: &Db, alias: &str) -> Result<usize> {
    let storage = db.storages().get(alias)?;
    let (mut folders, mut files) = (vec![String::new()], 0);
    while let Some(folder) = folders.pop() {
        let (inner, found) = storage.list_dir(&folder).await?;
        files += found.len();
        folders.extend(inner.into_iter().map(|name| format!("{folder}/{name}").trim_matches('/').to_owned()));
    }
    Ok(files)
}

/// Waits until a storage has so many files: what is rolled back is removed beside the request.
async fn settles_at(db: &Db, wanted: usize) -> Result<()> {
    for _ in 0..200 {
        if count(db, "default").await? == wanted {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(count(db, "default").await?, wanted);
    Ok(())
}

#[tokio::test]
async fn a_file_is_stored_and_its_name_kept() -> Result<()> {
    each(async |site| {
        let db = site.db();
        let cover = Edition::upload(&db, |e| e.cover, "../My Dune.png", png(3, 2)).await?;
        let year = DateTime::from(std::time::SystemTime::now()).format("%Y");
        assert_eq!(cover.name(), format!("covers/{year}/My_Dune.png"));
        let text = Edition::upload(&db, |e| e.text, "dune.PDF", "%PDF").await?;
        assert_eq!((text.name(), text.storage()), ("d/dune.PDF", "private"));
        let new = NewEdition { title: "Dune".into() };
        let made = new.with(|e| (e.cover.set(cover.clone()), e.text.set(text.clone()))).create(&db).await?;
        let found = Edition::objects().filter(|e| e.cover.endswith("Dune.png")).get(&db).await?;
        assert_eq!((&found, &found.cover, &found.text), (&made, &Some(cover.clone()), &text));
        assert_eq!(Edition::objects().filter(|e| e.cover.eq(&cover)).count(&db).await?, 1);
        assert_eq!(cover.url(&db)?, format!("/media/covers/{year}/My_Dune.png"));
        assert_eq!((cover.open(&db).await?.len(), cover.size(&db).await?), (33, 33));
        let second = Edition::upload(&db, |e| e.cover, "My Dune.png", png(4, 4)).await?;
        assert_ne!(second, cover, "nothing is overwritten");
        assert_eq!(cover.open(&db).await?, png(3, 2));
        second.delete(&db)?;
        settles_at(&db, 1).await?;
        assert_eq!(second.open(&db).await.unwrap_err().kind(), ErrorKind::NotFound);
        let plain = NewEdition { title: "Plain".into() }.create(&db).await?;
        assert_eq!((plain.cover, plain.text.name()), (None, ""));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_rolled_back_leaves_no_file() -> Result<()> {
    each(async |site| {
        let db = site.db();
        let upload = async |db: &Db| Edition::upload(db, |e| e.cover, "x.png", png(1, 1)).await;
        let failed: Result<()> = db
            .atomic(async |db| {
                upload(&db).await?;
                db.atomic(async |db| upload(&db).await).await?;
                assert_eq!(count(&db, "default").await?, 2, "written before the commit");
                Err(Error::other("changed my mind"))
            })
            .await;
        assert!(failed.is_err());
        settles_at(&db, 0).await?;
        let kept = db
            .atomic(async |db| {
                let inner: Result<()> = db
                    .atomic(async |db| {
                        upload(&db).await?;
                        Err(Error::other("only this"))
                    })
                    .await;
                assert!(inner.is_err());
                upload(&db).await
            })
            .await?;
        settles_at(&db, 1).await?;
        assert!(media(&db)?.exists(kept.name()).await?);
        let gone: Result<()> = db
            .atomic(async |db| {
                kept.delete(&db)?;
                Err(Error::other("it stays"))
            })
            .await;
        assert!(gone.is_err());
        let dropped = db.atomic(async |db| {
            upload(&db).await?;
            std::future::pending::<Result<()>>().await
        });
        let late = tokio::time::timeout(std::time::Duration::from_millis(200), dropped).await;
        assert!(late.is_err());
        settles_at(&db, 1).await?;
        assert!(media(&db)?.exists(kept.name()).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_a_column_does_not_take_is_told() -> Result<()> {
    each(async |site| {
        let db = site.db();
        let mut large = png(1, 1);
        large.resize(2_001, 0);
        for (content, text) in [
            (Vec::new(), "This file is empty."),
            (large, "This file has 2 kB; at most 2 kB are taken."),
            (b"<svg onload=alert(1)>".to_vec(), "This is no image. Choose a PNG, a JPEG, a GIF or a WebP."),
            (png(4_000_000_000, 1), "This image is too large; at most 65535 pixels"),
            (b"\x89PNG\r\n\x1a\n".to_vec(), "This is no image. Choose a PNG, a JPEG, a GIF or a WebP."),
        ] {
            let error = Edition::upload(&db, |e| e.cover, "x.png", content).await.unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::Validation, Some("cover")));
            assert!(error.to_string().contains(text), "{error}");
        }
        let error = Edition::upload(&db, |e| e.text, "run.exe", "MZ").await.unwrap_err();
        assert!(error.to_string().contains("ends in .pdf, .txt"), "{error}");
        assert_eq!(count(&db, "default").await? + count(&db, "private").await?, 0, "nothing was written");
        let posing = Edition::upload(&db, |e| e.cover, "page.html", png(1, 1)).await?;
        assert!(posing.name().ends_with("/page.html.png"), "an image is called one: {posing}");
        for hostile in ["../../etc/passwd", "..", "", "a\0b", "C:\\x\\.ssh", &"x".repeat(4000), "\u{202e}gnp"]
        {
            let stored = Edition::upload(&db, |e| e.cover, hostile, png(1, 1)).await?;
            assert!(stored.name().starts_with("covers/20") && stored.name().ends_with(".png"), "{stored}");
            assert!(stored.name().chars().count() <= 60, "{stored}");
            assert!(!stored.name().contains(".."), "{stored}");
        }
        let unknown = Storages::new().get("private").map(drop).unwrap_err();
        assert!(unknown.to_string().contains("Project::storage"), "{unknown}");
        assert!(File::<Private>::named("../x").is_err());
        Ok(())
    })
    .await
}

fn data(fields: &[(&str, &str)], files: &[(&str, &str, Vec<u8>)]) -> Result<FormData> {
    let mut data = FormData::from_iter(fields.iter().copied());
    for (name, file, content) in files {
        let file = UploadedFile {
            name: (*file).to_owned(),
            content_type: "image/png".to_owned(),
            content: content.clone().into(),
        };
        data.push_file(*name, file)?;
    }
    Ok(data)
}

#[tokio::test]
async fn a_form_takes_keeps_replaces_and_clears() -> Result<()> {
    each(async |site| {
        let db = site.db();
        let form = |row: Option<&Edition>| {
            let form = FormState::for_model(Edition::entry(), &["title", "cover"]);
            match row {
                Some(row) => {
                    let values = (0..Edition::schema().fields.len()).map(|index| row.value(index)).collect();
                    form.instance(&nuages::backend::Row::Values(values)).unwrap()
                }
                None => form,
            }
        };
        let mut first = form(None);
        assert!(first.is_multipart());
        first.bind(&data(&[("title", "Dune")], &[("cover", "dune.png", png(30, 20))])?);
        assert!(first.save(&db).await?.is_some());
        let row = Edition::objects().get(&db).await?;
        assert_eq!((row.cover_width, row.cover_height), (Some(30), Some(20)));
        let name = row.cover.clone().unwrap().name().to_owned();

        let mut keep = form(Some(&row));
        // The text of a file field is what a client says, and counts for nothing.
        keep.bind(&data(&[("title", "Dune"), ("cover", "")], &[])?);
        assert!(!keep.has_changed());
        keep.save(&db).await?;
        assert_eq!(Edition::objects().get(&db).await?, row);
        let html = form(Some(&row)).field("cover").to_string();
        assert!(html.contains(&name) && html.contains("name=\"cover-clear\""), "{html}");
        assert!(html.contains("accept=\"image/png,"), "{html}");

        let mut replace = form(Some(&row));
        replace.bind(&data(&[("title", "Dune"), ("cover-clear", "on")], &[("cover", "new.png", png(5, 6))])?);
        assert!(replace.save(&db).await?.is_some(), "a file that comes along goes before the box");
        let row = Edition::objects().get(&db).await?;
        assert_eq!((row.cover_width, row.cover_height), (Some(5), Some(6)));

        let mut clear = form(Some(&row));
        clear.bind(&data(&[("title", "Dune"), ("cover-clear", "on")], &[])?);
        assert_eq!(clear.changed_data().collect::<Vec<_>>(), ["cover"]);
        assert!(clear.save(&db).await?.is_some());
        let row = Edition::objects().get(&db).await?;
        assert_eq!((&row.cover, row.cover_width, row.cover_height), (&None, None, None));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_form_that_is_not_saved_leaves_no_file() -> Result<()> {
    each(async |site| {
        let db = site.db();
        NewEdition { title: "Dune".into() }.create(&db).await?;
        let mut wrong = FormState::for_model(Edition::entry(), &["title", "cover"]);
        wrong.bind(&data(&[("title", "Dune")], &[("cover", "a.png", png(1, 1))])?);
        assert!(wrong.save(&db).await?.is_none());
        assert_eq!(count(&db, "default").await?, 0, "it was told before anything was written");
        let mut no_image = FormState::for_model(Edition::entry(), &["title", "cover"]);
        no_image.bind(&data(&[("title", "Two")], &[("cover", "a.png", b"GIF".to_vec())])?);
        assert!(no_image.save(&db).await?.is_none());
        assert!(no_image.errors_of("cover")[0].to_string().contains("no image"));
        let mut text = FormState::for_model(Edition::entry(), &["title", "cover"]);
        text.bind(&data(&[("title", "Two"), ("cover", "covers/of/others.png")], &[])?);
        assert!(text.errors_of("cover")[0].to_string().contains("multipart/form-data"));
        // Only the database knows that the key is taken.
        let mut late = FormState::for_model(Edition::entry(), &["title", "cover"])
            .fixed("id", nuages::value::Value::Int(Edition::objects().get(&db).await?.id));
        late.bind(&data(&[("title", "Three")], &[("cover", "a.png", png(1, 1))])?);
        assert!(!matches!(late.save(&db).await, Ok(Some(_))));
        settles_at(&db, 0).await?;
        assert_eq!(Edition::objects().count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[derive(Form)]
#[form(model = Edition)]
struct EditionForm {
    title: String,
    cover: Option<Image>,
}

async fn add(State(site): State<Site>, mut form: Form<EditionForm>) -> Result<String> {
    match form.save(&site.database().session()).await? {
        Some(row) => Ok(row.cover.map(|cover| cover.name().to_owned()).unwrap_or_default()),
        None => Ok(form.errors_of("cover").iter().map(ToString::to_string).collect()),
    }
}

fn multipart(fields: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, text) in fields {
        body.extend(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes(),
        );
    }
    if let Some((name, file, content)) = file {
        body.extend(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n")
                .bytes(),
        );
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    body
}

#[tokio::test]
async fn a_view_takes_a_file_and_the_site_answers_with_it() -> Result<()> {
    each(async |site| {
        let mut client = site.client();
        let kind = "multipart/form-data; boundary=x";
        let body = multipart(&[("title", "Dune")], Some(("cover", "d une.png", &png(1, 1))));
        let name = client.post_body("/editions/add", kind, body).await?.text();
        assert!(name.ends_with("/d_une.png"), "{name}");
        let answer = client.get(&format!("/media/{name}")).await?;
        assert_eq!((answer.status(), answer.body()), (200, &*png(1, 1)));
        assert_eq!(answer.header("content-type"), Some("image/png"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));
        for hostile in ["/media/", "/media/../Cargo.toml", "/media/%2e%2e/Cargo.toml", "/media/none.png"] {
            assert_eq!(client.get(hostile).await?.status(), 404, "{hostile}");
        }
        media(&site.db())?.create("page.html", "<script>".into()).await?;
        let page = client.get("/media/page.html").await?;
        assert_eq!(page.header("content-disposition"), Some("attachment"), "no page of the site's");
        let large = vec![0; 3_000_000];
        let body = multipart(&[("title", "Big")], Some(("cover", "b.png", &large)));
        let told = client.post_body("/editions/add", kind, body).await?;
        assert!(told.contains("This file has 3 MB"), "{}", told.text());
        let body = vec![b'x'; 21_000_000];
        assert_eq!(client.post_body("/editions/add", kind, body).await?.status(), 413);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_folder_keeps_files_to_itself() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("nuages-files-{}", std::process::id()));
    let storage = FileSystemStorage::new(&folder).at("https://files.example.org/");
    assert_eq!(storage.list_dir("").await?, (Vec::new(), Vec::new()), "no folder yet");
    assert!(storage.create("a/b.txt", "one".into()).await?);
    assert!(!storage.create("a/b.txt", "two".into()).await?, "none is overwritten");
    assert_eq!(storage.open("a/b.txt").await?, "one");
    assert_eq!((storage.size("a/b.txt").await?, storage.exists("a").await?), (3, false));
    assert_eq!(storage.list_dir("").await?, (vec!["a".to_owned()], Vec::new()));
    assert_eq!(storage.list_dir("a").await?, (Vec::new(), vec!["b.txt".to_owned()]));
    assert_eq!(storage.url("a/ü.txt")?, "https://files.example.org/a/%C3%BC.txt");
    for bad in ["../b.txt", "/etc/passwd", "a/../../b", ".env", "a\\b"] {
        assert!(storage.open(bad).await.is_err() && storage.create(bad, "x".into()).await.is_err(), "{bad}");
        assert!(storage.delete(bad).await.is_err() && storage.url(bad).is_err(), "{bad}");
    }
    let both = futures_util::future::join_all(
        (0..8).map(|_| nuages::storage::save(&storage, "c.txt", "x".into(), 100)),
    );
    let mut names = both.await.into_iter().collect::<Result<Vec<_>>>()?;
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 8, "each has a name of its own");
    storage.delete("a/b.txt").await?;
    storage.delete("a/b.txt").await?;
    assert_eq!(storage.open("a/b.txt").await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(FileSystemStorage::new(&folder).url("c.txt").unwrap_err().to_string().contains(".at("));
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
