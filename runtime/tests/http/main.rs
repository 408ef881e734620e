//! The web layer, through the router and through the real accept loop.

mod accept;
mod client;
mod pages;
mod project;
mod routes;
mod site;
mod stack;
