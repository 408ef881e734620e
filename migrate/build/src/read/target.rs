//! Where the source of a crate starts.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The target whose models are read: the library, or the program where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The package's name with `-` as `_`: the app's label unless `app!` says another.
    pub label: String,
    /// The name that `module_path!()` starts with.
    pub name: String,
    /// The folder of the manifest, which paths in messages start from.
    pub folder: PathBuf,
    /// The first file.
    pub root: PathBuf,
}

#[derive(Deserialize)]
struct Manifest {
    package: Package,
    lib: Option<Product>,
    #[serde(default)]
    bin: Vec<Product>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

#[derive(Deserialize)]
struct Product {
    name: Option<String>,
    path: Option<PathBuf>,
}

impl Target {
    /// Finds it from the manifest in `folder`.
    ///
    /// # Errors
    /// In words, when the manifest cannot be read or there is neither library nor program.
    pub fn find(folder: &Path) -> Result<Self, String> {
        let path = folder.join("Cargo.toml");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let manifest: Manifest =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let own = identifier(&manifest.package.name);
        let found = |product: Option<&Product>, usual: &str| {
            let path = product.and_then(|product| product.path.as_deref()).unwrap_or(Path::new(usual));
            let name =
                product.and_then(|product| product.name.as_deref()).map_or_else(|| own.clone(), identifier);
            let root = folder.join(path);
            root.is_file().then(|| Self { label: own.clone(), name, folder: folder.to_owned(), root })
        };
        found(manifest.lib.as_ref(), "src/lib.rs")
            .or_else(|| found(manifest.bin.first(), "src/main.rs"))
            .ok_or_else(|| format!("{} has neither `src/lib.rs` nor `src/main.rs`", folder.display()))
    }
}

fn identifier(name: &str) -> String {
    name.replace('-', "_")
}
