//! Reads `#[choice(…)]` on a variant.

use syn::{Attribute, LitStr};

use crate::attr::{Options, Set};
use crate::error::Collector;
use crate::symbol::choice as words;

/// What `#[choice(…)]` said.
#[derive(Clone, Debug)]
pub struct ChoiceAttr {
    /// The label for people.
    pub label: Option<Set<LitStr>>,
    /// The stored word.
    pub value: Option<Set<LitStr>>,
}

impl ChoiceAttr {
    pub(crate) fn read(attrs: &[Attribute], errors: &Collector) -> Self {
        let mut options = Options::of(attrs, &words::PLACE, errors);
        Self { label: options.text(words::LABEL), value: options.text(words::VALUE) }
    }
}
