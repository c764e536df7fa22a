//! The deadline engine: (event log, policy versions, calendar versions, now) → clocks, each with its reasons.
//!
//! Everything here is a pure function, to the letter of `sla.md` (rules R1–R27). The parts:
//! [`event`] is the catalogue of what can happen to a ticket, [`calendar`] says when people work, [`policy`] what
//! is promised, [`engine`] turns them into [`engine::Clock`]s.

pub mod alerts;
pub mod calendar;
pub mod engine;
pub mod event;
pub mod holidays;
pub mod policy;
pub mod scenario;
pub mod why;
pub mod workflow;

pub use calendar::{Calendar, CalendarError, CalendarSpec, CalendarVersion, Calendars};
pub use engine::{Clock, ClockState, clocks, opening_clocks};
pub use event::{Event, EventKind, Metric, Subject, TicketStatus};
pub use policy::{Policies, Policy, PolicyVersion, StartAt};
