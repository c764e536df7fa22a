//! Owners for new tickets: by cause and risk, among those on shift, whoever carries least (product.md, "Who does what
//! by cause").

use crate::{Result, shifts::Roll, tickets::Happening, views};
use amends_domain::{Cause, PersonId, Risk, Role, sla::event::EventKind};
use amends_store::{Store, TicketRow};
use std::collections::HashMap;

/// Why the log says the person got it.
const RULE: &str = "cause_and_load";

/// What everybody carries, counted on while a pass hands out.
pub(crate) struct Loads(HashMap<String, i64>);

impl Loads {
    /// Open tickets per owner; nothing is read when nothing will be handed out.
    pub async fn read(store: &Store, wanted: bool) -> Result<Self> {
        if !wanted {
            return Ok(Self(HashMap::new()));
        }
        let loads = store.loads(i64::MIN).await?;
        Ok(Self(
            loads
                .into_iter()
                .filter_map(|load| Some((load.owner_id?, load.open)))
                .collect(),
        ))
    }

    /// Whom a new ticket goes to; none while nobody is there.
    pub fn choose(&mut self, row: &TicketRow, roll: &Roll) -> Option<Happening> {
        let department = department(&views::words_of(&row.causes), &views::words_of(&row.risks));
        let on_shift = roll.on_shift();
        let of_department: Vec<&String> = on_shift
            .iter()
            .filter(|person| {
                roll.role_of(person)
                    .is_some_and(|role| department.roles().contains(&role))
            })
            .collect();
        // Where nobody of the department is there, whoever is takes it.
        let candidates = if of_department.is_empty() {
            on_shift.iter().collect()
        } else {
            of_department
        };
        let person = candidates
            .into_iter()
            .min_by_key(|person| (self.0.get(*person).copied().unwrap_or(0), (*person).clone()))?
            .clone();
        *self.0.entry(person.clone()).or_insert(0) += 1;
        Some(Happening::now(EventKind::Assigned {
            to: PersonId(person),
            rule: Some(RULE.to_owned()),
            department: Some(department.word().to_owned()),
        }))
    }
}

/// Who is to see to a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Department {
    /// Health, hygiene, law, media: the head of the house.
    Management,
    /// Bad service: the supervisor apologises in person.
    Service,
    /// Everything else begins at the desk.
    Desk,
}

impl Department {
    const fn word(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::Service => "service",
            Self::Desk => "desk",
        }
    }

    const fn roles(self) -> &'static [Role] {
        match self {
            Self::Management => &[Role::Manager, Role::Supervisor],
            Self::Service => &[Role::Supervisor],
            Self::Desk => &[Role::Agent],
        }
    }
}

fn department(causes: &[Cause], risks: &[Risk]) -> Department {
    let grave = [Risk::Health, Risk::Injury, Risk::Legal, Risk::Media];
    match causes.first() {
        _ if risks.iter().any(|risk| grave.contains(risk)) => Department::Management,
        Some(Cause::Hygiene) => Department::Management,
        Some(Cause::Service) => Department::Service,
        _ => Department::Desk,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_goes_to_whom_its_cause_and_risks_name() {
        assert_eq!(department(&[Cause::Service], &[]), Department::Service);
        assert_eq!(
            department(&[Cause::Service], &[Risk::Legal]),
            Department::Management
        );
        assert_eq!(department(&[Cause::Hygiene], &[]), Department::Management);
        assert_eq!(
            department(&[Cause::Quality, Cause::Service], &[Risk::Fraud]),
            Department::Desk
        );
        assert_eq!(department(&[], &[]), Department::Desk);
    }
}
