//! Figures of the log, computed from the file by other means. The value of an incident is that of
//! its last row; hours are those of the clock on the wall.

/// Hours: count, mean, median, 90th percentile, maximum.
pub type Hours = (i64, f64, f64, f64, f64);

pub struct Expected {
    pub records: usize,
    pub entries: usize,
    pub fewest: usize,
    pub most: usize,
    /// Incidents by the month in which they were opened, from February 2016 on.
    pub months: &'static [i64],
    /// By priority, critical first: those that met the target, all, and the median hours to
    /// resolve them.
    pub priorities: [(i64, i64, f64); 4],
    pub resolved: Hours,
    pub resolved_at_once: usize,
    pub closed: Hours,
    /// Times handed over in all; incidents that never were, the most, those with four or more.
    pub handed_over: (i64, usize, i64, usize),
    /// Incidents that were reopened, and the most times.
    pub reopened: (usize, i64),
    pub variants: usize,
    pub collapsed: usize,
    pub top: [usize; 3],
    /// Teams with the most incidents: name, incidents, those that met the target.
    pub teams: [(&'static str, i64, i64); 4],
    /// Linked to a problem, problems, to a change asked for, caused by one, to an item.
    pub linked: (usize, usize, usize, usize, usize),
    /// Not closed at the beginning of 2016-03-15, 04-01, 05-01, 06-01.
    pub backlog: [usize; 4],
    /// The same by state: some were closed, changed and closed again.
    pub backlog_by_state: [usize; 4],
    /// By week from Monday 2016-02-29 on: opened, and those of them that missed the target.
    pub weeks: [(i64, i64); 12],
    pub unknown_state: usize,
}

pub const WHOLE: Expected = Expected {
    records: 24_918,
    entries: 141_712,
    fewest: 2,
    most: 58,
    months: &[207, 8995, 7934, 7508, 5, 14, 15, 12, 16, 26, 37, 94, 55],
    priorities: [(5, 270, 80.2417), (2, 408, 38.2333), (15_145, 23_466, 21.55), (651, 774, 5.0167)],
    resolved: (23_362, 178.1716, 22.1, 381.5483, 8070.1667),
    resolved_at_once: 39,
    closed: (24_918, 315.3286, 145.8667, 532.4667, 8190.6167),
    handed_over: (23_414, 13_549, 27, 1_614),
    reopened: (275, 8),
    variants: 2_079,
    collapsed: 189,
    top: [6_282, 5_492, 5_361],
    teams: [
        ("Group 70", 9_444, 7_918),
        ("", 2_157, 1_049),
        ("Group 25", 1_243, 532),
        ("Group 39", 1_199, 825),
    ],
    linked: (380, 252, 176, 3, 54),
    backlog: [3_517, 3_353, 2_962, 2_044],
    backlog_by_state: [3_516, 3_346, 2_955, 2_038],
    weeks: [
        (1858, 1039),
        (2073, 1985),
        (1975, 1295),
        (1686, 661),
        (2174, 616),
        (2008, 490),
        (1995, 415),
        (1401, 480),
        (2046, 363),
        (2064, 468),
        (1736, 404),
        (1779, 365),
    ],
    unknown_state: 5,
};

pub const SLICE: Expected = Expected {
    records: 1_000,
    entries: 6_784,
    fewest: 2,
    most: 28,
    months: &[207, 793],
    priorities: [(1, 18, 227.1833), (0, 37, 26.7833), (506, 853, 53.7833), (42, 92, 150.3667)],
    resolved: (969, 303.3021, 54.4, 696.9367, 8020.2667),
    resolved_at_once: 0,
    closed: (1000, 474.8562, 173.9, 916.5133, 8140.7833),
    handed_over: (1009, 566, 18, 77),
    reopened: (11, 2),
    variants: 318,
    collapsed: 50,
    top: [247, 236, 130],
    teams: [
        ("Group 70", 210, 153),
        ("Group 24", 67, 56),
        ("Group 25", 60, 19),
        ("Group 23", 54, 35),
    ],
    linked: (49, 23, 22, 2, 7),
    backlog: [412, 116, 61, 20],
    backlog_by_state: [411, 115, 60, 19],
    weeks: [
        (1000, 451),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
    ],
    unknown_state: 0,
};
