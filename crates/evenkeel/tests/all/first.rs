//! The smallest thing that can be done: an incident is created and read.

use super::world::on_each;
use serde_json::json;

#[test]
fn an_incident_is_created_and_read() {
    on_each(|world| {
        world.person("ana", &["requester"]);
        let ana = world.session("ana");
        let made = super::world::create(&ana, "incident", json!({ "summary": "Cannot print" }));
        let made = made.unwrap();
        let seen = ana.read("incident", &made.id.to_string(), None).unwrap();
        assert_eq!(seen.json["number"], "INC-000001");
        assert_eq!(seen.json["state"], "new");
        assert_eq!(seen.json["priority"], "moderate");
    });
}
