//! Files beside rows: checked, written before the commit, and gone again if there is none.

use std::future::Future;

use bytes::Bytes;
use nuages_schema::{ColumnKind, FieldSchema, FileSchema, ModelSchema, UploadTo};

use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::field::{File, Image, StorageAlias};
use crate::storage::{self, Storages};
use crate::value::Value;

/// The most that an image may be wide or high: what a JPEG can be.
const PIXELS: usize = 65_535;

/// What stands in the column after an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// The name that the storage gave.
    pub name: String,
    /// Width and height, if the column takes images only.
    pub size: Option<(usize, usize)>,
}

/// Checks a file against its column: that it is not empty, its size, its ending, that it is an image.
/// Gives width and height of an image.
///
/// # Errors
/// A sentence for who sent it.
pub fn check_file(field: &FieldSchema, name: &str, content: &[u8]) -> Result<Option<(usize, usize)>, String> {
    let Some(file) = &field.options.file else { return Err("This is no field for files.".to_owned()) };
    if content.is_empty() {
        return Err("This file is empty.".to_owned());
    }
    if let Some(most) = file.max_size.filter(|most| content.len() as u64 > *most) {
        return Err(format!(
            "This file has {}; at most {} are taken.",
            bytes(content.len() as u64),
            bytes(most)
        ));
    }
    let known = file.extensions;
    let ending = ending(name);
    if !known.is_empty() && !known.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        return Err(format!("Choose a file whose name ends in .{}.", known.join(", .")));
    }
    if !file.image {
        return Ok(None);
    }
    let size = image_ending(content).and_then(|_| imagesize::blob_size(content).ok());
    match size {
        // No column of numbers is to hold what a forged head says.
        Some(size) if size.width.max(size.height) > PIXELS => {
            Err(format!("This image is too large; at most {PIXELS} pixels wide and high are taken."))
        }
        Some(size) => Ok(Some((size.width, size.height))),
        None => Err("This is no image. Choose a PNG, a JPEG, a GIF or a WebP.".to_owned()),
    }
}

/// Checks a file and writes it into the storage of its column. Inside a transaction it is removed again
/// if that is rolled back.
///
/// # Errors
/// `Validation` with the field if the column does not take it; and what the storage cannot do.
pub async fn store_file(db: &Db, field: &FieldSchema, name: &str, content: Bytes) -> Result<Uploaded> {
    let wrong = |text: String| Error::new(ErrorKind::Validation, text).with_field(field.name);
    let size = check_file(field, name, &content).map_err(wrong)?;
    let Some(file) = &field.options.file else { return Err(wrong("This is no field for files.".to_owned())) };
    let storage = db.storages().get(file.storage)?.clone();
    let most = field.options.max_length.unwrap_or(u32::MAX) as usize;
    let name = storage::save(&*storage, &wanted(file, name, &content), content, most).await?;
    let written = name.clone();
    db.on_rollback(move || async move {
        if let Err(error) = storage.delete(&written).await {
            tracing::error!(%error, name = written, "a file whose row was rolled back could not be removed");
        }
    });
    Ok(Uploaded { name, size })
}

/// Stores a file for the column at a position, and gives what a row holds then: the name, and what the
/// column's `width_field` and `height_field` take.
///
/// # Errors
/// As [`store_file`].
pub async fn upload_columns(
    db: &Db,
    schema: &ModelSchema,
    index: usize,
    name: &str,
    content: Bytes,
) -> Result<Vec<(usize, Value)>> {
    let field = &schema.fields[index];
    let uploaded = store_file(db, field, name, content).await?;
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let size = uploaded.size.map(|(width, height)| (number(width), number(height)));
    Ok(columns(schema, index, Value::Text(uploaded.name), size))
}

/// What a row holds when the file of the column at a position is gone.
#[must_use]
pub fn cleared_columns(schema: &ModelSchema, index: usize) -> Vec<(usize, Value)> {
    let nothing = match schema.fields[index].nullable {
        true => Value::Null(ColumnKind::Text),
        false => Value::Text(String::new()),
    };
    columns(schema, index, nothing, None)
}

fn columns(schema: &ModelSchema, index: usize, name: Value, size: Option<(i64, i64)>) -> Vec<(usize, Value)> {
    let mut columns = vec![(index, name)];
    let Some(file) = &schema.fields[index].options.file else { return columns };
    let sizes = [(file.width_field, size.map(|size| size.0)), (file.height_field, size.map(|size| size.1))];
    for (field, number) in sizes {
        let Some(index) = field.and_then(|name| schema.position(name)) else { continue };
        let nothing = Value::Null((schema.fields[index].kind)());
        columns.push((index, number.map_or(nothing, Value::Int)));
    }
    columns
}

/// The name that a file should have, if it is free.
fn wanted(file: &FileSchema, name: &str, content: &[u8]) -> String {
    let name = storage::get_valid_name(name);
    let name = match image_ending(content).filter(|_| file.image) {
        // An image is served as what it is, whatever its sender called it.
        Some(endings) if !endings.iter().any(|known| ending(&name).eq_ignore_ascii_case(known)) => {
            format!("{name}.{}", endings[0])
        }
        _ => name,
    };
    match file.upload_to {
        UploadTo::Folder(folder) => storage::generated(folder, &name, chrono::Utc::now()),
        UploadTo::Function(function) => function(&name),
    }
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// The endings of an image's kind, by what is in it.
fn image_ending(content: &[u8]) -> Option<&'static [&'static str]> {
    use imagesize::ImageType;
    match imagesize::image_type(content).ok()? {
        ImageType::Png => Some(&["png"]),
        ImageType::Jpeg => Some(&["jpg", "jpeg"]),
        ImageType::Gif => Some(&["gif"]),
        ImageType::Webp => Some(&["webp"]),
        #[allow(unreachable_patterns, reason = "another crate may have more kinds switched on")]
        _ => None,
    }
}

/// `2.5 MB`
fn bytes(count: u64) -> String {
    let (unit, name) = match count {
        0..1_000 => return format!("{count} bytes"),
        1_000..1_000_000 => (1_000, "kB"),
        _ => (1_000_000, "MB"),
    };
    let tenths = count * 10 / unit;
    if tenths.is_multiple_of(10) {
        format!("{} {name}", tenths / 10)
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}

/// Removes a stored file once the transaction is committed; at once where there is none.
fn delete_later(db: &Db, alias: &str, name: &str) -> Result<()> {
    let (storage, name) = (db.storages().get(alias)?.clone(), name.to_owned());
    db.on_commit(move || async move {
        if let Err(error) = storage.delete(&name).await {
            tracing::error!(%error, name, "a stored file could not be removed");
        }
    });
    Ok(())
}

/// Where a file lies for browsers.
pub(crate) fn url_of(storages: &Storages, alias: &str, name: &str) -> Result<String> {
    storages.get(alias)?.url(name)
}

macro_rules! stored {
    ($($type:ident)*) => {$(
        impl<S: StorageAlias> $type<S> {
            /// What is in the file.
            ///
            /// # Errors
            /// `NotFound` if it is gone.
            pub fn open(&self, db: &Db) -> impl Future<Output = Result<Bytes>> + Send {
                let storage = db.storages().get(S::ALIAS).cloned();
                let name = self.name().to_owned();
                async move { storage?.open(&name).await }
            }

            /// How many bytes it has.
            ///
            /// # Errors
            /// `NotFound` if it is gone.
            pub fn size(&self, db: &Db) -> impl Future<Output = Result<u64>> + Send {
                let storage = db.storages().get(S::ALIAS).cloned();
                let name = self.name().to_owned();
                async move { storage?.size(&name).await }
            }

            /// Where browsers find it. In templates `{{ nuages::page::file_url(book.cover)? }}` says the same.
            ///
            /// # Errors
            /// If the storage gives no addresses.
            pub fn url(&self, db: &Db) -> Result<String> {
                url_of(db.storages(), S::ALIAS, self.name())
            }

            /// Removes it from the storage when the transaction is committed; at once where there is none. The
            /// column keeps its name until the row is saved with another value.
            ///
            /// # Errors
            /// If the project has no such storage.
            pub fn delete(&self, db: &Db) -> Result<()> {
                delete_later(db, S::ALIAS, self.name())
            }
        }
    )*};
}

stored!(File Image);

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_told_in_words() {
        let told = [999, 1_000, 1_550, 2_500_000, 3_000_000_000].map(super::bytes);
        assert_eq!(told, ["999 bytes", "1 kB", "1.5 kB", "2.5 MB", "3000 MB"]);
    }
}
