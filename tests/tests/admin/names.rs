//! What an admin is called, and the language its pages say they are in.

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use nuages::Project;
use nuages::http::RequestContext;
use nuages::test::on_each_site;

use crate::stage::{each, project_with, superuser};

#[tokio::test]
async fn a_project_names_its_admin() {
    let named = |project: Project| {
        let admin = nuages_admin::site()
            .site_header("Paper & Ink")
            .site_title("P&I")
            .index_title("What there is <today>");
        project_with(project, admin)
    };
    let run = on_each_site(named, async |site| {
        let page = site.client().get("/admin/login/").await?;
        assert!(page.contains("<title>Log in – P&#38;I</title>"), "{}", page.text());
        assert!(page.contains("<span>Paper &#38; Ink</span>"), "{}", page.text());
        let mut client = superuser(&site, &site.db()).await?;
        let home = client.get("/admin/").await?;
        assert!(home.contains("<h1>What there is &#60;today&#62;</h1>"), "{}", home.text());
        assert!(home.contains("<title>What there is &#60;today&#62; – P&#38;I</title>"), "{}", home.text());
        Ok(())
    });
    run.await.unwrap();
}

#[tokio::test]
async fn without_a_name_it_is_called_as_the_first_app() {
    each(async |site, db| {
        let home = superuser(site, db).await?.get("/admin/").await?;
        assert!(home.contains("<title>Nuages tests admin – Nuages tests</title>"), "{}", home.text());
        assert!(home.contains("<html lang=\"en\">"), "{}", home.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn pages_are_in_the_language_of_the_request() {
    let hebrew = |project: Project| {
        project_with(project, nuages_admin::site()).layer(from_fn(async |request: Request, next: Next| {
            if let Ok(context) = RequestContext::of(request.extensions()) {
                context.set_language("he-IL");
            }
            next.run(request).await
        }))
    };
    let run = on_each_site(hebrew, async |site| {
        let page = site.client().get("/admin/login/").await?;
        assert!(page.contains("<html lang=\"he-IL\" dir=\"rtl\">"), "{}", page.text());
        Ok(())
    });
    run.await.unwrap();
}
