//! What `#[field(…)]` says of a column that holds files.

use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path};

use crate::attr::item::comma_list;
use crate::attr::{Options, Set};
use crate::message;
use crate::symbol::field as words;

/// What `#[field(…)]` said of a column that holds files.
#[derive(Clone, Debug)]
pub struct FileAttr {
    /// The folder of new files.
    pub upload_to: Option<Set<UploadTo>>,
    /// The most bytes.
    pub max_size: Option<Set<u64>>,
    /// The endings that names may have.
    pub extensions: Option<Set<Vec<LitStr>>>,
    /// The field that takes the width of the image.
    pub width_field: Option<Set<Ident>>,
    /// The field that takes the height of the image.
    pub height_field: Option<Set<Ident>>,
}

/// `upload_to = "covers/%Y"` or `upload_to = path::to::function`
#[derive(Clone, Debug)]
pub enum UploadTo {
    /// A folder.
    Folder(LitStr),
    /// A function from the client's name to the stored one.
    Function(Path),
}

impl FileAttr {
    pub(crate) fn read(options: &mut Options<'_>) -> Self {
        Self {
            upload_to: upload_to(options),
            max_size: options.number(words::MAX_SIZE),
            extensions: options.list(words::EXTENSIONS, comma_list),
            width_field: field(options, words::WIDTH_FIELD),
            height_field: field(options, words::HEIGHT_FIELD),
        }
    }

    /// The words that were given.
    pub fn keys(&self) -> impl Iterator<Item = &Ident> {
        let sizes = [&self.width_field, &self.height_field];
        let upload_to = self.upload_to.iter().map(|set| &set.key);
        upload_to
            .chain(self.max_size.iter().map(|set| &set.key))
            .chain(self.extensions.iter().map(|set| &set.key))
            .chain(sizes.into_iter().flatten().map(|set| &set.key))
    }
}

fn upload_to(options: &mut Options<'_>) -> Option<Set<UploadTo>> {
    let Set { key, value: expr } = options.expr(words::UPLOAD_TO)?;
    let value = match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(folder), .. }) => UploadTo::Folder(folder),
        Expr::Path(path) if path.qself.is_none() => UploadTo::Function(path.path),
        _ => {
            options.errors.at(&key, message::usage(words::UPLOAD_TO));
            return None;
        }
    };
    Some(Set { key, value })
}

/// The name of another field.
fn field(options: &mut Options<'_>, word: crate::symbol::Word) -> Option<Set<Ident>> {
    let Set { key, value: path } = options.path(word)?;
    match path.get_ident() {
        Some(name) => Some(Set { key, value: name.clone() }),
        None => {
            options.errors.at(&path, message::usage(word));
            None
        }
    }
}
