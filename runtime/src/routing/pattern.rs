//! The pattern of a route, taken apart.

/// One part of a pattern between slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    Literal(&'a str),
    Param(&'a str),
    CatchAll(&'a str),
}

/// The segments of a pattern such as `/books/{id}`.
pub(super) fn segments(pattern: &str) -> impl Iterator<Item = Segment<'_>> {
    pattern.strip_prefix('/').unwrap_or(pattern).split('/').map(|text| {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => match name.strip_prefix('*') {
                Some(name) => Segment::CatchAll(name),
                None => Segment::Param(name),
            },
            None => Segment::Literal(text),
        }
    })
}

/// The pattern without the names of its parameters: two routes of one shape answer the same addresses.
pub(super) fn shape(pattern: &str) -> String {
    let mut out = String::new();
    for segment in segments(pattern) {
        out.push('/');
        out.push_str(match segment {
            Segment::Literal(text) => text,
            Segment::Param(_) => "{}",
            Segment::CatchAll(_) => "{*}",
        });
    }
    out
}

/// Whether an address fits the pattern, as far as can be told without the types of its arguments.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = path.strip_prefix('/').unwrap_or(path).split('/');
    for segment in segments(pattern) {
        match (segment, parts.next()) {
            (Segment::CatchAll(_), Some(_)) => return true,
            (Segment::Param(_), Some(text)) if !text.is_empty() => {}
            (Segment::Literal(want), Some(text)) if want == text => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parameters_do_not_matter_to_the_shape() {
        assert_eq!(shape("/books/{id}/edit"), shape("/books/{pk}/edit"));
        assert_ne!(shape("/books/{id}"), shape("/books/{*rest}"));
        assert_eq!(shape("/"), "/");
    }

    #[test]
    fn addresses_fit_patterns() {
        assert!(matches("/", "/"));
        assert!(matches("/books/{id}", "/books/7"));
        assert!(!matches("/books/{id}", "/books/"));
        assert!(!matches("/books/{id}", "/books/7/"));
        assert!(matches("/files/{*path}", "/files/a/b"));
        assert!(!matches("/files/{*path}", "/file/a"));
    }
}
