//! Owners for new tickets: by cause and risk, among those on shift, whoever carries least (product.md, "Who does what
//! by cause").

use crate::{
    App, Result,
    dto::{AssignmentRow, AssignmentSave, Tag},
    journal, revision,
    shifts::Roll,
    tickets::Happening,
    views,
};
use amends_domain::{Cause, Department, PersonId, Risk, sla::event::EventKind};
use amends_store::{Store, TicketRow};
use std::collections::HashMap;

/// Why the log says the person got it.
const RULE: &str = "cause_and_load";

/// What everybody carries, counted on while a pass hands out.
pub(crate) struct Loads {
    open: HashMap<String, i64>,
    table: Table,
}

impl Loads {
    /// Open tickets per owner; nothing is read when nothing will be handed out.
    pub async fn read(store: &Store, wanted: bool) -> Result<Self> {
        let table = Table::load(store).await?;
        let loads = if wanted {
            store.loads(i64::MIN).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            open: loads
                .into_iter()
                .filter_map(|load| Some((load.owner_id?, load.open)))
                .collect(),
            table,
        })
    }

    /// Whom a new ticket goes to; none while nobody is there.
    pub fn choose(&mut self, row: &TicketRow, roll: &Roll) -> Option<Happening> {
        let department = self
            .table
            .department(&views::words_of(&row.causes), &views::words_of(&row.risks));
        let on_shift = roll.on_shift();
        let of = |department: Department| -> Vec<&String> {
            let there = on_shift.iter();
            there
                .filter(|person| roll.department_of(person) == Some(department))
                .collect()
        };
        // Where nobody of the department is there, the desk takes it (of what is grave first whoever leads the desk),
        // and where nobody is at the desk, whoever is there.
        let instead = match department {
            Department::Management => Department::Service,
            _ => Department::Desk,
        };
        let candidates = [
            of(department),
            of(instead),
            of(Department::Desk),
            on_shift.iter().collect(),
        ]
        .into_iter()
        .find(|people| !people.is_empty())?;
        let person = candidates
            .into_iter()
            .min_by_key(|person| (self.open.get(*person).copied().unwrap_or(0), (*person).clone()))?
            .clone();
        *self.open.entry(person.clone()).or_insert(0) += 1;
        Some(Happening::now(EventKind::Assigned {
            to: PersonId(person),
            rule: Some(RULE.to_owned()),
            department: Some(department.to_string()),
        }))
    }
}

/// Setting: which department a cause goes to, as JSON.
const TABLE: &str = "assignment";

/// Which department each cause goes to.
#[derive(Debug, Clone)]
pub(crate) struct Table(Vec<AssignmentRow>);

impl Table {
    pub async fn load(store: &Store) -> Result<Self> {
        let said: Vec<AssignmentRow> = match store.setting(TABLE).await? {
            Some(text) => serde_json::from_str(&text)?,
            None => Vec::new(),
        };
        let department = |cause: Cause| {
            let row = said.iter().find(|row| row.cause == cause);
            row.map_or_else(|| Department::of(cause), |row| row.department)
        };
        let rows = Cause::ALL.iter().map(|cause| AssignmentRow {
            cause: *cause,
            department: department(*cause),
        });
        Ok(Self(rows.collect()))
    }

    /// Health, people, law and media outrank every cause: the head of the house answers for them.
    fn department(&self, causes: &[Cause], risks: &[Risk]) -> Department {
        let grave = [Risk::Health, Risk::Injury, Risk::Legal, Risk::Media];
        if risks.iter().any(|risk| grave.contains(risk)) {
            return Department::Management;
        }
        let main = causes.first();
        main.and_then(|cause| self.0.iter().find(|row| row.cause == *cause))
            .map_or(Department::Desk, |row| row.department)
    }
}

/// Which department each cause goes to.
///
/// # Errors
/// `store`.
pub async fn table(app: &App) -> Result<Vec<AssignmentRow>> {
    Ok(Table::load(&app.store()).await?.0)
}

/// Changes that for tickets that come from now on.
///
/// # Errors
/// `conflict` when one of the changed rows was changed by somebody else meanwhile; `store`.
pub async fn save_table(app: &App, input: &AssignmentSave) -> Result<Vec<AssignmentRow>> {
    let (store, now_ms) = (app.store(), app.now());
    let mut tx = store.begin().await?;
    tx.hold(revision::SAVING).await?;
    let mut rows = Table::load(&store).await?.0;
    for row in &mut rows {
        let of = |table: &[AssignmentRow]| table.iter().find(|other| other.cause == row.cause).cloned();
        let (wanted, seen) = (of(&input.rows), of(&input.made_from));
        if let Some(wanted) = wanted.filter(|wanted| Some(wanted) != seen.as_ref()) {
            revision::must_be_current(&seen.as_ref(), &Some(&*row))?;
            *row = wanted;
        }
    }
    tx.set_setting(TABLE, &serde_json::to_string(&rows)?).await?;
    let actor = app.actor_id();
    let actor = actor.as_ref().map(PersonId::as_str);
    journal::workspace_entry(
        &mut tx,
        "assignment_changed",
        serde_json::json!({ "to": rows }),
        actor,
        now_ms,
    )
    .await?;
    tx.log_change("workspace", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Workspace]);
    table(app).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> Table {
        Table(
            Cause::ALL
                .iter()
                .map(|cause| AssignmentRow {
                    cause: *cause,
                    department: Department::of(*cause),
                })
                .collect(),
        )
    }

    #[test]
    fn a_complaint_goes_to_whom_its_main_cause_and_its_risks_name() {
        let table = usual();
        for (causes, risks, department) in [
            (&[Cause::Service][..], &[][..], Department::Service),
            (&[Cause::Service], &[Risk::Legal], Department::Management),
            (&[Cause::Hygiene], &[], Department::Management),
            (
                &[Cause::Quality, Cause::Service],
                &[Risk::Fraud],
                Department::Quality,
            ),
            (&[Cause::Fulfilment], &[], Department::Logistics),
            (&[Cause::Mismatch], &[], Department::Marketing),
            (&[], &[], Department::Desk),
        ] {
            assert_eq!(
                table.department(causes, risks),
                department,
                "{causes:?} {risks:?}"
            );
        }
    }
}
