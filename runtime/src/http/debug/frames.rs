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
            if is_project(place) && frames.len() < MOST {
                frames.extend(frame(function, place, &read));
            }
        } else if let Some((_, name)) = line.split_once(": ") {
            function = name;
        }
    }
    frames
}

/// Dependencies, the standard library and this framework are left out.
fn is_project(place: &str) -> bool {
    const FOREIGN: [&str; 4] = ["/registry/src/", "/rustc/", "/rustlib/", "/git/checkouts/"];
    // The standard library prints what is below the working folder with a dot.
    let here = std::env::current_dir().map(|here| here.display().to_string()).unwrap_or_default();
    let place = place.strip_prefix('.').map_or_else(|| place.to_owned(), |below| here + below);
    !FOREIGN.iter().any(|part| place.contains(part)) && !place.contains(own_source())
}

/// The folder of this crate's source as the compiler was given it, such as `runtime/src/`.
fn own_source() -> &'static str {
    file!().strip_suffix("http/debug/frames.rs").unwrap_or(file!())
}

fn frame(function: &str, place: &str, read: &impl Fn(&Path) -> Option<String>) -> Option<Frame> {
    let mut parts = place.rsplitn(3, ':');
    let (_column, number, path) = (parts.next()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
    let source = read(Path::new(path))?;
    // The wrapper of a view has the line of its attribute, where there is nothing to see.
    if source.lines().nth(number.checked_sub(1)?)?.trim_start().starts_with("#[") {
        return None;
    }
    let first = number.saturating_sub(AROUND).max(1);
    let lines = source.lines().enumerate().skip(first - 1).take(number + AROUND + 1 - first);
    Some(Frame {
        function: named(function),
        place: format!("{}:{number}", shortened(path)),
        lines: lines
            .map(|(at, text)| Line { number: at + 1, text: text.to_owned(), hit: at + 1 == number })
            .collect(),
    })
}

/// The path from the working folder on, which is the project's in a debug run; elsewhere the whole path.
fn shortened(path: &str) -> &str {
    let here = std::env::current_dir().ok();
    let inside = here.and_then(|here| path.strip_prefix(here.to_str()?)?.strip_prefix('/'));
    inside.unwrap_or(path).trim_start_matches("./")
}

/// The function, without what the compiler adds for `async`.
fn named(function: &str) -> String {
    match function {
        "{async_fn#0}" | "{async_fn_env#0}" | "{closure#0}" | "{async_block#0}" => String::new(),
        _ => function.replace("::{{closure}}", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "   0: nuages::error::Error::new
             at /x/runtime/src/error.rs:100:9
   1: shop::views::detail::{{closure}}
             at /shop/src/views.rs:3:5
   2: core::future::poll
             at /rustc/abc/library/core/src/future.rs:1:1
   3: tokio::runtime::park
             at /x/registry/src/index/tokio/src/park.rs:1:1
   4: shop::__detail
             at /shop/src/views.rs:1:1
   5: shop::gone
             at /shop/src/gone.rs:1:1
";

    #[test]
    fn only_the_project_is_shown_with_the_lines_around() {
        let read =
            |path: &Path| path.ends_with("src/views.rs").then(|| "#[view]\ntwo\nthree\nfour".to_owned());
        let frames = parse(TRACE, read);
        assert_eq!(frames.len(), 1);
        assert_eq!(
            (frames[0].function.as_str(), frames[0].place.as_str()),
            ("shop::views::detail", "/shop/src/views.rs:3")
        );
        let hit: Vec<_> =
            frames[0].lines.iter().filter(|line| line.hit).map(|line| line.text.as_str()).collect();
        assert_eq!((hit, frames[0].lines.len()), (vec!["three"], 4));
    }
}
