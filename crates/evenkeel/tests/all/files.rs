//! Files of records: an internal one does not exist for those who may not read internal notes, not
//! even when it is taken off.

use crate::world::{World, create, on_each};
use engine::attachments::Upload;
use engine::{Command, Error, Order, Refusal, Session};
use model::Key;
use serde_json::json;

const NAME: &str = "suspects-7c41.txt";

fn attach_internal(session: &Session, id: &str) -> String {
    let upload = Upload {
        name: NAME,
        media_type: "text/plain",
        internal: true,
        content: &mut "who it was".as_bytes(),
        most: 1_000,
        idempotency: None,
    };
    session.attach("incident", id, upload).unwrap();
    let files = session.attachments("incident", id).unwrap();
    files[0]["sha256"].as_str().unwrap().to_string()
}

fn detach(session: &Session, key: Key, sha256: &str) -> engine::Result<()> {
    let record_type = model::Name::new("incident").unwrap();
    let command = Command::Detach { sha256: sha256.to_string() };
    let order = Order { record_type, key: Some(key), command, base: None, idempotency: None };
    session.perform(&order).map(drop)
}

fn told(session: &Session, id: &str) -> String {
    format!("{:?}", session.history("incident", id, None, 100).unwrap().entries)
}

#[test]
fn an_internal_file_is_taken_off_without_a_word_to_others() {
    on_each(|world: &World| {
        world.person("ana", &[]);
        world.person("sam", &["service_desk_agent"]);
        let (ana, sam) = (world.session("ana"), world.session("sam"));
        let made = create(&ana, "incident", json!({ "summary": "Money is missing" })).unwrap();
        let id = made.id.to_string();
        let sha256 = attach_internal(&sam, &id);
        let refused = detach(&ana, made.key, &sha256).unwrap_err();
        let missing = Refusal::NotFound { what: sha256.clone() };
        assert_eq!(refused, Error::from(missing), "it looks like a file that is not there");
        detach(&sam, made.key, &sha256).unwrap();
        assert!(sam.attachments("incident", &id).unwrap().is_empty());
        assert!(told(&sam, &id).contains(NAME));
        assert!(!told(&ana, &id).contains(NAME));
    });
}
