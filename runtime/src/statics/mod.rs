//! Static files: inside the binary, under names that hold the hash of their content.

mod files;
mod kind;
mod media;
mod serve;

pub use files::StaticFiles;
#[doc(hidden)]
pub use include_dir;
pub(crate) use media::serve_media;
pub(crate) use serve::serve;

/// A folder in the binary. Made by `nuages::static_dir!("$CARGO_MANIFEST_DIR/static")`.
pub type StaticDir = &'static include_dir::Dir<'static>;

/// Puts a folder into the binary: `app().with_static(nuages::static_dir!("$CARGO_MANIFEST_DIR/static"))`.
#[macro_export]
macro_rules! static_dir {
    ($path:tt) => {{
        // What `include_dir!` writes names the crate `include_dir`, which only we depend on.
        use $crate::statics::include_dir;
        static FOLDER: include_dir::Dir<'static> = include_dir::include_dir!($path);
        &FOLDER
    }};
}
