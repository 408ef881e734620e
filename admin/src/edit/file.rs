//! Files of a form: stored when nothing is wrong with them, and gone again if the rest is not saved.

use nuages::query::{check_file, cleared_columns, upload_columns};
use nuages::value::Value;
use nuages::{Result, backend::Db};

use super::spec::{FormSpec, Part};
use super::state::FormState;

/// The columns that a new file writes, or one that goes; or what is wrong with it.
///
/// # Errors
/// If the storage fails.
pub(super) async fn change(
    db: &Db,
    form: &FormSpec,
    part: Part,
    state: &FormState,
) -> Result<Result<Vec<(usize, Value)>, String>> {
    let Part::Column(index, field) = part else { return Ok(Err("This is no field for files.".to_owned())) };
    let schema = form.entry.schema;
    let Some(file) = state.file(field.name) else {
        let required = form.rules(part).is_some_and(|rules| rules.required);
        return Ok(match required {
            true => Err("Fill in this field.".to_owned()),
            false => Ok(cleared_columns(schema, index)),
        });
    };
    if let Err(problem) = check_file(field, &file.name, &file.content) {
        return Ok(Err(problem));
    }
    upload_columns(db, schema, index, &file.name, file.content.clone()).await.map(Ok)
}
