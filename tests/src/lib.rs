//! Harness shared by the stories and journeys.
