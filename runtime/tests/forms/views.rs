//! Views as types: lists, pages for rows, forms that make, change and delete.

use crate::models::*;
use askama::Template;
use nuages::prelude::*;
use nuages::test::{TestSite, on_each_site};
use nuages::views::{
    Access, CreateView, DeleteView, DetailView, FormView, ListView, Listed, RedirectView, TemplateView,
    UpdateView, ViewRequest,
};

#[derive(Template)]
#[template(
    source = "{% for (book, author) in list.objects() %}[{{ book.title }} by {{ author.name }}]{% endfor %}\
              {% if let Some(page) = list.page_obj() %} {{ page.number() }}/{{ page.paginator().num_pages() }}{% endif %}",
    ext = "html"
)]
struct Shelf {
    list: Listed<(Book, Author)>,
}

#[derive(Template)]
#[template(source = "{{ text }}|{{ form }}", ext = "html")]
struct Edit {
    text: String,
    form: FormState,
}

#[derive(Template)]
#[template(source = "{{ text }}", ext = "html")]
struct Text {
    text: String,
}

fn text(text: impl Into<String>) -> Result<Text> {
    Ok(Text { text: text.into() })
}

#[derive(Clone)]
struct Books;

impl ListView for Books {
    type Model = Book;
    type Parts = (Book, Author);
    type Page = Shelf;

    fn paginate_by(&self) -> Option<u64> {
        Some(2)
    }

    async fn get_queryset(&self, request: &ViewRequest) -> Result<QuerySet<Book, (Book, Author)>> {
        let word = request.query().get("q").unwrap_or_default();
        Ok(Book::objects().filter(|b| b.title.contains(word)).select_related(|b| b.author))
    }

    async fn page(&self, _: &ViewRequest, list: Listed<(Book, Author)>) -> Result<Shelf> {
        Ok(Shelf { list })
    }
}

#[derive(Clone)]
struct OneBook;

impl DetailView for OneBook {
    type Model = Book;
    type Parts = (Book,);
    type Page = Text;

    fn slug_field(&self) -> Option<&'static str> {
        Some("title")
    }

    async fn page(&self, _: &ViewRequest, book: Book) -> Result<Text> {
        text(book.title)
    }
}

#[derive(Clone)]
struct NewOne;

impl CreateView for NewOne {
    type Form = BookForm;
    type Page = Edit;

    fn success_url(&self, _: &ViewRequest, book: &Book) -> String {
        format!("/book/{}", book.id)
    }

    async fn page(&self, _: &ViewRequest, form: Form<BookForm>) -> Result<Edit> {
        Ok(Edit { text: "new".into(), form: form.into_state() })
    }
}

#[derive(Clone)]
struct ChangeOne;

impl UpdateView for ChangeOne {
    type Form = BookForm;
    type Page = Edit;

    fn success_url(&self, _: &ViewRequest, book: &Book) -> String {
        format!("/book/{}", book.id)
    }

    async fn page(&self, _: &ViewRequest, book: Book, form: Form<BookForm>) -> Result<Edit> {
        Ok(Edit { text: book.title, form: form.into_state() })
    }
}

#[derive(Clone)]
struct DeleteOne;

impl DeleteView for DeleteOne {
    type Model = Book;
    type Page = Text;

    fn success_url(&self, _: &ViewRequest) -> String {
        "/books".into()
    }

    async fn page(&self, _: &ViewRequest, book: Book, _: Option<String>) -> Result<Text> {
        text(format!("Delete {}?", book.title))
    }
}

#[derive(Form)]
struct Greeting {
    name: String,
}

#[derive(Clone)]
struct Greet;

impl FormView for Greet {
    type Form = Greeting;
    type Page = Edit;

    async fn form_valid(&self, _: &ViewRequest, data: Greeting) -> Result<axum::response::Response> {
        Ok(axum::response::IntoResponse::into_response(format!("Hello {}", data.name)))
    }

    async fn page(&self, _: &ViewRequest, form: Form<Greeting>) -> Result<Edit> {
        Ok(Edit { text: String::new(), form: form.into_state() })
    }
}

#[derive(Clone)]
struct Old;

impl RedirectView for Old {
    fn query_string(&self) -> bool {
        true
    }

    async fn url(&self, request: &ViewRequest) -> Result<String> {
        Ok(format!("/book/{}", request.param("id").unwrap_or_default()))
    }
}

#[derive(Clone)]
struct Secret;

impl TemplateView for Secret {
    type Page = Text;

    fn access(&self) -> Access {
        Access::LoggedIn
    }

    async fn page(&self, _: &ViewRequest) -> Result<Text> {
        text("secret")
    }
}

/// A view as a type behind a typed address.
#[view(get, "/typed/{id}")]
async fn typed(id: i64, request: ViewRequest) -> axum::response::Response {
    let _ = id;
    OneBook.respond(request).await
}

fn router() -> axum::Router<Site> {
    axum::Router::new()
        .route("/books", Books.as_view())
        .route("/book/{id}", OneBook.as_view())
        .route("/title/{title}", OneBook.as_view())
        .route("/new", NewOne.as_view())
        .route("/change/{id}", ChangeOne.as_view())
        .route("/delete/{id}", DeleteOne.as_view())
        .route("/greet", Greet.as_view())
        .route("/old/{id}", Old.as_view())
        .route("/secret", Secret.as_view())
}

/// Runs a test with the site on every database, where Ada has written three books.
async fn each(test: impl AsyncFn(TestSite, Author) -> Result<()>) -> Result<()> {
    on_each_site(
        |project| project.app(App::new("lib", "forms")).merge(router()),
        async |site| {
            tables(&site.db()).await?;
            let ada = NewAuthor { name: "Ada".into() }.create(&site.db()).await?;
            for title in ["A", "B", "C"] {
                let book = NewBook { title: title.into(), author: (&ada).into(), price: dec!(1) };
                book.create(&site.db()).await?;
            }
            test(site, ada).await
        },
    )
    .await
}

#[tokio::test]
async fn lists_come_in_pages() -> Result<()> {
    each(async |site, _| {
        let mut client = site.client();
        assert_eq!(client.get("/books").await?.text(), "[A by Ada][B by Ada] 1/2");
        assert_eq!(client.get("/books?page=2").await?.text(), "[C by Ada] 2/2");
        assert_eq!(client.get("/books?page=last&q=A").await?.text(), "[A by Ada] 1/1");
        assert_eq!(client.get("/books?q=none").await?.text(), " 1/1");
        for page in ["3", "0", "x", "-1", "99999999999999999999"] {
            assert_eq!(client.get(&format!("/books?page={page}")).await?.status(), 404, "{page}");
        }
        assert_eq!(client.post("/books", &[]).await?.status(), 405);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_have_pages() -> Result<()> {
    each(async |site, _| {
        let mut client = site.client();
        for (path, wanted) in [("/book/1", "A"), ("/title/B", "B"), ("/typed/3", "C")] {
            assert_eq!(client.get(path).await?.text(), wanted);
        }
        for path in ["/book/9", "/book/x", "/book/1%00", "/title/Z", "/typed/x", "/typed/9"] {
            assert_eq!(client.get(path).await?.status(), 404, "{path}");
        }
        let moved = client.get("/old/7?a=b").await?;
        assert_eq!((moved.status(), moved.redirect()), (303, Some("/book/7?a=b")));
        let secret = client.get("/secret").await?;
        assert!(secret.redirect().is_some_and(|to| to.contains("next=%2Fsecret")), "{:?}", secret.redirect());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_are_made_changed_and_deleted() -> Result<()> {
    each(async |site, ada| {
        let (db, mut client, ada) = (site.db(), site.client(), ada.id.to_string());
        assert!(client.get("/new").await?.contains(">Ada</option>"));
        let mut fields = vec![("title", "D"), ("author", &*ada), ("price", "2"), ("status", "draft")];
        let made = client.post("/new", &fields).await?;
        assert_eq!((made.status(), made.redirect()), (303, Some("/book/4")));
        fields[0].1 = "A";
        assert!(
            client.post("/new", &fields).await?.contains("Another book has this author and title already.")
        );

        assert!(client.get("/change/4").await?.contains("value=\"D\""));
        fields[2].1 = "1000000";
        assert!(client.post("/change/4", &fields).await?.contains("before the point"));
        (fields[0].1, fields[2].1) = ("E", "3");
        assert_eq!(client.post("/change/4", &fields).await?.redirect(), Some("/book/4"));
        let book = Book::objects().filter(|b| b.id.eq(4)).get(&db).await?;
        assert_eq!((book.title.as_str(), book.price), ("E", dec!(3)));
        assert_eq!(client.post("/change/99", &fields).await?.status(), 404);

        assert_eq!(client.get("/delete/4").await?.text(), "Delete E?");
        assert_eq!(site.client().without_csrf().post("/delete/4", &[]).await?.status(), 403);
        assert_eq!(Book::objects().count(&db).await?, 4);
        assert_eq!(client.post("/delete/4", &[]).await?.redirect(), Some("/books"));
        assert_eq!(client.post("/delete/4", &[]).await?.status(), 404);
        assert_eq!(Book::objects().count(&db).await?, 3);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_form_does_what_it_is_for() -> Result<()> {
    each(async |site, _| {
        let mut client = site.client();
        assert!(client.get("/greet").await?.contains("name=\"csrf_token\""));
        assert_eq!(client.post("/greet", &[("name", "Ada")]).await?.text(), "Hello Ada");
        assert!(client.post("/greet", &[("name", " ")]).await?.contains("Fill in this field."));
        Ok(())
    })
    .await
}
