//! Definitions changed by people who administer, on both databases: who did it is kept, another
//! version in force refuses it, and the way back is a version too.

use crate::world::{on_each, product};
use engine::definitions::{Files, Keeper, Product, State, Unfit};
use engine::{Error, Refusal, Result};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the backups that were asked for.
#[derive(Default)]
struct House(AtomicU64);

impl Keeper for House {
    fn product(&self) -> Product<'_> {
        product()
    }

    fn keeps_files(&self) -> bool {
        false
    }

    fn before(&self, _plan: &store::sync::Plan) -> Result<()> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

const BRANCH: &str = "extend = \"incident\"\n\n[add.field.branch]\ntype = \"text\"\nmax = 20\n\
     required = true\nlabel = { en = \"Branch\", zh = \"网点\" }\n\n[set.section.origin]\nfields = \
     [\"branch\", \"source_system\", \"source_number\", \"source_state\", \"source_close_code\"]\n";

#[test]
fn an_overlay_is_tried_brought_into_force_and_taken_back() {
    on_each(|world| {
        let house = Arc::new(House::default());
        world.engine.keep_definitions_with(house.clone());
        world.person("ada", &["administrator"]);
        world.person("sam", &["service_desk_agent"]);
        let sam = world.session("sam");
        crate::world::create(&sam, "incident", json!({ "summary": "Mail is down" })).unwrap();
        let ada = world.session("ada");
        let first = ada.definitions().unwrap().version;
        let overlays = Files::from([("branch.toml".to_string(), BRANCH.to_string())]);

        let draft = ada.draft_definitions(&overlays).unwrap();
        assert!(draft.fits(), "{draft:?}");
        assert_eq!(draft.steps[0].0, "add column incident.branch: text");
        let tried = &draft.trials[0];
        let found = tried.breaches.as_ref().unwrap();
        assert_eq!((found.records, tried.demand.1.as_str()), (1, "网点必填"));
        assert_eq!(house.0.load(Ordering::Relaxed), 0, "nothing was done");

        let kept = ada.keep_overlays(overlays.clone(), first.number, Some("as asked")).unwrap();
        assert_eq!(house.0.load(Ordering::Relaxed), 1);
        let now = ada.definitions().unwrap();
        assert_eq!((now.version.number, now.version.actor_key), (kept, ada.actor().person));
        assert_eq!(now.version.note.as_deref(), Some("as asked"));
        assert_eq!(now.places.at("incident", "field", "branch")[0].path, "overlays/branch.toml");

        let stale = ada.keep_overlays(Files::new(), first.number, None);
        assert!(matches!(stale, Err(Unfit::Stale(active)) if active == kept), "{stale:?}");
        let back = ada.go_back_to(first.number, kept).unwrap();
        assert!(ada.overlays_of_version(back).unwrap().is_empty());
        let states: Vec<State> =
            ada.definition_versions(3).unwrap().iter().map(|version| version.state).collect();
        assert_eq!(states, [State::Active, State::RolledBack, State::Former]);
    });
}

#[test]
fn a_trial_tells_nothing_of_fields_that_are_hidden() {
    const GUESS: &str = "extend = \"person\"\n\n[add.rule.guess]\nalways = true\n\
        holds = \"not (born_on < '1980-01-01')\"\nmessage = { en = \"A guess.\", zh = \"猜测。\" }\n";
    on_each(|world| {
        world.engine.keep_definitions_with(Arc::new(House::default()));
        world.person("ada", &["administrator"]);
        let overlays = Files::from([("guess.toml".to_string(), GUESS.to_string())]);
        let draft = world.session("ada").draft_definitions(&overlays).unwrap();
        assert!(draft.problems.is_none(), "{draft:?}");
        let told: Vec<_> = draft.trials.iter().map(|one| (&*one.demand.0, &one.breaches)).collect();
        assert_eq!(told, [("A guess.", &None)], "neither found nor counted");
    });
}

fn is_not_allowed(error: &Error) -> bool {
    let Error::Refused(refusal) = error else { return false };
    matches!(**refusal, Refusal::NotAllowed { .. })
}

#[test]
fn nobody_else_looks_or_changes() {
    on_each(|world| {
        world.engine.keep_definitions_with(Arc::new(House::default()));
        world.person("sam", &["service_desk_agent"]);
        let sam = world.session("sam");
        assert!(sam.definitions().is_err_and(|error| is_not_allowed(&error)));
        assert!(sam.definition_versions(1).is_err_and(|error| is_not_allowed(&error)));
        assert!(sam.overlays_of_version(1).is_err_and(|error| is_not_allowed(&error)));
        assert!(sam.draft_definitions(&Files::new()).is_err_and(|error| is_not_allowed(&error)));
        for changed in [sam.keep_overlays(Files::new(), 1, None), sam.go_back_to(1, 1)] {
            assert!(matches!(changed, Err(Unfit::Engine(error)) if is_not_allowed(&error)));
        }
    });
}
