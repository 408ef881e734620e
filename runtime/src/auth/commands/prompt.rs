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

/// The password from the environment, if it is there.
pub(super) fn from_environment() -> Option<String> {
    std::env::var(PASSWORD_VARIABLE).ok().filter(|password| !password.is_empty())
}

/// What to do where nobody can be asked.
pub(super) fn missing(what: &str) -> Error {
    Error::new(ErrorKind::Validation, format!("{what} is missing, and there is no terminal to ask at"))
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
