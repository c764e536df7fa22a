//! The network: group bots and webhooks that carry alerts to people who are away from their desks, and the keyring
//! that keeps their secrets. Nothing here connects to anything until a person has configured a bot.

pub mod bots;
pub mod secrets;
