//! How definitions are kept for those who change them in the browser: the product's files, the
//! folder of overlays that is the truth where there is one, the backup before tables change.

use crate::console::{Console, Progress};
use crate::failure::{Result, Text};
use crate::host::{Host, Watch};
use crate::product::product;
use crate::settings::Settings;
use engine::definitions::{Keeper, Product, Steps};
use model::Language;
use store::Database;
use store::sync::Plan;

struct Kept {
    settings: Settings,
    database: Database,
}

/// Lets definitions be changed in the browser.
pub fn keep(host: &Host) {
    let (settings, database) = (host.settings.clone(), host.engine.database().clone());
    host.engine.keep_definitions_with(std::sync::Arc::new(Kept { settings, database }));
}

impl Keeper for Kept {
    fn product(&self) -> Product<'_> {
        product()
    }

    fn keeps_files(&self) -> bool {
        self.settings.data.join("overlays").is_dir()
    }

    fn before(&self, plan: &Plan) -> std::result::Result<(), engine::Error> {
        Watch::new(&self.settings, &self.database, &mut Log).before(plan)
    }
}

/// Nobody sits at this console: what is to know stands in the log.
struct Log;

impl Console for Log {
    fn language(&self) -> Language {
        Language::EN
    }

    fn json(&self) -> bool {
        false
    }

    fn bytes(&mut self, _bytes: &[u8]) -> Result<()> {
        Ok(())
    }

    fn say(&mut self, line: &str) -> Result<()> {
        tracing::info!("{line}");
        Ok(())
    }

    fn progress(&mut self, _progress: &Progress) {}

    fn note(&mut self, text: &Text) {
        tracing::info!("{}", text.in_language(Language::EN));
    }

    fn input(&mut self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
}
