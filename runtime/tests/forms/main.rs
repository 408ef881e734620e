//! Forms of models on every database, and forms over HTTP.

mod models;
mod saving;
mod views;
mod web;
