//! The frames of a backtrace that stand in the project's own source, with the lines around them.

use std::backtrace::Backtrace;
use std::path::Path;

/// One frame.
pub(super) struct Frame {
    pub function: String,
    pub place: String,
    pub lines: Vec<Line>,
}

/// One line of source.
pub(super) struct Line {
    pub number: usize,
    pub text: String,
    pub hit: bool,
}

/// Lines before and behind the one that matters.
const AROUND: usize = 4;
/// More frames than these are noise.
const MOST: usize = 8;

/// The project's frames, the innermost first.
pub(super) fn of_project(trace: &Backtrace) -> Vec<Frame> {
    parse(&trace.to_string(), |path| std::fs::read_to_string(path).ok())
}

/// Reads what the standard library prints: `12: function` and `at path:line:column` below it.
fn parse(text: &str, read: impl Fn(&Path) -> Option<String>) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut function = "";
    for line in text.lines().map(str::trim) {
        if let Some(place) = line.strip_prefix("at ") {
            if is_project(function, place) && frames.len() < MOST {
                frames.extend(frame(function, place, &read));
            }
        } else if let Some((_, name)) = line.split_once(": ") {
            function = name;
        }
    }
    frames
}

/// Dependencies, the standard library and this framework are left out.
fn is_project(function: &str, place: &str) -> bool {
    const FOREIGN: [&str; 4] = ["/registry/src/", "/rustc/", "/rustlib/", "/git/checkouts/"];
    let krate = function.trim_start_matches(['<', '&']).split("::").next().unwrap_or_default();
    !FOREIGN.iter().any(|part| place.contains(part))
        && !krate.starts_with("nuages")
        && krate != "std"
        && krate != "core"
}

fn frame(function: &str, place: &str, read: &impl Fn(&Path) -> Option<String>) -> Option<Frame> {
    let mut parts = place.rsplitn(3, ':');
    let (_column, number, path) = (parts.next()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
    let source = read(Path::new(path))?;
    let first = number.saturating_sub(AROUND).max(1);
    let lines = source.lines().enumerate().skip(first - 1).take(number + AROUND + 1 - first);
    Some(Frame {
        function: function.replace("::{{closure}}", ""),
        place: format!("{}:{number}", path.trim_start_matches("./")),
        lines: lines
            .map(|(at, text)| Line { number: at + 1, text: text.to_owned(), hit: at + 1 == number })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "   0: nuages::error::Error::new
             at ./runtime/src/error.rs:100:9
   1: shop::views::detail::{{closure}}
             at ./src/views.rs:3:5
   2: core::future::poll
             at /rustc/abc/library/core/src/future.rs:1:1
   3: tokio::runtime::park
             at /x/registry/src/index/tokio/src/park.rs:1:1
   4: shop::gone
             at ./src/gone.rs:1:1
";

    #[test]
    fn only_the_project_is_shown_with_the_lines_around() {
        let read = |path: &Path| path.ends_with("src/views.rs").then(|| "one\ntwo\nthree\nfour".to_owned());
        let frames = parse(TRACE, read);
        assert_eq!(frames.len(), 1);
        assert_eq!(
            (frames[0].function.as_str(), frames[0].place.as_str()),
            ("shop::views::detail", "src/views.rs:3")
        );
        let hit: Vec<_> =
            frames[0].lines.iter().filter(|line| line.hit).map(|line| line.text.as_str()).collect();
        assert_eq!((hit, frames[0].lines.len()), (vec!["three"], 4));
    }
}
