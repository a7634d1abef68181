//! The harm a change does: an incident soon after it, linked to the change that caused it.

use super::changes::{Ask, manager};
use super::stage::Stage;
use super::time::MINUTE;
use super::{incidents, problems};
use engine::Result;
use std::sync::Arc;

/// An incident some minutes after a change that went wrong; the change manager links it.
pub fn after(stage: &mut Stage, ask: &Ask) -> Result<()> {
    let texts = stage.texts.clone();
    let story = texts.harm.iter().find(|story| story.team == ask.request.team);
    let Some(story) = story.or(texts.harm.first()).cloned() else { return Ok(()) };
    let story = super::texts::Story { service: ask.request.service.clone(), ..story };
    let (ask, at) = (ask.clone(), stage.at() + stage.dice.between(12, 95) * MINUTE);
    stage.later(at, move |stage| {
        let slots = [("change", &*ask.summary)];
        let made = incidents::open(stage, Arc::new(story), ask.house, true, &slots)?;
        let Some(case) = made else { return Ok(()) };
        let lead = manager(stage, ask.house);
        stage.link(&lead, ask.record, "caused", case.record.key)?;
        if stage.dice.happens(55) { problems::after_change(stage, &case) } else { Ok(()) }
    });
    Ok(())
}
