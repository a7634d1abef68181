//! What expressions may name, answered from definitions in the making.

use super::draft::Draft;
use crate::expression::{Kind, LinkEnd, Scope};
use crate::name::Name;

impl Scope for Draft<'_> {
    fn field(&self, of: &str, field: &str) -> Option<Kind> {
        self.kind(of, field)
    }

    fn link(&self, of: &str, link: &str) -> Option<LinkEnd> {
        self.types.get(of)?.links.get(link).cloned()
    }

    fn inverse(&self, of: &str, from: &str, link: &str) -> Option<LinkEnd> {
        let (from, far) = self.types.get_key_value(from)?;
        let end = far.links.get(link).filter(|end| end.from == *from)?;
        let points_here = self.types.get(of)?.lineage.contains(&end.other);
        points_here.then(|| LinkEnd {
            from: from.clone(),
            link: end.link.clone(),
            inverse: true,
            other: from.clone(),
        })
    }

    fn names(&self, of: &str) -> Vec<String> {
        let Some(draft) = self.types.get(of) else { return Vec::new() };
        let declared = draft.fields.keys().chain(draft.links.keys()).map(|name| name.to_string());
        let built_in = crate::definition::BUILT_IN.iter().map(|name| name.to_string());
        declared.chain(built_in.filter(|name| self.kind(of, name).is_some())).collect()
    }

    fn matrix(&self, of: &str, matrix: &str) -> Option<(Kind, Kind, Kind)> {
        let all = self.all(of, "matrix");
        let (_, entry) = all.iter().find(|(_, entry)| entry.key == matrix)?;
        let axes = entry.node.get("of").map_or(&[][..], |of| of.node.items());
        let kind = |field: Option<&str>| field.and_then(|field| self.kind(of, field));
        let axis = |at: usize| kind(axes.get(at).and_then(|node| node.as_text()));
        let cells = kind(Some(matrix));
        Some((
            axis(0).unwrap_or(Kind::Any),
            axis(1).unwrap_or(Kind::Any),
            cells.unwrap_or(Kind::Any),
        ))
    }

    fn is_a(&self, record_type: &str, ancestor: &str) -> bool {
        let draft = self.types.get(record_type);
        draft.is_some_and(|draft| draft.lineage.iter().any(|name| name == ancestor))
    }

    fn person(&self) -> Option<Name> {
        self.person.clone()
    }

    fn roles(&self) -> Vec<String> {
        self.roles.0.keys().map(|role| role.to_string()).collect()
    }
}
