//! A form of the admin as a browser sends it: with what the page that it stands on carries along.

use nuages::Result;
use nuages::test::{Client, TestResponse};

/// Opens the page of a row and posts its form: these fields, and what says what the form was loaded with.
///
/// # Errors
/// If an answer cannot be read.
pub async fn edit(client: &mut Client, path: &str, fields: &[(&str, &str)]) -> Result<TestResponse> {
    let page = client.get(path).await?;
    let fields = loaded(&page.text(), fields);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    client.post(path, &fields).await
}

/// The fields with the versions that a page has for them: of the row, and of each row of an inline.
#[must_use]
pub fn loaded(page: &str, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let has = |wanted: &str| fields.iter().any(|(name, _)| *name == wanted);
    if let Some(version) = value_of(page, "_version").filter(|_| !has("_version")) {
        all.push(("_version".to_owned(), version));
    }
    for (name, key) in fields.iter().filter(|(_, key)| !key.is_empty()) {
        let Some(row) = name.strip_suffix("-_key") else { continue };
        let version = format!("{row}-_version");
        let Some((inline, _)) = row.rsplit_once('-').filter(|_| !has(&version)) else { continue };
        let shown =
            (0..250).find(|at| value_of(page, &format!("{inline}-{at}-_key")).as_deref() == Some(*key));
        let found = shown.and_then(|at| value_of(page, &format!("{inline}-{at}-_version")));
        all.extend(found.map(|found| (version, found)));
    }
    all
}

/// The value of a hidden field of a page.
fn value_of(page: &str, name: &str) -> Option<String> {
    let start = format!("name=\"{name}\" value=\"");
    let at = page.find(&start)? + start.len();
    page[at..].split('"').next().map(str::to_owned)
}
