//! Going on with the definitions that another process brought into force.

use super::{Product, Unfit, load_files};
use crate::catalogue::Catalogue;
use crate::engine::Engine;
use store::core::definition;

impl Engine {
    /// Puts the version that is in force in the database into force here, where it is another one;
    /// whether it was. Nothing is written and no table is touched: who activated it did that.
    ///
    /// # Errors
    /// [`Unfit`] where this program cannot work with it; it goes on with what it has.
    pub fn follow(&self, product: &Product) -> Result<bool, Unfit> {
        let Some(active) = definition::active(self.database())? else { return Ok(false) };
        if active.number == self.catalogue().version {
            return Ok(false);
        }
        let files = definition::files(self.database(), active.number)?.unwrap_or_default();
        let model = load_files(product, &files).map_err(Unfit::Problems)?;
        let missing = self.rules_without_code(&model);
        if !missing.is_empty() {
            return Err(Unfit::RulesWithoutCode(missing));
        }
        self.replace_catalogue(Catalogue::new(active.number, model));
        Ok(true)
    }
}
