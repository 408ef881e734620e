//! Files in forms of the admin: uploaded, shown, taken away, and never named by a text.

use nuages::field::Image;
use nuages::prelude::*;
use nuages::storage::InMemoryStorage;
use nuages::test::{Client, TestResponse, on_each_site};

use crate::stage::{hidden, project_with, superuser};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{title}")]
struct Poster {
    id: i64,
    #[field(max_length = 40, unique)]
    title: String,
    #[field(upload_to = "posters", max_size = 1_000, width_field = width)]
    picture: Option<Image>,
    #[field(editable = false)]
    width: Option<i32>,
}

/// The smallest GIF that says its size.
fn gif(width: u8) -> Vec<u8> {
    [b"GIF89a".as_slice(), &[width, 0, 1, 0, 0, 0, 0, b';']].concat()
}

const LIST: &str = "/admin/nuages_tests/poster/";

async fn send(
    client: &mut Client,
    path: &str,
    fields: &[(&str, &str)],
    file: Option<(&str, &[u8])>,
) -> Result<TestResponse> {
    let mut body = Vec::new();
    for (name, text) in fields {
        body.extend(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes(),
        );
    }
    let (name, content) = file.unwrap_or(("", b""));
    let head =
        format!("--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"{name}\"\r\n\r\n");
    body.extend(head.bytes().chain(content.iter().copied()).chain(b"\r\n--x--\r\n".iter().copied()));
    client.post_body(path, "multipart/form-data; boundary=x", body).await
}

async fn each(test: impl AsyncFn(Client, Db) -> Result<()>) {
    let make = |project: Project| {
        project_with(project, nuages_admin::site()).storage("default", InMemoryStorage::new("/media/"))
    };
    let run = on_each_site(make, async |site| {
        let db = site.db();
        nuages_tests::tables::create(&db, &[Poster::schema]).await?;
        test(superuser(&site, &db).await?, db).await
    });
    if let Err(error) = run.await {
        panic!("{error:?}");
    }
}

#[tokio::test]
async fn a_file_is_uploaded_kept_replaced_and_taken_away() {
    each(async |mut client, db| {
        let add = format!("{LIST}add");
        let page = client.get(&add).await?;
        assert!(page.contains("enctype=\"multipart/form-data\"") && page.contains("type=\"file\""));
        let answer = send(&mut client, &add, &[("title", "Jazz")], Some(("a b.gif", &gif(7)))).await?;
        assert_eq!(answer.redirect(), Some(LIST), "{}", answer.text());
        let row = Poster::objects().get(&db).await?;
        assert_eq!((row.picture.as_ref().unwrap().name(), row.width), ("posters/a_b.gif", Some(7)));

        let path = format!("{LIST}{}/", row.id);
        let page = client.get(&path).await?;
        assert!(page.contains("href=\"/media/posters/a_b.gif\""), "{}", page.text());
        let version = hidden(&page, "_version");
        let fields = [("title", "Jazz"), ("picture", "posters/others.gif"), ("_version", &version)];
        let answer = send(&mut client, &path, &fields, None).await?;
        assert!(answer.redirect().is_some(), "{}", answer.text());
        assert_eq!(Poster::objects().get(&db).await?, row, "a text names no file");

        let answer = send(&mut client, &path, &[fields[0], fields[2]], Some(("c.gif", &gif(9)))).await?;
        assert!(answer.redirect().is_some(), "{}", answer.text());
        let row = Poster::objects().get(&db).await?;
        assert_eq!((row.picture.as_ref().unwrap().name(), row.width), ("posters/c.gif", Some(9)));
        let history = client.get(&format!("{path}history")).await?;
        assert!(history.contains("posters/a_b.gif") && history.contains("posters/c.gif"));

        let version = hidden(&client.get(&path).await?, "_version");
        let clear = [("title", "Jazz"), ("picture-clear", "on"), ("_version", &version)];
        assert!(send(&mut client, &path, &clear, None).await?.redirect().is_some());
        let row = Poster::objects().get(&db).await?;
        assert_eq!((row.picture, row.width), (None, None));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_is_told_and_not_stored() {
    each(async |mut client, db| {
        let add = format!("{LIST}add");
        let storage = db.storages().get("default")?.clone();
        for (name, content, text) in [
            ("a.gif", b"<script>".to_vec(), "This is no image."),
            ("a.gif", [gif(1), vec![0; 1_000]].concat(), "at most 1 kB are taken"),
            ("a.gif", Vec::new(), "This file is empty."),
        ] {
            let answer = send(&mut client, &add, &[("title", "Jazz")], Some((name, &content))).await?;
            assert_eq!(answer.status(), 422);
            assert!(answer.contains(text), "{text}: {}", answer.text());
        }
        let answer = send(&mut client, &add, &[("title", "")], Some(("a.gif", &gif(1)))).await?;
        assert_eq!(answer.status(), 422);
        assert_eq!(Poster::objects().count(&db).await?, 0);
        for _ in 0..200 {
            if storage.list_dir("posters").await?.1.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert!(storage.list_dir("posters").await?.1.is_empty(), "a form with errors leaves no file");
        // Without scripts and without a file the form is sent as any other.
        let answer = client.post(&add, &[("title", "Plain")]).await?;
        assert_eq!(answer.redirect(), Some(LIST), "{}", answer.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn two_people_who_choose_files_are_asked() {
    each(async |mut client, db| {
        let add = format!("{LIST}add");
        send(&mut client, &add, &[("title", "Jazz")], Some(("a.gif", &gif(1)))).await?;
        let row = Poster::objects().get(&db).await?;
        let path = format!("{LIST}{}/", row.id);
        let page = client.get(&path).await?;
        let (version, was) = (hidden(&page, "_version"), hidden(&page, "_was"));
        let theirs = [("title", "Jazz"), ("_version", version.as_str())];
        send(&mut client, &path, &theirs, Some(("theirs.gif", &gif(2)))).await?;
        let fields = [("title", "Jazz"), ("_version", version.as_str()), ("_was", was.as_str())];
        let answer = send(&mut client, &path, &fields, Some(("mine.gif", &gif(3)))).await?;
        assert_eq!(answer.status(), 409);
        assert!(answer.contains("choose them again"), "{}", answer.text());
        let row = Poster::objects().get(&db).await?;
        assert_eq!(row.picture.unwrap().name(), "posters/theirs.gif");
        let storage = db.storages().get("default")?.clone();
        assert!(!storage.exists("posters/mine.gif").await?);
        Ok(())
    })
    .await;
}
