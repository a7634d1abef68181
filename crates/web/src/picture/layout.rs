//! Where the nodes of a graph stand: in layers from left to right, ordered so that few edges cross.
//! Pure arithmetic over places in lists.

/// How often the order of the layers is mended. More changes little.
const SWEEPS: usize = 6;

/// The layer of each node, from 0: one after the furthest of those that lead to it. Edges that
/// would close a circle do not count.
///
/// | edges | layers |
/// | --- | --- |
/// | 0-1, 1-2, 0-2 | 0 1 2 |
/// | 0-1, 1-0 | 0 1 |
pub(super) fn layers(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let forward = without_circles(nodes, edges);
    let mut layer = vec![0; nodes];
    // Without circles the longest way has fewer steps than there are nodes.
    for _ in 0..nodes {
        let mut moved = false;
        for (from, to) in &forward {
            if layer[*to] < layer[*from] + 1 {
                layer[*to] = layer[*from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    layer
}

/// The edges that do not lead back to a node on the way to them.
fn without_circles(nodes: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut kept = Vec::with_capacity(edges.len());
    // 0 not seen, 1 on the way, 2 done
    let mut seen = vec![0_u8; nodes];
    for start in 0..nodes {
        if seen[start] != 0 {
            continue;
        }
        let mut way = vec![(start, 0)];
        seen[start] = 1;
        while let Some((node, next)) = way.pop() {
            let mut out = edges.iter().filter(|(from, _)| *from == node);
            match out.nth(next) {
                None => seen[node] = 2,
                Some((_, to)) => {
                    way.push((node, next + 1));
                    if seen[*to] != 1 {
                        kept.push((node, *to));
                    }
                    if seen[*to] == 0 {
                        seen[*to] = 1;
                        way.push((*to, 0));
                    }
                }
            }
        }
    }
    kept
}

/// The nodes of each layer from top to bottom: each near the middle of those it is joined with.
pub(super) fn order(layer: &[usize], edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let count = layer.iter().max().map_or(0, |most| most + 1);
    let mut columns = vec![Vec::new(); count];
    for (node, place) in layer.iter().enumerate() {
        columns[*place].push(node);
    }
    let mut height = vec![0.0; layer.len()];
    settle(&columns, &mut height);
    for sweep in 0..SWEEPS {
        let places: Vec<usize> = match sweep % 2 {
            0 => (0..count).collect(),
            _ => (0..count).rev().collect(),
        };
        for place in places {
            let wish = |node: usize| middle(node, edges, &height).unwrap_or(height[node]);
            let mut wishes: Vec<(f64, usize)> =
                columns[place].iter().map(|node| (wish(*node), *node)).collect();
            wishes.sort_by(|a, b| a.0.total_cmp(&b.0));
            columns[place] = wishes.into_iter().map(|(_, node)| node).collect();
            settle(&columns[place..=place], &mut height);
        }
    }
    columns
}

/// Each column around the middle, so that a short one stands beside the middle of a long one.
fn settle(columns: &[Vec<usize>], height: &mut [f64]) {
    for column in columns {
        for (place, node) in column.iter().enumerate() {
            height[*node] = place as f64 - (column.len() as f64 - 1.0) / 2.0;
        }
    }
}

fn middle(node: usize, edges: &[(usize, usize)], height: &[f64]) -> Option<f64> {
    let near = edges.iter().filter_map(|(from, to)| match node {
        _ if *from == node => Some(height[*to]),
        _ if *to == node => Some(height[*from]),
        _ => None,
    });
    let (sum, count) = near.fold((0.0, 0), |(sum, count), one| (sum + one, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_stands_after_those_that_lead_to_it() {
        assert_eq!(layers(3, &[(0, 1), (1, 2), (0, 2)]), [0, 1, 2]);
        assert_eq!(layers(2, &[(0, 1), (1, 0)]), [0, 1]);
        assert_eq!(layers(1, &[(0, 0)]), [0]);
        assert_eq!(layers(0, &[]), [0_usize; 0]);
    }

    #[test]
    fn edges_cross_less_when_ordered() {
        // 0 leads to 3, 1 to 2: drawn in the order of their numbers they cross.
        let columns = order(&[0, 0, 1, 1], &[(0, 3), (1, 2)]);
        assert_eq!(columns[0].len(), 2);
        let place = |node: usize| columns.concat().iter().position(|n| *n == node).unwrap() % 2;
        assert_eq!((place(0) == place(3), place(1) == place(2)), (true, true), "{columns:?}");
    }

    #[test]
    fn every_node_has_one_place() {
        let edges: Vec<(usize, usize)> = (0..40).map(|n| (n, n * 7 % 40)).collect();
        let layer = layers(40, &edges);
        let mut all = order(&layer, &edges).concat();
        all.sort_unstable();
        assert_eq!(all, (0..40).collect::<Vec<usize>>());
    }
}
