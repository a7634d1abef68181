//! The figures as the product gives them.

use super::expected::{Expected, Hours};
use engine::flow::Ways;
use engine::measure::{Asked, By, Measured, Per, Reading};
use engine::{Count, Question, Session};
use model::definition::Period;

const HOUR: f64 = 3_600_000_000.0;

pub fn check(session: &Session, expected: &Expected) {
    time(session, expected);
    targets(session, expected);
    durations(session, expected);
    counts(session, expected);
    ways(session, expected);
    backlog(session, expected);
    weeks(session, expected);
}

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

fn asked(measure: &str) -> Asked {
    Asked { per: Per::Whole, by: By::Nothing, ..Asked::new("incident", measure) }
}

fn measure(session: &Session, asked: &Asked) -> Measured {
    session.measure(asked).unwrap_or_else(|error| panic!("{}: {error:?}", asked.measure))
}

fn found(session: &Session, record_type: &str, filter: &str, as_of: Option<i64>) -> usize {
    let question = Question {
        record_type: record_type.into(),
        filter: Some(filter.into()),
        as_of,
        ..Question::default()
    };
    match session.count(&question) {
        Ok(Count::Exactly(count)) => count,
        other => panic!("{filter}: {other:?}"),
    }
}

fn time(session: &Session, expected: &Expected) {
    let range = Some((at("2016-02-01T00:00:00Z"), at("2017-03-01T00:00:00Z")));
    let asked = Asked { per: Per::Each(Period::Month), range, ..asked("reported") };
    let months: Vec<i64> = counts_of(&measure(session, &asked));
    let (some, none) = months.split_at(expected.months.len());
    assert_eq!(some, expected.months);
    assert!(none.iter().all(|count| *count == 0));
}

fn counts_of(measured: &Measured) -> Vec<i64> {
    let count = |reading: &Reading| match reading {
        Reading::Count(count) => *count,
        Reading::Share { holding, .. } => *holding,
        Reading::Distribution(d) => d.count,
    };
    measured.points.iter().map(|point| count(&point.figure)).collect()
}

fn targets(session: &Session, expected: &Expected) {
    let by = By::Field("priority".into());
    let shares = measure(session, &Asked { by, ..asked("target_met_share") });
    let want = expected.priorities.iter().rev();
    let want: Vec<Reading> = want
        .map(|(holding, records, _)| Reading::Share { records: *records, holding: *holding })
        .collect();
    let mut got: Vec<Reading> = shares.points.iter().map(|point| point.figure).collect();
    if shares.points.first().is_some_and(|point| point.group == "critical") {
        got.reverse();
    }
    assert_eq!(got, want);
    let by = By::Field("assigned_team".into());
    let teams = measure(session, &Asked { by, ..asked("target_met_share") });
    for (team, records, holding) in expected.teams {
        let point = teams.points.iter().find(|point| point.label == team);
        let point = point.unwrap_or_else(|| panic!("no {team}"));
        assert_eq!(point.figure, Reading::Share { records, holding }, "{team}");
    }
}

fn durations(session: &Session, expected: &Expected) {
    let one = |measured: &Measured| match measured.points.as_slice() {
        [point] => point.figure,
        points => panic!("{} points", points.len()),
    };
    hours(one(&measure(session, &asked("time_to_resolve"))), expected.resolved);
    hours(one(&measure(session, &asked("time_to_close"))), expected.closed);
    let by = By::Field("priority".into());
    let priorities = measure(session, &Asked { by, ..asked("time_to_resolve") });
    let names = ["critical", "high", "moderate", "low"];
    for (name, (.., median)) in names.iter().zip(expected.priorities) {
        let point = priorities.points.iter().find(|point| point.group == *name).unwrap();
        let Reading::Distribution(d) = point.figure else { panic!() };
        close(d.median / HOUR, median, name);
    }
    let at_once = found(session, "incident", "resolved_at == opened_at", None);
    assert_eq!(at_once, expected.resolved_at_once);
}

fn hours(reading: Reading, (count, mean, median, p90, max): Hours) {
    let Reading::Distribution(d) = reading else { panic!("{reading:?}") };
    assert_eq!(d.count, count);
    close(d.mean / HOUR, mean, "mean");
    close(d.median / HOUR, median, "median");
    close(d.p90 / HOUR, p90, "90th percentile");
    close(d.max as f64 / HOUR, max, "maximum");
}

fn close(got: f64, want: f64, what: &str) {
    assert!((got - want).abs() < 0.0001, "{what}: {got}, expected {want}");
}

fn counts(session: &Session, expected: &Expected) {
    let count = |filter: &str| found(session, "incident", filter, None);
    let (sum, none, most, four) = expected.handed_over;
    let handed_over = measure(session, &asked("hand_overs"));
    let Reading::Distribution(d) = handed_over.points[0].figure else { panic!() };
    assert_eq!((d.count, d.max), (expected.records as i64, most));
    close(d.mean, sum as f64 / expected.records as f64, "handed over");
    assert_eq!(count("reassignment_count == 0"), none);
    assert_eq!(count("reassignment_count >= 4"), four);
    let (reopened, most) = expected.reopened;
    assert_eq!(count("reopen_count > 0"), reopened);
    assert_eq!(count(&format!("reopen_count > {most}")), 0);
    assert!(count(&format!("reopen_count == {most}")) > 0);
    let (problem, problems, asked_for, caused, items) = expected.linked;
    assert_eq!(count("problem is set"), problem);
    assert_eq!(found(session, "problem", "count(incident.problem) >= 0", None), problems);
    assert_eq!(count("change_requested is set"), asked_for);
    assert_eq!(count("count(change.caused) > 0"), caused);
    assert_eq!(count("count(configuration_items) > 0"), items);
    assert_eq!(count("state != 'closed'"), 0);
    assert_eq!(count("priority != matrix('priority', impact, urgency)"), 0);
    assert_eq!(count("impact == 'high' and urgency == 'low'"), 0);
    let opener = found(session, "person", "name == 'Opened by  8'", None);
    assert_eq!(opener, 1, "two blanks stay two");
}

fn ways(session: &Session, expected: &Expected) {
    let fields = vec!["state".to_string(), "source_state".to_string()];
    let ways = Ways { record_type: "incident".into(), fields, filter: None, top: 3 };
    let flow = session.ways(&ways).unwrap();
    assert_eq!((flow.records, flow.entries), (expected.records, expected.entries));
    assert_eq!((flow.fewest, flow.most), (expected.fewest, expected.most));
    assert_eq!((flow.variants, flow.collapsed_variants), (expected.variants, expected.collapsed));
    let top: Vec<usize> = flow.collapsed_top.iter().map(|variant| variant.records).collect();
    assert_eq!(top, expected.top);
    assert_eq!(flow.collapsed_top[0].steps, ["New", "Resolved", "Closed"]);
    assert_eq!(flow.collapsed_top[1].steps, ["New", "In progress", "Resolved", "Closed"]);
    assert_eq!(flow.collapsed_top[2].steps, ["In progress", "Resolved", "Closed"]);
}

/// By lists as of an instant, and by what the last closure says.
fn backlog(session: &Session, expected: &Expected) {
    let days = ["2016-03-15", "2016-04-01", "2016-05-01", "2016-06-01"];
    for (place, day) in days.iter().enumerate() {
        let instant = format!("{day}T00:00:00Z");
        let as_of = Some(at(&instant));
        let open = found(session, "incident", "not (closed_at is set)", as_of);
        assert_eq!(open, expected.backlog[place], "as of {day}");
        let filter = format!("opened_at <= '{instant}' and closed_at > '{instant}'");
        assert_eq!(found(session, "incident", &filter, None), expected.backlog[place], "{day}");
        let by_state = found(session, "incident", "state != 'closed'", as_of);
        assert_eq!(by_state, expected.backlog_by_state[place], "state as of {day}");
    }
}

/// The weeks, and for the whole log the limits of their control charts.
fn weeks(session: &Session, expected: &Expected) {
    let range = Some((at("2016-02-29T00:00:00Z"), at("2016-05-23T00:00:00Z")));
    let per = Per::Each(Period::Week);
    let opened = counts_of(&measure(session, &Asked { per, range, ..asked("reported") }));
    let at_opening = Some("opened_at".to_string());
    let shares =
        measure(session, &Asked { per, range, at: at_opening, ..asked("target_met_share") });
    let missed: Vec<i64> = shares
        .points
        .iter()
        .map(|point| match point.figure {
            Reading::Share { records, holding } => records - holding,
            other => panic!("{other:?}"),
        })
        .collect();
    let got: Vec<(i64, i64)> = opened.iter().copied().zip(missed).collect();
    assert_eq!(got, expected.weeks);
    if expected.unknown_state > 0 {
        limits(&got);
    }
}

fn limits(weeks: &[(i64, i64)]) {
    let opened: Vec<f64> = weeks.iter().map(|(opened, _)| *opened as f64).collect();
    let mean = opened.iter().sum::<f64>() / 12.0;
    let range = opened.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f64>() / 11.0;
    close(mean, 1899.5833, "mean");
    close(range, 263.3636, "moving range");
    assert_eq!(format!("{:.2}", mean - 2.66 * range), "1199.04");
    assert_eq!(format!("{:.2}", mean + 2.66 * range), "2600.13");
    let missed: i64 = weeks.iter().map(|(_, missed)| *missed).sum();
    let all: i64 = weeks.iter().map(|(opened, _)| *opened).sum();
    let share = missed as f64 / all as f64;
    close(share, 0.376_442, "mean share");
    let outside = |(opened, missed): &&(i64, i64)| {
        let width = 3.0 * (share * (1.0 - share) / *opened as f64).sqrt();
        (*missed as f64 / *opened as f64 - share).abs() > width
    };
    assert_eq!(weeks.iter().filter(outside).count(), 10);
}
