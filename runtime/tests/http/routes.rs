//! Addresses: found, refused, mended, and written by `url()`.

use crate::client::{browse, get, request, send};
use crate::site::{self, project};
use axum::Router;
use axum::routing::get as axum_get;
use nuages::prelude::*;
use nuages::routing::Slug;

#[tokio::test]
async fn arguments_come_from_the_address() -> Result<()> {
    let server = project().build().await?;
    assert_eq!(get(&server, "/books/7").await.text, "book 7");
    assert_eq!(get(&server, "/books/dune/by-slug/3").await.text, "dune 3");
    assert_eq!(get(&server, "/files/a/b%20c").await.text, "a/b c");
    assert_eq!(get(&server, "/names/%C3%9Crs%2Fula").await.text, "Ürs/ula");
    Ok(())
}

#[tokio::test]
async fn what_does_not_parse_is_not_found() -> Result<()> {
    let server = project().build().await?;
    for path in [
        "/books/x",
        "/books/+7",
        "/books/7.0",
        "/books/99999999999999999999",
        "/books/dune/by-slug/256",
        "/names/%FF",
    ] {
        assert_eq!(get(&server, path).await.status, 404, "{path}");
    }
    Ok(())
}

#[tokio::test]
#[expect(clippy::needless_borrows_for_generic_args, reason = "templates pass fields by reference")]
async fn addresses_are_written_by_the_views() -> Result<()> {
    let server = project().build().await?;
    assert_eq!(site::book::url(7), "/books/7");
    let id = 7;
    assert_eq!(site::book::url(&id), "/books/7");
    assert_eq!(site::by_slug::url(Slug("dune".into()), 3), "/books/dune/by-slug/3");
    let name = "a/b?c#d%".to_owned();
    assert_eq!(get(&server, &site::name::url(&name)).await.text, name);
    Ok(())
}

#[tokio::test]
async fn a_slash_at_the_end_is_mended_with_the_query_kept() -> Result<()> {
    let server = project().build().await?;
    let answer = get(&server, "/books/7/?page=2").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (308, "/books/7?page=2"));
    assert_eq!(get(&server, "//books/7/").await.status, 404);
    Ok(())
}

#[tokio::test]
async fn other_methods_are_refused_with_those_there_are() -> Result<()> {
    let server = project().build().await?;
    let answer = send(&server, request("DELETE", "/books/7", &[], "")).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET,HEAD,OPTIONS"));
    assert!(answer.text.contains("this address answers GET"), "{}", answer.text);
    let answer = send(&server, request("OPTIONS", "/books/7", &[], "")).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (204, "GET,HEAD,OPTIONS"));
    assert_eq!(send(&server, request("HEAD", "/books/7", &[], "")).await.status, 200);
    assert_eq!(send(&server, request("TRACE", "/books/7", &[], "")).await.status, 405);
    Ok(())
}

#[tokio::test]
async fn a_mistyped_address_names_the_nearest() -> Result<()> {
    let server = project().build().await?;
    let answer = browse(&server, "/greetin").await;
    assert_eq!(answer.status, 404);
    assert!(answer.text.contains("did you mean `/greeting` (shop::greeting)?"), "{}", answer.text);
    assert!(answer.text.contains("/books/{id}"), "the routes are listed");
    let wrong_type = browse(&server, "/books/seven").await.text;
    assert!(wrong_type.contains("does not parse as the view&#39;s type"), "{wrong_type}");
    Ok(())
}

#[tokio::test]
async fn routers_of_axum_stand_beside_ours() -> Result<()> {
    let own = Router::new().route("/plain", axum_get(async |site: Site| site.apps().len().to_string()));
    let server = project().merge(own).build().await?;
    assert_eq!(get(&server, "/plain").await.text, server.site().apps().len().to_string());
    assert_eq!(get(&server, "/books/7").await.text, "book 7");
    Ok(())
}

#[tokio::test]
async fn two_routers_for_one_address_are_an_error_and_no_panic() {
    let own = Router::new().route("/books/{id}", axum_get(async || "mine"));
    let error = project().merge(own).build().await.map(drop).unwrap_err().to_string();
    assert!(error.contains("two routers answer one address") && error.contains("/books/{id}"), "{error}");
}
