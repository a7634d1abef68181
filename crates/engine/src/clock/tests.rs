//! The tables of clocks as tests: what each version of a record makes of its clock, targets that
//! change, timers that come late, explanations. Properties over random lives are in `properties`.

use super::example::*;
use super::*;
use model::definition::{Target, Targets};
use model::{Key, Language};

const FOUR_HOURS: Target = Target::Elapsed(4 * HOUR);

fn whats(state: &ClockState) -> Vec<String> {
    let name = |event: &Event| {
        let json = serde_json::to_value(&event.what).unwrap();
        let state = json.get("state").and_then(|state| state.as_str()).map(|s| format!(" {s}"));
        format!("{}{}", json["what"].as_str().unwrap(), state.unwrap_or_default())
    };
    state.events.iter().map(name).filter(|what| what != "target").collect()
}

#[test]
fn three_service_days_from_a_friday_afternoon() {
    let calendar = office();
    let started = after(&calendar, &[("03-06T16:00", "new", "slow")]).unwrap();
    assert_eq!(started.due_at, Some(at("03-11T16:00")));
    assert_eq!((started.budget, started.used_percent()), (Some(24 * HOUR), Some(0)));
    let monday = refresh(&started, at("03-09T10:00"), basis(&calendar));
    assert_eq!(monday.due_at, Some(at("03-11T16:00")));
    assert_eq!((monday.counted, monday.used_percent()), (2 * HOUR, Some(8)));
    let at_due = refresh(&started, at("03-11T16:00"), basis(&calendar));
    assert_eq!((at_due.breached_at, at_due.used_percent()), (None, Some(100)));
    let late = refresh(&started, at("03-11T16:01"), basis(&calendar));
    assert_eq!(late.breached_at, Some(at("03-11T16:00")));
    let stopped =
        after(&calendar, &[("03-06T16:00", "new", "slow"), ("03-11T16:00", "done", "slow")]);
    assert_eq!(stopped.unwrap().breached_at, None, "stopped at the very instant it is due");
}

#[test]
fn the_table_of_advance_holds() {
    // Each letter is a version, an hour apart from 09:00 on Monday.
    let cases: [(&str, &[&str]); 16] = [
        ("done", &[]),
        ("draft", &[]),
        ("waiting", &[]),
        ("new", &["started new"]),
        ("new active", &["started new"]),
        ("new draft", &["started new"]),
        ("new done", &["started new", "stopped done"]),
        ("new waiting", &["started new", "paused waiting"]),
        ("new waiting waiting", &["started new", "paused waiting"]),
        ("new waiting asking", &["started new", "paused waiting", "paused asking"]),
        ("new waiting active", &["started new", "paused waiting", "resumed active"]),
        ("new waiting closed", &["started new", "paused waiting", "stopped closed"]),
        ("new done closed", &["started new", "stopped done"]),
        ("new done active", &["started new", "stopped done", "reopened active"]),
        (
            "new done waiting",
            &["started new", "stopped done", "reopened waiting", "paused waiting"],
        ),
        ("new done draft waiting done", &["started new", "stopped done", "ended"]),
    ];
    for (states, want) in cases {
        let versions = states.split(' ').enumerate();
        let clock = versions.fold(None, |before: Option<ClockState>, (hour, state)| {
            let facts = Facts::of(state, "fast");
            let now = at("03-09T09:00") + hour as i64 * HOUR;
            let once = advance(&clock(), before.as_ref(), &facts, now, basis(&office()));
            let twice = advance(&clock(), once.as_ref(), &facts, now, basis(&office()));
            assert_eq!(once, twice, "{states}: the same facts again add nothing");
            once
        });
        assert_eq!(clock.as_ref().map(whats).unwrap_or_default(), want, "{states}");
    }
}

#[test]
fn start_and_pause_in_one_version_starts_paused_and_stop_wins() {
    let mut both = clock();
    both.pause = Some(state_in(&["new"]));
    let facts = Facts::of("new", "fast");
    let calendar = office();
    let state = advance(&both, None, &facts, at("03-09T09:00"), basis(&calendar)).unwrap();
    assert_eq!((state.phase, state.due_at), (Phase::Paused, None));
    assert_eq!((state.started_at, state.budget), (at("03-09T09:00"), Some(4 * HOUR)));
    both.stop = state_in(&["new"]);
    assert_eq!(advance(&both, None, &facts, at("03-09T09:00"), basis(&calendar)), None);
    let stopped = advance(&both, Some(&state), &facts, at("03-09T10:00"), basis(&calendar));
    assert_eq!(stopped.unwrap().phase, Phase::Stopped);
}

#[test]
fn a_pause_puts_off_and_a_reopening_counts_on() {
    let calendar = office();
    let life = [
        ("03-09T09:00", "new", "fast"),
        ("03-09T10:00", "waiting", "fast"),
        ("03-09T12:00", "active", "fast"),
        ("03-09T13:00", "done", "fast"),
        ("03-10T09:00", "active", "fast"),
    ];
    let paused = after(&calendar, &life[..2]).unwrap();
    assert_eq!((paused.due_at, paused.counted), (None, HOUR), "nothing is due while it waits");
    let resumed = after(&calendar, &life[..3]).unwrap();
    assert_eq!(resumed.due_at, Some(at("03-09T15:00")));
    let done = after(&calendar, &life[..4]).unwrap();
    assert_eq!((done.counted, done.stopped_at), (2 * HOUR, Some(at("03-09T13:00"))));
    assert_eq!(done.due_at, Some(at("03-09T15:00")), "a stop puts off nothing");
    let reopened = after(&calendar, &life).unwrap();
    assert_eq!((reopened.counted, reopened.due_at), (2 * HOUR, Some(at("03-10T11:00"))));
}

#[test]
fn a_pause_over_the_weekend_takes_no_working_time() {
    let calendar = office();
    let versions = [
        ("03-06T16:00", "new", "slow"),
        ("03-06T17:00", "waiting", "slow"),
        ("03-09T09:00", "active", "slow"),
    ];
    assert_eq!(after(&calendar, &versions).unwrap().due_at, Some(at("03-11T16:00")));
}

#[test]
fn another_target_keeps_start_pauses_and_counted_time() {
    let calendar = office();
    let life = [
        ("03-09T09:00", "new", "fast"),
        ("03-09T10:00", "waiting", "fast"),
        ("03-09T11:00", "active", "fast"),
        ("03-09T12:00", "active", "medium"),
    ];
    let slower = after(&calendar, &life).unwrap();
    assert_eq!((slower.started_at, slower.counted), (at("03-09T09:00"), 2 * HOUR));
    assert_eq!(slower.due_at, Some(at("03-10T10:00")), "8 h and the pause of 1 h");
    assert!(slower.lapses.is_empty());
    let unset = after(&calendar, &[("03-09T09:00", "new", ""), ("03-09T10:00", "new", "fast")]);
    assert_eq!(
        unset.as_ref().unwrap().due_at,
        Some(at("03-09T13:00")),
        "from the start all the same"
    );
}

#[test]
fn a_breach_is_not_lost_with_its_target() {
    let calendar = office();
    let life = [
        ("03-09T09:00", "new", "fast"),
        ("03-09T14:00", "active", "medium"),
        ("03-09T15:00", "done", "medium"),
    ];
    let done = after(&calendar, &life).unwrap();
    assert_eq!((done.breached_at, done.due_at), (None, Some(at("03-09T17:00"))));
    assert_eq!(done.lapses.len(), 1);
    assert_eq!(done.lapses[0].at, at("03-09T13:00"));
    assert!(done.was_ever_breached());
    let faster = [("03-09T09:00", "new", "medium"), ("03-09T15:00", "active", "fast")];
    let faster = refresh(&after(&calendar, &faster).unwrap(), at("03-09T15:01"), basis(&calendar));
    assert_eq!(faster.due_at, Some(at("03-09T13:00")));
    assert_eq!(faster.breached_at, Some(at("03-09T15:00")), "not before the target held");
    let with_stop = [("03-09T09:00", "new", "fast"), ("03-09T14:00", "done", "medium")];
    let with_stop = after(&calendar, &with_stop).unwrap();
    assert_eq!(with_stop.choice.as_deref(), Some("fast"), "nobody escapes with the stop");
    assert_eq!(with_stop.breached_at, Some(at("03-09T13:00")));
}

#[test]
fn the_figure_makes_the_target_not_its_name() {
    let calendar = office();
    let breached = after(&calendar, &[("03-09T09:00", "new", "fast")]).unwrap();
    let mut other = clock();
    other.target = Targets::By(name("priority"), [(name("quick"), FOUR_HOURS)].into());
    let facts = Facts::of("new", "quick");
    let renamed = advance(&other, Some(&breached), &facts, at("03-09T14:00"), basis(&calendar));
    let renamed = renamed.unwrap();
    assert_eq!(renamed.choice.as_deref(), Some("quick"));
    assert_eq!((renamed.breached_at, renamed.lapses.len()), (Some(at("03-09T13:00")), 0));
    other.target = Targets::By(name("priority"), [(name("fast"), Target::ServiceDays(1))].into());
    let facts = Facts::of("new", "fast");
    let longer = advance(&other, Some(&breached), &facts, at("03-09T14:00"), basis(&calendar));
    let longer = longer.unwrap();
    assert_eq!((longer.breached_at, longer.lapses.len()), (None, 1), "a later definition");
    assert_eq!(longer.due_at, Some(at("03-10T09:00")));
}

#[test]
fn an_ended_run_is_kept_beside_the_new_one() {
    let calendar = office();
    let life = [
        ("03-09T09:00", "new", "fast"),
        ("03-09T14:00", "done", "fast"),
        ("03-10T09:00", "draft", "fast"),
        ("03-11T09:00", "active", "fast"),
        ("03-11T10:00", "done", "fast"),
    ];
    let state = after(&calendar, &life).unwrap();
    assert_eq!((state.started_at, state.counted), (at("03-11T09:00"), HOUR));
    assert_eq!(state.earlier.len(), 1);
    assert_eq!(state.earlier[0].breached_at, Some(at("03-09T13:00")));
    assert_eq!(state.breached_at, None);
    assert_eq!(ClockState::from_json(&state.to_json()).unwrap(), state);
}

#[test]
fn another_calendar_moves_open_clocks_and_keeps_what_stood() {
    let (before, after_decree) = (office(), office_without(&["2026-03-10"]));
    let state = after(&before, &[("03-09T16:00", "new", "fast")]).unwrap();
    assert_eq!(state.due_at, Some(at("03-10T12:00")));
    let moved = refresh(&state, at("03-09T16:30"), basis(&after_decree));
    assert_eq!(moved.due_at, Some(at("03-11T12:00")));
    let kept = moved.events.iter().find_map(|event| match &event.what {
        What::Recalculated { due_at, .. } => Some(*due_at),
        _ => None,
    });
    assert_eq!(kept, Some(state.due_at));
    assert_eq!(refresh(&moved, at("03-09T16:30"), basis(&after_decree)), moved, "once only");
    let stopped = advance(
        &clock(),
        Some(&state),
        &Facts::of("done", "fast"),
        at("03-09T16:10"),
        basis(&before),
    );
    let stopped = stopped.unwrap();
    assert_eq!(refresh(&stopped, at("03-12T09:00"), basis(&after_decree)), stopped);
}

#[test]
fn without_a_calendar_events_are_kept_and_figures_follow() {
    let none = Basis { calendar: None, definition: 1 };
    let calendar = office();
    let started =
        advance(&clock(), None, &Facts::of("new", "fast"), at("03-09T09:00"), none).unwrap();
    assert_eq!((started.due_at, started.phase), (None, Phase::Running));
    let stopped =
        advance(&clock(), Some(&started), &Facts::of("done", "fast"), at("03-09T11:00"), none)
            .unwrap();
    let mended = refresh(&stopped, at("03-09T18:00"), basis(&calendar));
    assert_eq!((mended.counted, mended.due_at), (2 * HOUR, Some(at("03-09T13:00"))));
    assert_eq!(mended.as_of, at("03-09T11:00"));
}

#[test]
fn late_timers_are_fenced() {
    let calendar = office();
    let basis = basis(&calendar);
    let state = after(&calendar, &[("03-09T09:00", "new", "fast")]).unwrap();
    let (warn, breach) = (at("03-09T12:00"), at("03-09T13:00") + 1);
    assert_eq!(timers(&state), [(warn, TimerKind::Warn), (breach, TimerKind::Breach)]);
    assert_eq!(on_timer(&state, TimerKind::Warn, warn, warn - 1, basis), None, "too early");
    let warned = on_timer(&state, TimerKind::Warn, warn, warn + 5, basis).unwrap();
    assert_eq!(timers(&warned), [(breach, TimerKind::Breach)]);
    assert_eq!(on_timer(&warned, TimerKind::Warn, warn, warn + 6, basis), None, "once only");
    let told = on_timer(&warned, TimerKind::Breach, breach, breach, basis).unwrap();
    assert_eq!((told.breached_at, timers(&told)), (Some(breach - 1), vec![]));

    let paused =
        advance(&clock(), Some(&state), &Facts::of("waiting", "fast"), at("03-09T10:00"), basis);
    assert_eq!(timers(paused.as_ref().unwrap()), []);
    assert_eq!(on_timer(&paused.unwrap(), TimerKind::Breach, breach, breach, basis), None);
    let slower =
        advance(&clock(), Some(&state), &Facts::of("new", "medium"), at("03-09T10:00"), basis);
    assert!(!applies(&slower.unwrap(), TimerKind::Breach, breach));
    let missed = refresh(&state, at("03-10T09:00"), basis);
    assert_eq!(timers(&missed), [(breach, TimerKind::Breach)], "too late to warn");
    assert_eq!(timer_key(Key(9), "resolution", TimerKind::Warn, 5), "clock:9:resolution:warn:5");
    assert_eq!(TimerKind::parse("breach"), Some(TimerKind::Breach));
}

fn life_to_explain() -> (calendar::ServiceCalendar, ClockState) {
    let calendar = office_without(&["2026-03-10"]);
    let life = [
        ("03-09T15:00", "new", "fast"),
        ("03-09T15:30", "active", "fast"),
        ("03-09T16:00", "waiting", "fast"),
        ("03-11T10:00", "active", "fast"),
        ("03-11T11:00", "done", "fast"),
        ("03-11T12:00", "active", "fast"),
    ];
    let state = after(&calendar, &life).unwrap();
    (calendar, state)
}

#[test]
fn each_interval_has_its_reason() {
    let (calendar, state) = life_to_explain();
    let states = [(at("03-09T15:00"), "new".to_owned()), (at("03-09T15:30"), "active".to_owned())];
    let explained = explain(&state, basis(&calendar), at("03-11T12:30"), &states);
    let counted = |state: &str| Why::Counted { state: Some(state.to_owned()) };
    let paused = || Why::Paused { state: Some("waiting".to_owned()) };
    let want = [
        ("03-09T15:00", counted("new")),
        ("03-09T15:30", counted("active")),
        ("03-09T16:00", paused()),
        ("03-09T17:00", Why::OutsideHours),
        ("03-10T00:00", Why::Holiday),
        ("03-11T00:00", Why::OutsideHours),
        ("03-11T09:00", paused()),
        ("03-11T10:00", counted("active")),
        ("03-11T11:00", Why::Stopped),
        ("03-11T12:00", counted("active")),
    ];
    let got: Vec<(i64, Why)> = explained.parts.iter().map(|p| (p.from, p.why.clone())).collect();
    assert_eq!(got, want.map(|(from, why)| (at(from), why)));
    assert_eq!((explained.counted, explained.used_percent), (5 * HOUR / 2, Some(62)));
    assert_eq!(explained.counted + explained.not_counted(), at("03-11T12:30") - at("03-09T15:00"));
    assert_eq!(explained.ahead, Ahead::BreachAfter { at: at("03-11T14:00") });
    let json = serde_json::to_value(&explained).unwrap();
    assert_eq!(json["parts"][2]["why"], "paused");
    assert_eq!(json["parts"][2]["state"], "waiting");
}

#[test]
fn the_table_of_standings_holds() {
    let calendar = office();
    type Case<'a> = (&'a [(&'a str, &'a str, &'a str)], &'a str, Standing);
    let cases: [Case; 8] = [
        (&[("03-09T09:00", "new", "fast")], "03-09T11:59", Standing::InTime),
        (&[("03-09T09:00", "new", "fast")], "03-09T12:00", Standing::Warning),
        (&[("03-09T09:00", "new", "fast")], "03-09T13:00", Standing::Warning),
        (&[("03-09T09:00", "new", "fast")], "03-09T13:01", Standing::Breached),
        (&[("03-09T09:00", "new", "")], "03-09T13:01", Standing::Untimed),
        (
            &[("03-09T09:00", "new", "fast"), ("03-09T10:00", "waiting", "fast")],
            "03-12T09:00",
            Standing::Paused,
        ),
        (
            &[("03-09T09:00", "new", "fast"), ("03-09T10:00", "done", "fast")],
            "03-12T09:00",
            Standing::Met,
        ),
        (
            &[("03-09T09:00", "new", "fast"), ("03-09T14:00", "done", "fast")],
            "03-12T09:00",
            Standing::Breached,
        ),
    ];
    for (life, now, want) in cases {
        let state = after(&calendar, life).unwrap();
        assert_eq!(explain(&state, basis(&calendar), at(now), &[]).standing, want, "{life:?}");
    }
    let waits = after(&calendar, cases[5].0).unwrap();
    let waits = explain(&waits, basis(&calendar), at("03-12T09:00"), &[]).ahead;
    assert_eq!(waits, Ahead::Waits { due_if_resumed: Some(at("03-12T12:00")) });
}

#[test]
fn the_words_in_both_languages() {
    let (calendar, state) = life_to_explain();
    let explained = explain(&state, basis(&calendar), at("03-11T12:30"), &[]);
    let zone = crate::identity::zone_named("Asia/Shanghai");
    let label = |name: &str| name.to_uppercase();
    let words = |language| Words { language, zone: &zone, state: &label, choice: &label };
    let en = explained.text(&words(Language::EN));
    let want = "In time: 2 h 30 min of 4 h 00 min used (62\u{2009}%), 1 h 30 min left.\n\
                Target: 4 h 00 min (FAST).\n\
                Started Mon 9 Mar 2026, 15:00; due Wed 11 Mar 2026, 14:00.\n\
                Mon 9 Mar 2026, 15:00 – 16:00: 1 h 00 min counted\n\
                Mon 9 Mar 2026, 16:00 – 17:00: 1 h 00 min not counted, paused in WAITING\n";
    assert!(en.starts_with(want), "{en}");
    assert!(en.contains("24 h 00 min not counted, holiday\n"), "{en}");
    assert!(en.contains("\nSum: 2 h 30 min counted, 43 h 00 min not counted.\n"), "{en}");
    assert!(
        en.contains("\nIf nothing happens it is breached after Wed 11 Mar 2026, 14:00.\n"),
        "{en}"
    );
    let zh = explained.text(&words(Language::ZH));
    assert!(
        zh.starts_with("未到期：已用 2 小时 30 分，共 4 小时 00 分（62%），剩余 1 小时 30 分。"),
        "{zh}"
    );
    assert!(
        zh.contains("2026-03-09 周一 16:00 – 17:00：1 小时 00 分，不计入，因WAITING暂停"),
        "{zh}"
    );
}
