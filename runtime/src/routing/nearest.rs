//! The known word or address nearest to a mistyped one.

/// The candidate nearest to `text`, if one is near enough to be what was meant.
pub(crate) fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer inputs come from clients; comparing costs their square.
    if text.len() > 200 {
        return None;
    }
    let limit = (text.chars().count() / 3).max(1);
    let scored = candidates.into_iter().map(|candidate| (distance(text, candidate), candidate));
    scored
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, one)| one)
}

/// Levenshtein's distance in one row.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, one) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let change = diagonal + usize::from(one != *other);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_finds_its_word_and_nonsense_finds_none() {
        let words = ["/books", "/authors", "/about"];
        assert_eq!(nearest("/boks", words), Some("/books"));
        assert_eq!(nearest("/auhtors", words), Some("/authors"));
        assert_eq!(nearest("/zzzzzz", words), None);
        assert_eq!(nearest(&"a".repeat(500), words), None);
    }
}
