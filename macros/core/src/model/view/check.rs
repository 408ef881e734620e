//! The rules of a view.

use quote::ToTokens;

use crate::error::Collector;
use crate::message;
use crate::model::View;
use crate::nearest::nearest;
use crate::symbol::{Word, view as words};

/// Methods that change something, so that a form of another site must not send them.
const UNSAFE: [Word; 4] = [words::POST, words::PUT, words::PATCH, words::DELETE];

pub(super) fn check(view: &View, errors: &Collector) {
    check_is_async(view, errors);
    check_path_and_methods(view, errors);
    check_arguments_of_the_path(view, errors);
    check_csrf(view, errors);
    check_proof(view, errors);
    check_permission(view, errors);
}

/// A view is an `async fn` without generics, since a route calls it by itself.
fn check_is_async(view: &View, errors: &Collector) {
    let signature = &view.function.sig;
    if signature.asyncness.is_none() {
        errors.at(&signature.fn_token, "a view is an `async fn`");
    }
    if !signature.generics.params.is_empty() {
        errors.at(&signature.generics, "a view has no generics, since the route names none; write the types");
    }
}

/// A view says its methods and its path.
fn check_path_and_methods(view: &View, errors: &Collector) {
    let name = &view.function.sig.ident;
    if view.options.path.is_none() {
        errors.at(name, format_args!("`{name}` has no path; write `#[view(get, \"/{name}\")]`"));
    } else if view.options.methods.is_empty() {
        errors.at(
            &view.options.path,
            format_args!(
                "`{name}` has no method; write `#[view(get, …)]` or `post`, `put`, `patch`, `delete`"
            ),
        );
    }
}

/// Each name in the path is an argument of the function.
fn check_arguments_of_the_path(view: &View, errors: &Collector) {
    let names: Vec<String> =
        view.args.iter().filter_map(|arg| Some(arg.ident.as_ref()?.to_string())).collect();
    for name in view.pattern.names() {
        if names.iter().any(|known| known == name) {
            continue;
        }
        let function = &view.function.sig.ident;
        let text = match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => format!("`{function}` has no argument `{name}`; did you mean `{{{near}}}`?"),
            None => {
                format!("`{function}` has no argument `{name}`; add `{name}: i64`, or the type that it has")
            }
        };
        errors.at(&view.pattern.literal, text);
    }
}

/// Only methods that change something need an exemption, and it says why.
fn check_csrf(view: &View, errors: &Collector) {
    let Some(exempt) = &view.options.csrf_exempt else { return };
    if exempt.value.value().trim().is_empty() {
        errors.at(
            &exempt.value,
            "say why no form of ours sends this: `csrf_exempt = \"a webhook signed by the sender\"`",
        );
    }
    if !view.is_unsafe() {
        errors.at(&exempt.key, "`get` needs no token; remove `csrf_exempt`");
    }
}

/// A view that changes something takes the proof that a form of ours sent the request, as its last argument.
fn check_proof(view: &View, errors: &Collector) {
    let nothing = view.args.last().is_none_or(|last| last.in_path);
    if view.needs_verified() && nothing {
        let name = &view.function.sig.ident;
        errors.at(
            name,
            format_args!(
                "`{name}` changes something, so its last argument proves that a page of ours asked for it: add `_: Csrf` or `form: Form<…>`, or write `csrf_exempt = \"reason\"`"
            ),
        );
    }
}

/// A permission is `app.code`, and asks for a login itself.
fn check_permission(view: &View, errors: &Collector) {
    let Some(permission) = &view.options.permission else { return };
    let text = permission.value.value();
    let well_formed = text.split_once('.').is_some_and(|(app, code)| !app.is_empty() && !code.is_empty());
    if !well_formed {
        errors.at(&permission.value, message::usage(words::PERMISSION));
    }
    if let Some(login) = &view.options.login_required {
        errors.at(login, "`permission` asks for a login already; remove `login_required`");
    }
}

impl View {
    /// Whether one of its methods changes something.
    #[must_use]
    pub fn is_unsafe(&self) -> bool {
        self.options.methods.iter().any(|method| UNSAFE.iter().any(|word| method == word.name))
    }

    /// Whether its last argument must carry the proof that a form of ours sent the request.
    #[must_use]
    pub fn needs_verified(&self) -> bool {
        self.is_unsafe() && self.options.csrf_exempt.is_none()
    }

    /// The reason why it needs none, as written.
    #[must_use]
    pub fn exemption(&self) -> Option<String> {
        self.options.csrf_exempt.as_ref().map(|set| set.value.to_token_stream().to_string())
    }
}
