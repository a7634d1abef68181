//! Verifies the ledger from what stands in the database.

use engine::Engine;
use engine::sealer::{frontier, header};
use ledger::{Body, Hash, Trust, Verifier};
use store::core::seal;

/// How many entries are sealed, and whether each is what was sealed and in its place.
pub fn verify(engine: &Engine) -> (usize, bool) {
    let mut verifier = Verifier::new(&Trust::default()).unwrap();
    let (mut position, mut entries) = (0, 0);
    loop {
        let some = seal::from(engine.database(), position, 1000).unwrap();
        let Some(last) = some.last() else { break };
        position = last.position + 1;
        entries += some.len();
        for one in &some {
            let body = Body::from_bytes(&one.headed.entry.body).unwrap();
            let at = u64::try_from(one.position).unwrap();
            verifier.entry(at, &header(&one.headed), &body, Hash(one.hash));
        }
    }
    let waiting = seal::waiting(engine.database(), 1).unwrap().len();
    let report = verifier.finish();
    let root = (entries > 0).then(|| frontier(engine).unwrap().root());
    (entries, report.is_sound() && waiting == 0 && report.root == root)
}
