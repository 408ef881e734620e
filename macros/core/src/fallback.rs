//! What stands in for an expansion after an error, so that the user sees that error and no others.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::error::Collector;
use crate::expand;
use crate::model::{App, Choices, Field, Group, Model, Shape};
use crate::symbol::word;

/// The model with its fields and relations, and nothing that could be wrong.
pub(crate) fn model(input: &DeriveInput) -> TokenStream {
    let errors = Collector::new();
    let mut model = Model::read(input, &errors);
    // What is wrong was reported by the caller.
    drop(errors.finish(()));
    let Some(key) = model.fields.iter().position(is_key).or((!model.fields.is_empty()).then_some(0)) else {
        return TokenStream::new();
    };
    model.key = key;
    model.key_parts = key_parts(&model);
    if !input.generics.params.is_empty() || model.fields.iter().any(is_beyond_help) {
        return TokenStream::new();
    }
    name_ways_back_once(&mut model);
    expand::stand_in(&model)
}

/// The parts of a composite key, where nothing is wrong with them.
fn key_parts(model: &Model) -> Vec<usize> {
    let Some(given) = &model.options.primary_key else { return Vec::new() };
    let good = |field: &Field| field.is_column() && !field.nullable;
    let at = |name: &syn::Ident| model.fields.iter().position(|field| field.ident == *name && good(field));
    let parts: Option<Vec<usize>> = given.value.iter().map(at).collect();
    parts.filter(|parts| parts.len() > 1).unwrap_or_default()
}

/// A type that no expansion could be written for.
fn is_beyond_help(field: &Field) -> bool {
    field.nullable && (!field.is_column() || Shape::without_option(&field.inner).1)
}

/// Keeps the first of the ways back that share a name.
fn name_ways_back_once(model: &mut Model) {
    let mut names = Vec::new();
    for field in &mut model.fields {
        let name = field.related_name().map(ToString::to_string);
        if name.is_some() && names.contains(&name) {
            field.options.related_name = None;
        }
        names.push(name);
    }
}

fn is_key(field: &Field) -> bool {
    field.options.primary_key.is_some() || field.ident == word::ID
}

/// The group with those of its fields that nothing is wrong with and no new row must say.
pub(crate) fn group(input: &DeriveInput) -> TokenStream {
    let errors = Collector::new();
    let mut group = Group::read(input, &errors);
    // What is wrong was reported by the caller.
    drop(errors.finish(()));
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let is_key = |field: &Field| field.options.primary_key.is_some();
    group.fields.retain(|field| {
        field.is_column() && !field.is_required() && !is_key(field) && !is_beyond_help(field)
    });
    group.stand_in = true;
    expand::group(&group)
}

/// The enumeration as if nothing had been said of its variants.
pub(crate) fn choices(input: &DeriveInput) -> TokenStream {
    let mut plain = input.clone();
    if let syn::Data::Enum(data) = &mut plain.data {
        for variant in &mut data.variants {
            variant.attrs.clear();
        }
    }
    Choices::from_derive_input(&plain).map(|choices| expand::choices(&choices)).unwrap_or_default()
}

/// The app as if nothing had been said of it.
pub(crate) fn app(built: bool) -> TokenStream {
    App::from_tokens(TokenStream::new()).map(|app| expand::app(&app, built)).unwrap_or_default()
}
