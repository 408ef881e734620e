//! The arguments of `dec!(12.50)`.

use proc_macro2::{TokenStream, TokenTree};

use crate::error::Errors;

/// A decimal number as its digits and how many of them stand after the point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// The digits as one whole number, below 2⁹⁶.
    pub digits: u128,
    /// How many digits stand after the point.
    pub scale: u32,
    /// Below zero.
    pub negative: bool,
    /// The path of the runtime crate: what `$crate` was, if it was given.
    pub krate: Option<proc_macro2::Ident>,
}

const USAGE: &str = "`dec!` takes a number with at most 28 digits: `dec!(12.50)`";

impl Decimal {
    /// Reads the arguments of the macro.
    ///
    /// # Errors
    /// When they are not one decimal number.
    pub fn from_tokens(tokens: TokenStream) -> Result<Self, Errors> {
        let mut krate = None;
        let mut text = String::new();
        for token in tokens.clone() {
            match token {
                TokenTree::Ident(ident) if ident == "$crate" && text.is_empty() => krate = Some(ident),
                other => text.push_str(&other.to_string()),
            }
        }
        let (digits, scale, negative) =
            parse(&text).ok_or_else(|| syn::Error::new_spanned(&tokens, USAGE))?;
        Ok(Self { digits, scale, negative, krate })
    }
}

fn parse(text: &str) -> Option<(u128, u32, bool)> {
    let (number, negative) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
    let number = number.replace('_', "");
    let (whole, places) = number.split_once('.').unwrap_or((&number, ""));
    let digits = format!("{whole}{places}");
    if whole.is_empty() || places.len() > 28 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = digits.parse::<u128>().ok().filter(|digits| *digits < 1 << 96)?;
    Some((digits, u32::try_from(places.len()).ok()?, negative))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_the_places_that_were_written() {
        assert_eq!(parse("12.50"), Some((1250, 2, false)));
        assert_eq!(parse("-1_000"), Some((1000, 0, true)));
        assert_eq!(parse("1e5"), None);
        assert_eq!(parse("12.5f64"), None);
        assert_eq!(parse(""), None);
    }
}
