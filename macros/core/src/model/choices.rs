//! An enumeration with `#[derive(Choices)]`, stored as one word per variant.

use nuages_schema::snake;
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Ident, Path, Visibility};

use crate::attr::{ChoiceAttr, Options, Set};
use crate::error::{Collector, Errors};
use crate::symbol::choices as words;

/// A checked enumeration.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Its name.
    pub ident: Ident,
    /// Its visibility.
    pub vis: Visibility,
    /// Its variants in order.
    pub variants: Vec<Variant>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

/// One variant.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name.
    pub ident: Ident,
    /// The word in the database.
    pub value: String,
    /// Where the word was given, or the variant's name.
    pub value_span: Span,
    /// The label for people.
    pub label: String,
}

impl Choices {
    /// Reads and checks an enumeration.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its own token.
    pub fn from_derive_input(input: &DeriveInput) -> Result<Self, Errors> {
        let errors = Collector::new();
        if !input.generics.params.is_empty() {
            errors.at(&input.generics, "`#[derive(Choices)]` takes an enumeration without generics");
        }
        let mut options = Options::of(&input.attrs, &words::PLACE, &errors);
        let krate = options.path(words::CRATE).map(|set| set.value);
        let variants = variants(input, &errors);
        check_words_differ(&variants, &errors);
        let choices = Self { ident: input.ident.clone(), vis: input.vis.clone(), variants, krate };
        errors.finish(choices)
    }

    /// The longest stored word, in characters.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.variants.iter().map(|variant| variant.value.chars().count()).max().unwrap_or(0)
    }
}

fn variants(input: &DeriveInput, errors: &Collector) -> Vec<Variant> {
    let Data::Enum(data) = &input.data else {
        errors.at(
            &input.ident,
            "`#[derive(Choices)]` takes an enumeration; a struct derives `Model` or `Field`",
        );
        return Vec::new();
    };
    if data.variants.is_empty() {
        errors.at(&input.ident, "an enumeration of choices needs at least one variant");
    }
    data.variants.iter().map(|variant| Variant::read(variant, errors)).collect()
}

impl Variant {
    fn read(variant: &syn::Variant, errors: &Collector) -> Self {
        if !matches!(variant.fields, Fields::Unit) {
            errors.at(&variant.fields, "a choice is stored as one word, so its variant takes no fields");
        }
        let attr = ChoiceAttr::read(&variant.attrs, errors);
        let name = snake(&variant.ident.unraw().to_string());
        let text = |set: &Set<syn::LitStr>| set.value.value();
        Self {
            ident: variant.ident.clone(),
            value_span: attr.value.as_ref().map_or(variant.ident.span(), |set| set.value.span()),
            label: attr.label.as_ref().map_or_else(|| title(&name), text),
            value: attr.value.as_ref().map_or(name, text),
        }
    }
}

/// Two variants stored as one word could not be told apart when read.
fn check_words_differ(variants: &[Variant], errors: &Collector) {
    for (at, variant) in variants.iter().enumerate() {
        if let Some(first) = variants.iter().take(at).find(|first| first.value == variant.value) {
            let text = format!(
                "`{}` is stored as `{}` like `{}`; write another word with `#[choice(value = \"…\")]`",
                variant.ident, variant.value, first.ident
            );
            errors.push(syn::Error::new(variant.value_span, text));
        }
    }
}

/// `out_of_print` as `Out of print`.
pub(crate) fn title(snake: &str) -> String {
    let words = snake.replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}
