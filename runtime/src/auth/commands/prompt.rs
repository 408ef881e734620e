//! Asking at the terminal.

use crate::{Error, ErrorKind, Result};
use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

/// The variable that a password is taken from where nobody can be asked.
pub(super) const PASSWORD_VARIABLE: &str = "NUAGES_SUPERUSER_PASSWORD";

/// Whether somebody is there to be asked.
pub(super) fn is_interactive() -> bool {
    stdin().is_terminal()
}

/// Asks for a line; `None` at the end of the input.
pub(super) async fn line(question: String) -> Result<Option<String>> {
    blocking(move || ask(&question)).await
}

/// Asks for a password without showing it.
pub(super) async fn password(question: &'static str) -> Result<Option<String>> {
    blocking(move || {
        let hidden = Hidden::begin();
        let answer = ask(question);
        drop(hidden);
        let _ = writeln!(stderr());
        answer
    })
    .await
}

/// What the environment says of a field of the superuser, such as `NUAGES_SUPERUSER_EMAIL`.
pub(super) fn of_environment(field: &str) -> Option<String> {
    let text = std::env::var(variable(field)).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn variable(field: &str) -> String {
    format!("NUAGES_SUPERUSER_{}", field.to_ascii_uppercase())
}

/// The password from the environment, if it is there.
pub(super) fn from_environment() -> Option<String> {
    std::env::var(PASSWORD_VARIABLE).ok().filter(|password| !password.is_empty())
}

/// What `--noinput` needs and was not given.
pub(super) fn missing(field: &str, option: &str) -> Error {
    let variable = variable(field);
    Error::new(
        ErrorKind::Validation,
        format!("the {field} is missing: give it with --{option}, or set {variable}"),
    )
}

/// What to do where nobody can be asked.
pub(super) fn no_terminal(instead: &str) -> Error {
    let text = format!("there is no terminal to ask at: {instead} {PASSWORD_VARIABLE}");
    Error::new(ErrorKind::Validation, text)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await?
}

fn ask(question: &str) -> Result<Option<String>> {
    let mut out = stderr();
    write!(out, "{question}: ")?;
    out.flush()?;
    let mut answer = String::new();
    if stdin().lock().read_line(&mut answer)? == 0 {
        return Ok(None);
    }
    Ok(Some(answer.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Keeps the terminal from showing what is typed, as long as it lives. Where there is
/// no `stty`, typing is shown.
struct Hidden;

impl Hidden {
    fn begin() -> Self {
        stty("-echo");
        Self
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        stty("echo");
    }
}

fn stty(word: &str) {
    if is_interactive() {
        let _ = std::process::Command::new("stty").arg(word).status();
    }
}
