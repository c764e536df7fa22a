//! A ticket whose assignee stays silent after a warning goes back to everybody on shift.

use super::{bell, deliver::Ring, rules::AlertRules};
use crate::{App, Result, dto::Tag, journal, shifts, tickets, views, workspace};
use amends_domain::{
    PersonId,
    sla::{Event, event::EventKind},
};
use amends_store::RingRow;

/// Why the log says the ticket has no owner any more.
const SILENT: &str = "silent_assignee";

/// Takes tickets back from assignees who were warned and did nothing since.
pub(super) async fn run(app: &App) -> Result<()> {
    let (store, now_ms) = (app.store(), app.now());
    let due = store.due_take_backs(now_ms).await?;
    if due.is_empty() {
        return Ok(());
    }
    let settings = workspace::settings(&store).await?;
    let ring = Ring {
        rules: AlertRules::load(&store).await?,
        roll: shifts::roll(&store, &settings.zone, now_ms).await?,
        bots: Vec::new(),
        now_ms,
    };
    let ids: Vec<String> = due.iter().map(|row| row.ticket_id.clone()).collect();
    let logs = store.logs_of(&ids).await?;
    let rules = app.rules();
    for row in due {
        let log = journal::events(logs.get(&row.ticket_id).map_or(&[][..], Vec::as_slice))?;
        let silent = row.open
            && row.owner_id.as_deref() == Some(&row.person_id)
            && row.acknowledged_at.is_none()
            && !has_acted(&log, &row)
            && bell::is_owed_still(&log, &rules, &row, now_ms);
        // The others on shift; where nobody else is there, taking it away would help nobody.
        let mut others = ring.people(None, crate::dto::AlertLevel::NewUrgent, None);
        others.retain(|person| *person != row.person_id && !person.is_empty());
        let mut tx = store.begin().await?;
        tx.clear_take_back(&row.alert_id, &row.person_id).await?;
        if silent && !others.is_empty() {
            let happened = tickets::Happening::now(EventKind::Unassigned {
                reason: Some(SILENT.to_owned()),
            });
            tickets::record(app, &mut tx, &row.ticket_id, vec![happened], None, now_ms).await?;
            if let Some(alert) = store
                .alerts_by_id(std::slice::from_ref(&row.alert_id))
                .await?
                .first()
            {
                let level = views::unword(&alert.level)?;
                ring.deliver(&mut tx, alert, level, &others, None).await?;
            }
        }
        tx.log_change("alerts inbox ticket", now_ms).await?;
        tx.commit().await?;
    }
    app.changed(&[Tag::Alerts, Tag::Inbox, Tag::Ticket]);
    Ok(())
}

/// The assignee has done something on the ticket since the warning.
fn has_acted(log: &[Event], row: &RingRow) -> bool {
    let person = PersonId(row.person_id.clone());
    log.iter()
        .any(|event| event.actor.as_ref() == Some(&person) && event.recorded_ms >= row.made_at)
}
