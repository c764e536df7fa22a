//! Harness shared by the stories and journeys: throw-away databases, a desktop nobody sees, invented exports.

pub mod accessibility;
pub mod desk;
pub mod desktop;
pub mod exports;
pub mod notifications;
pub mod postgres;
pub mod programs;
pub mod robots;
pub mod steps;
pub mod tray;
pub mod window;
