//! Columns that hold the names of stored files.

use crate::FieldSchema;

/// Where the files of a column lie, and which it takes.
#[derive(Clone, Copy, Debug)]
pub struct FileSchema {
    /// The alias of the storage.
    pub storage: &'static str,
    /// Only images are taken.
    pub image: bool,
    /// The folder of a new file.
    pub upload_to: UploadTo,
    /// The most bytes.
    pub max_size: Option<u64>,
    /// The endings that names may have, in lower case and without the point; empty is any.
    pub extensions: &'static [&'static str],
    /// The field that takes the width of the image, if one does.
    pub width_field: Option<&'static str>,
    /// The field that takes the height of the image, if one does.
    pub height_field: Option<&'static str>,
}

/// How a new file gets its folder.
#[derive(Clone, Copy, Debug)]
pub enum UploadTo {
    /// A folder; `%Y`, `%m`, `%d` and `%H` stand for the time in UTC.
    Folder(&'static str),
    /// A function of the user makes folder and name from the name that the client gave.
    Function(fn(&str) -> std::string::String),
}

impl FileSchema {
    /// Files in this storage, with nothing else said of them.
    #[must_use]
    pub const fn new(storage: &'static str, image: bool) -> Self {
        Self {
            storage,
            image,
            upload_to: UploadTo::Folder(""),
            max_size: None,
            extensions: &[],
            width_field: None,
            height_field: None,
        }
    }
}

/// What is wrong with the pattern of a folder, if anything.
#[must_use]
pub fn folder_problem(pattern: &str) -> Option<&'static str> {
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        if c == '%' && !matches!(rest.next(), Some('Y' | 'm' | 'd' | 'H')) {
            return Some("after `%` stands `Y`, `m`, `d` or `H`, as in `\"covers/%Y/%m\"`");
        }
    }
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.');
    let is_known = |c: char| !(c.is_control() || matches!(c, '\\' | ':'));
    let trimmed = pattern.strip_suffix('/').unwrap_or(pattern);
    let good = pattern.is_empty() || (trimmed.split('/').all(is_part) && trimmed.chars().all(is_known));
    (!good).then_some(
        "the folder is inside the storage: write it like `\"covers/%Y\"`, without a slash or a point before a name",
    )
}

/// Stops the build where a column that holds no file is said to.
macro_rules! of_file {
    ($($(#[$doc:meta])* $name:ident($value:ident: $type:ty) $field:ident = $set:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Panics
        /// In const code, if the column holds no file.
        #[must_use]
        #[track_caller]
        pub const fn $name(mut self, $value: $type) -> Self {
            match &mut self.options.file {
                Some(file) => file.$field = $set,
                None => not_a_file(),
            }
            self
        }
    )*};
}

impl FieldSchema {
    of_file! {
        /// The folder of new files.
        upload_to(folder: &'static str) upload_to = UploadTo::Folder(folder);
        /// The function that names new files.
        upload_to_fn(function: fn(&str) -> std::string::String) upload_to = UploadTo::Function(function);
        /// The most bytes.
        max_size(bytes: u64) max_size = Some(bytes);
        /// The endings that names may have.
        extensions(endings: &'static [&'static str]) extensions = endings;
        /// The field that takes the width of the image.
        width_field(name: &'static str) width_field = Some(name);
        /// The field that takes the height of the image.
        height_field(name: &'static str) height_field = Some(name);
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "const code tells the user by it, at the option's word")]
const fn not_a_file() -> ! {
    panic!("this is for a field whose type is `File` or `Image` of `nuages::field`")
}

#[cfg(test)]
mod tests {
    use super::folder_problem;

    #[test]
    fn folders_stay_inside() {
        for good in ["", "covers", "covers/", "covers/%Y/%m/%d", "a b"] {
            assert_eq!(folder_problem(good), None, "{good}");
        }
        for bad in ["/covers", "../covers", "a//b", "a/.b", "100%", "a/%s", "c:\\a", "/"] {
            assert!(folder_problem(bad).is_some(), "{bad}");
        }
    }
}
