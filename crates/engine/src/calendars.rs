//! Reading the calendars that clocks name: the record with the code, the holiday lists it links,
//! their days. What was read is kept until such a record changes.

use crate::clock::calendar::{CalendarSource, HolidaySource, ServiceCalendar, build};
use crate::clock::calendars::{EPOCH, LookUp};
use crate::engine::Engine;
use crate::reader::Reader;
use crate::refusal::Result;
use model::expression::LinkEnd;
use model::{Key, Value};
use std::sync::Arc;
use store::core::setting;

/// How many days the lists of one calendar may hold together.
const DAYS: usize = 20_000;

impl Engine {
    /// The calendar with this code; none where there is none, or where it has faults (which are
    /// logged; the clock then keeps its events and is computed once the calendar is mended).
    pub(crate) fn service_calendar(
        &self,
        reader: &Reader,
        code: &str,
    ) -> Result<Option<Arc<ServiceCalendar>>> {
        self.look_at_epoch(reader)?;
        let leave = match self.calendars().look_up(code) {
            LookUp::Found(calendar) => return Ok(calendar),
            LookUp::Missing(leave) => leave,
        };
        let calendar = read(reader, code)?;
        let epoch = setting::number(reader.snapshot, EPOCH)?;
        Ok(self.calendars().keep(code, (leave, epoch), calendar))
    }

    /// Another process may have written what calendars are made of.
    fn look_at_epoch(&self, reader: &Reader) -> Result<()> {
        if self.calendars().is_due(self.now()) {
            self.calendars().seen(setting::number(reader.snapshot, EPOCH)?);
        }
        Ok(())
    }
}

fn read(reader: &Reader, code: &str) -> Result<Option<ServiceCalendar>> {
    let bound = reader.catalogue.binding("calendar");
    let (Some(source), Some(binding)) = (source(reader, code)?, bound) else { return Ok(None) };
    let built = build(&source, binding, reader.catalogue.binding("holiday"));
    let faulty = |faults: &_| {
        tracing::warn!(code, ?faults, "a calendar has faults; its clocks show no figures");
    };
    Ok(built.inspect_err(faulty).ok())
}

fn source(reader: &Reader, code: &str) -> Result<Option<CalendarSource>> {
    let catalogue = reader.catalogue;
    let bound = catalogue.bound("calendar").zip(catalogue.part("calendar", "code"));
    let Some((definition, field)) = bound else { return Ok(None) };
    let found = reader.find(definition, field, &Value::text(code), 1)?;
    let Some(key) = found.first().copied() else { return Ok(None) };
    let Some(record) = reader.record(definition, key)? else { return Ok(None) };
    Ok(Some(CalendarSource {
        key,
        version: record.version,
        values: record.values.clone(),
        holidays: holidays(reader, key)?,
    }))
}

fn holidays(reader: &Reader, calendar: Key) -> Result<Vec<HolidaySource>> {
    let catalogue = reader.catalogue;
    let link = catalogue
        .bound("calendar")
        .and_then(|definition| definition.links.get(catalogue.part("calendar", "holiday_lists")?));
    let bound = catalogue.bound("holiday").zip(catalogue.part("holiday", "list"));
    let (Some(link), Some((definition, list))) = (link, bound) else { return Ok(Vec::new()) };
    let (from, other) = (link.declared_by.clone(), link.to.clone());
    let end = LinkEnd { from, link: link.name.clone(), inverse: false, other };
    let mut out = Vec::new();
    for key in reader.linked(&end, &[calendar])? {
        let days = reader.find(definition, list, &Value::Reference(key), DAYS)?;
        reader.fetch(definition, &days)?;
        for day in days {
            if let Some(record) = reader.record(definition, day)? {
                out.push(HolidaySource { key: day, values: record.values.clone() });
            }
        }
    }
    Ok(out)
}
