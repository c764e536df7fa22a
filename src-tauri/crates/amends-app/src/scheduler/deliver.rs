//! Who hears an alert: the ladder, the roster, and who stands in for whom (sla.md R20, R21).

use super::rules::AlertRules;
use crate::{Result, dto::AlertLevel, shifts::Roll};
use amends_domain::{
    Role,
    sla::{
        Metric,
        alerts::{Duty, Recipient, route_to},
    },
};
use amends_store::{AlertRow, BotRow, DeliveryRow, Tx};

/// An alert that rings, and for whom.
pub(super) struct Reached {
    pub alert: AlertRow,
    pub level: AlertLevel,
    pub people: Vec<String>,
    /// The ticket's owner, who may lose it by silence.
    pub owner: Option<String>,
}

/// Everything that decides who hears an alert, read once per pass.
pub(super) struct Ring {
    pub rules: AlertRules,
    pub roll: Roll,
    pub bots: Vec<BotRow>,
    pub now_ms: i64,
}

impl Ring {
    /// The people whom a level of a ticket with this owner reaches; never nobody.
    pub fn people(&self, metric: Option<Metric>, level: AlertLevel, owner: Option<&str>) -> Vec<String> {
        let wanted = self.rules.recipients(metric, level);
        let owner = owner.filter(|owner| self.roll.is_active(owner));
        let duty = Duty {
            assignee: owner.is_some_and(|owner| self.roll.is_on_shift(owner)),
            anyone: !self.roll.on_shift().is_empty(),
            on_call: self.roll.on_call.is_some(),
        };
        let mut people: Vec<String> = Vec::new();
        for recipient in route_to(&wanted, duty) {
            for person in self.who(recipient, owner) {
                if !people.contains(&person) {
                    people.push(person);
                }
            }
        }
        if people.is_empty() {
            // A workspace without people: whoever sits at the desk.
            people.push(String::new());
        }
        people
    }

    fn who(&self, recipient: Recipient, owner: Option<&str>) -> Vec<String> {
        let on_shift = || self.roll.on_shift().to_vec();
        match recipient {
            Recipient::Assignee => match owner.filter(|owner| self.roll.is_on_shift(owner)) {
                Some(owner) => vec![owner.to_owned()],
                None => on_shift(),
            },
            Recipient::OnCall => self.roll.on_call.iter().cloned().collect(),
            Recipient::Approver | Recipient::Supervisor => {
                self.roll.lead(&[Role::Supervisor, Role::Manager, Role::Admin])
            }
            Recipient::Manager => self.roll.lead(&[Role::Manager, Role::Admin, Role::Supervisor]),
        }
    }

    /// Puts alerts on people's desks, and into the mouths of the bots that speak of their levels.
    pub async fn deliver(&self, tx: &mut Tx, reached: &[Reached]) -> Result<()> {
        let rows: Vec<DeliveryRow> = reached
            .iter()
            .flat_map(|reached| reached.people.iter().map(|person| self.delivery(reached, person)))
            .collect();
        tx.deliver(&rows).await?;
        let mut said = Vec::new();
        for bot in &self.bots {
            for reached in reached {
                let (alert, level) = (&reached.alert, reached.level);
                said.extend(crate::bots::message(
                    bot,
                    alert,
                    level,
                    self.now_ms,
                    self.roll.zone,
                )?);
            }
        }
        Ok(tx.add_bot_messages(&said).await?)
    }

    fn delivery(&self, reached: &Reached, person: &str) -> DeliveryRow {
        let is_owner = reached.owner.as_deref() == Some(person);
        let can_lose_it = is_owner && self.rules.take_back_secs > 0 && self.roll.takers() > 1;
        DeliveryRow {
            alert_id: reached.alert.id.clone(),
            person_id: person.to_owned(),
            state: "pending".to_owned(),
            made_at: self.now_ms,
            ring_at: Some(self.now_ms),
            rung_at: None,
            seen_at: None,
            snoozed_until: None,
            take_back_at: can_lose_it.then(|| self.now_ms + i64::from(self.rules.take_back_secs) * 1000),
        }
    }
}
