//! The rows of the settings.

use kit::{Error, TenantId, Work, sql};
use store::{FromRow, Tx};

use super::{FrequencyCap, QuietHours, ReachSettings};
use crate::people::TimeZone;

#[derive(FromRow)]
struct Row {
    quiet_from: Option<i64>,
    quiet_until: Option<i64>,
    quiet_service: bool,
    cap_messages: Option<i64>,
    cap_days: Option<i64>,
}

impl Row {
    fn settings(self, tenant: i64) -> Result<ReachSettings, Error> {
        let small = |value: i64| {
            u32::try_from(value).map_err(|_| Error::broken("reach_settings", tenant, "a number makes no sense"))
        };
        let quiet_hours = match self.quiet_from.zip(self.quiet_until) {
            Some((from, until)) => {
                Some(QuietHours { from: small(from)?, until: small(until)?, service_too: self.quiet_service })
            }
            None => None,
        };
        let frequency_cap = match self.cap_messages.zip(self.cap_days) {
            Some((messages, days)) => Some(FrequencyCap { messages: small(messages)?, days: small(days)? }),
            None => None,
        };
        Ok(ReachSettings { quiet_hours, frequency_cap })
    }
}

/// The tenant's.
pub async fn read(work: &mut Work) -> Result<ReachSettings, Error> {
    let query = sql("select quiet_from, quiet_until, quiet_service, cap_messages, cap_days from reach_settings
         where tenant_id = ?")
    .bind(work.tenant());
    let row: Option<Row> = work.one(query).await?;
    row.map_or(Ok(ReachSettings::default()), |row| row.settings(work.tenant().0))
}

/// The same with the tenant's zone, for the sender.
pub async fn found_in(tx: &Tx, tenant: TenantId) -> Result<(ReachSettings, TimeZone), Error> {
    let query = sql("select quiet_from, quiet_until, quiet_service, cap_messages, cap_days from reach_settings
         where tenant_id = ?")
    .bind(tenant);
    let row: Option<Row> = tx.one(query).await?;
    let settings = row.map_or(Ok(ReachSettings::default()), |row| row.settings(tenant.0))?;
    let zone: Option<String> = tx.scalar(sql("select time_zone from tenants where id = ?").bind(tenant)).await?;
    let zone = zone.ok_or(Error::NotFound)?;
    Ok((settings, TimeZone::try_from(zone).map_err(|why| Error::broken("tenants", tenant.0, why))?))
}

/// Writes them, in the name of `by`.
pub async fn write(work: &mut Work, settings: &ReachSettings, by: &str) -> Result<(), Error> {
    let quiet = settings.quiet_hours;
    let cap = settings.frequency_cap;
    let query = sql("insert into reach_settings (tenant_id, quiet_from, quiet_until, quiet_service, cap_messages, cap_days, changed_by, changed_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (tenant_id) do update set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
           quiet_service = excluded.quiet_service, cap_messages = excluded.cap_messages, cap_days = excluded.cap_days,
           changed_by = excluded.changed_by, changed_at = excluded.changed_at")
        .bind(work.tenant())
        .bind(quiet.map(|quiet| i64::from(quiet.from)))
        .bind(quiet.map(|quiet| i64::from(quiet.until)))
        .bind(quiet.is_some_and(|quiet| quiet.service_too))
        .bind(cap.map(|cap| i64::from(cap.messages)))
        .bind(cap.map(|cap| i64::from(cap.days)))
        .bind(by)
        .bind(work.now());
    work.execute(query).await?;
    Ok(())
}
