//! The macros as functions of tokens: read, expand; after an error, the error and a stand-in.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, ItemFn};

use crate::error::Errors;
use crate::model::{
    App, Choices, Command, DataStep, Decimal, Form, Group, Model, Newtype, Receiver, Row, View,
};
use crate::{expand, fallback};

/// `#[derive(Model)]`
#[must_use]
pub fn derive_model(input: TokenStream) -> TokenStream {
    derive(input, Model::from_derive_input, expand::model, fallback::model)
}

/// `#[derive(Choices)]`
#[must_use]
pub fn derive_choices(input: TokenStream) -> TokenStream {
    derive(input, Choices::from_derive_input, expand::choices, fallback::choices)
}

/// `#[derive(Field)]`
#[must_use]
pub fn derive_field(input: TokenStream) -> TokenStream {
    derive(input, Newtype::from_derive_input, expand::newtype, |_| TokenStream::new())
}

/// `#[derive(Fields)]`
#[must_use]
pub fn derive_fields(input: TokenStream) -> TokenStream {
    derive(input, Group::from_derive_input, expand::group, fallback::group)
}

/// `#[derive(Row)]`
#[must_use]
pub fn derive_row(input: TokenStream) -> TokenStream {
    derive(input, Row::from_derive_input, expand::row, |_| TokenStream::new())
}

/// `#[derive(Form)]`
#[must_use]
pub fn derive_form(input: TokenStream) -> TokenStream {
    derive(input, Form::from_derive_input, expand::form, |_| TokenStream::new())
}

/// `app!(…)`; `built` says whether a build script of ours ran.
#[must_use]
pub fn app(tokens: TokenStream, built: bool) -> TokenStream {
    match App::from_tokens(tokens) {
        Ok(app) => expand::app(&app, built),
        Err(errors) => {
            let (errors, plain) = (errors.to_compile_error(), fallback::app(built));
            quote!(#errors #plain)
        }
    }
}

/// `dec!(12.50)`
#[must_use]
pub fn dec(tokens: TokenStream) -> TokenStream {
    match Decimal::from_tokens(tokens) {
        Ok(decimal) => expand::decimal(&decimal),
        Err(errors) => errors.to_compile_error(),
    }
}

/// `#[view(…)]`
#[must_use]
pub fn view(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute(args, item, View::from_item, expand::view)
}

/// `#[receiver(…)]`
#[must_use]
pub fn receiver(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute(args, item, Receiver::from_item, expand::receiver)
}

/// `#[data_step]`
#[must_use]
pub fn data_step(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute(args, item, DataStep::from_item, expand::data_step)
}

/// `#[command]`
#[must_use]
pub fn command(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute(args, item, Command::from_item, expand::command)
}

fn derive<T>(
    input: TokenStream,
    read: fn(&DeriveInput) -> Result<T, Errors>,
    expand: fn(&T) -> TokenStream,
    fallback: fn(&DeriveInput) -> TokenStream,
) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    match read(&input) {
        Ok(facts) => expand(&facts),
        Err(errors) => {
            let (errors, fallback) = (errors.to_compile_error(), fallback(&input));
            quote!(#errors #fallback)
        }
    }
}

/// The function stays as it is, whatever is wrong with its attribute.
fn attribute<T>(
    args: TokenStream,
    item: TokenStream,
    read: fn(TokenStream, ItemFn) -> Result<T, Errors>,
    expand: fn(&T) -> TokenStream,
) -> TokenStream {
    let function = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = error.to_compile_error();
            return quote!(#item #error);
        }
    };
    match read(args, function) {
        Ok(facts) => expand(&facts),
        Err(errors) => {
            let errors = errors.to_compile_error();
            quote!(#item #errors)
        }
    }
}
