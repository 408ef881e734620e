//! The plugins that every project has.

use crate::site::{Mount, RegisteredPlugin};

/// Ours, and those that other crates registered for whoever links them, sorted by name.
pub(super) fn plugins() -> Vec<Mount> {
    let registered = inventory::iter::<RegisteredPlugin>().map(|registered| (registered.make)());
    let mut mounts: Vec<_> = registered.map(|plugin| Mount { prefix: None, plugin }).collect();
    mounts.sort_by_key(|mount| mount.plugin.name());
    mounts
}

/// Whether a plugin registered itself, rather than being written down by the project.
pub(super) fn is_linked(name: &str) -> bool {
    plugins().iter().any(|mount| mount.plugin.name() == name)
}
