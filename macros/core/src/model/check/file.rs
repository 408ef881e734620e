//! Rules of columns that hold files.

use nuages_schema::{ColumnKind, folder_problem};
use syn::LitStr;

use crate::attr::UploadTo;
use crate::error::Collector;
use crate::message;
use crate::model::Field;

/// The options of files are for files; folders and endings are written as they are used.
pub(super) fn check(field: &Field, errors: &Collector) {
    let file = &field.options.file;
    if field.shape.is_foreign()
        || !field.is_column()
        || field.kind().is_some_and(|kind| kind != ColumnKind::Text)
    {
        for key in file.keys() {
            let text = format!("`{key}` is for `File` and `Image`, and `{}` is neither", field.name());
            errors.at(key, text);
        }
        return;
    }
    if let Some(UploadTo::Folder(folder)) = file.upload_to.as_ref().map(|set| &set.value)
        && let Some(problem) = folder_problem(&folder.value())
    {
        errors.at(folder, problem);
    }
    for ending in file.extensions.iter().flat_map(|set| &set.value) {
        check_ending(ending, errors);
    }
}

/// `extensions("pdf", "epub")`
fn check_ending(ending: &LitStr, errors: &Collector) {
    let text = ending.value();
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if text.is_empty() || !text.chars().all(good) {
        errors.at(
            ending,
            "an ending is written without its point and in lower case: `extensions(\"pdf\", \"epub\")`",
        );
    }
}

/// `width_field = cover_width` names a whole number beside the image.
pub(super) fn check_sizes(fields: &[Field], owner: &str, errors: &Collector) {
    let sizes =
        fields.iter().flat_map(|field| [&field.options.file.width_field, &field.options.file.height_field]);
    for set in sizes.flatten() {
        let name = &set.value;
        let Some(target) = fields.iter().find(|field| field.ident == *name) else {
            let names: Vec<String> = fields.iter().map(Field::name).collect();
            let names = names.iter().map(String::as_str);
            errors.at(name, message::no_field(&name.to_string(), owner, names));
            continue;
        };
        let has_room = matches!(target.kind(), Some(ColumnKind::Integer | ColumnKind::BigInt));
        if !has_room || !target.nullable {
            let text = format!(
                "`{}` takes a number of pixels, or nothing: write `{name}` as `Option<i32>`",
                set.key
            );
            errors.at(name, text);
        }
    }
}
