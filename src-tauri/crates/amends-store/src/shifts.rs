//! Shifts, the roster, on call, absences, hand-over notes.

use crate::{AbsenceRow, HandoverRow, Result, RosterRow, ShiftRow, Store, Tx};

impl Store {
    /// Shifts of the day in their order.
    pub async fn shifts(&self) -> Result<Vec<ShiftRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from shift order by place, id").fetch_all(pool).await?)
        })
    }

    /// Who works when, on dates from `from` to `to`.
    pub async fn roster(&self, from: &str, to: &str) -> Result<Vec<RosterRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from roster where day >= $1 and day <= $2 order by day, shift_id, person_id")
                .bind(from).bind(to).fetch_all(pool).await?)
        })
    }

    /// Who is on call, as date and person.
    pub async fn on_call(&self, from: &str, to: &str) -> Result<Vec<(String, String)>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select day, person_id from on_call where day >= $1 and day <= $2 order by day")
                .bind(from).bind(to).fetch_all(pool).await?)
        })
    }

    /// Absences that end on or after a date.
    pub async fn absences(&self, from: &str) -> Result<Vec<AbsenceRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from absence where to_day >= $1 order by from_day, id").bind(from).fetch_all(pool).await?)
        })
    }

    /// The newest hand-over note.
    pub async fn handover(&self) -> Result<Option<HandoverRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from handover order by at desc, id desc limit 1").fetch_optional(pool).await?)
        })
    }
}

impl Tx {
    /// Replaces the shifts of the day; one left out goes with its places in the roster.
    pub async fn replace_shifts(&mut self, rows: &[ShiftRow]) -> Result<()> {
        let known: Vec<String> = on_tx!(self, Database, conn => {
            sqlx::query_scalar("select id from shift").fetch_all(&mut *conn).await?
        });
        for id in known.iter().filter(|id| rows.iter().all(|row| row.id != **id)) {
            on_tx!(self, Database, conn => {
                sqlx::query("delete from roster where shift_id = $1").bind(id).execute(&mut *conn).await?;
                sqlx::query("delete from shift where id = $1").bind(id).execute(&mut *conn).await?;
            });
        }
        for row in rows {
            on_tx!(self, Database, conn => {
                sqlx::query(
                    "insert into shift (id, name, opens_min, closes_min, color, place) values ($1, $2, $3, $4, $5, $6)
                     on conflict (id) do update set name = excluded.name, opens_min = excluded.opens_min,
                       closes_min = excluded.closes_min, color = excluded.color, place = excluded.place")
                    .bind(&row.id).bind(&row.name).bind(row.opens_min).bind(row.closes_min).bind(row.color).bind(row.place)
                    .execute(&mut *conn).await?;
            });
        }
        Ok(())
    }

    /// Who works a shift on a date; replaces who did.
    pub async fn set_roster(&mut self, day: &str, shift: &str, people: &[String]) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("delete from roster where day = $1 and shift_id = $2").bind(day).bind(shift).execute(&mut *conn).await?;
        });
        for person in people {
            on_tx!(self, Database, conn => {
                sqlx::query("insert into roster (day, shift_id, person_id) values ($1, $2, $3) on conflict do nothing")
                    .bind(day).bind(shift).bind(person).execute(&mut *conn).await?;
            });
        }
        Ok(())
    }

    /// Empties the roster and the on-call list from a date to another.
    pub async fn clear_roster(&mut self, from: &str, to: &str) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("delete from roster where day >= $1 and day <= $2").bind(from).bind(to).execute(&mut *conn).await?;
            sqlx::query("delete from on_call where day >= $1 and day <= $2").bind(from).bind(to).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Who is on call on a date; none clears it.
    pub async fn set_on_call(&mut self, day: &str, person: Option<&str>) -> Result<()> {
        on_tx!(self, Database, conn => {
            match person {
                Some(person) => sqlx::query(
                    "insert into on_call (day, person_id) values ($1, $2) on conflict (day) do update set person_id = excluded.person_id")
                    .bind(day).bind(person).execute(&mut *conn).await?,
                None => sqlx::query("delete from on_call where day = $1").bind(day).execute(&mut *conn).await?,
            };
        });
        Ok(())
    }

    /// Somebody will be away.
    pub async fn add_absence(&mut self, row: &AbsenceRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("insert into absence (id, person_id, from_day, to_day, note) values ($1, $2, $3, $4, $5)")
                .bind(&row.id).bind(&row.person_id).bind(&row.from_day).bind(&row.to_day).bind(&row.note)
                .execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Somebody will not be away after all. False when there was no such absence.
    pub async fn remove_absence(&mut self, id: &str) -> Result<bool> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query("delete from absence where id = $1").bind(id).execute(&mut *conn).await?.rows_affected() == 1)
        })
    }

    /// Keeps a hand-over note.
    pub async fn add_handover(&mut self, row: &HandoverRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("insert into handover (id, person_id, at, body) values ($1, $2, $3, $4)")
                .bind(&row.id).bind(&row.person_id).bind(row.at).bind(&row.body).execute(&mut *conn).await?;
        });
        Ok(())
    }
}
