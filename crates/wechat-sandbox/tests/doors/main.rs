//! The sandbox at its doors: real HTTP on a free port, and a hub that does as it is told.

mod allowance;
mod authorization;
mod control;
mod faults;
mod keeping;
mod media;
mod menus;
mod passive;
mod pushes;
mod quotas;
mod stage;
mod tags;
mod tokens;
mod users;
