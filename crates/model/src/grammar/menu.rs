//! Where pages hang: the parts of the navigation, and the pictures beside their entries.

use super::{Kind, LABEL};

/// The pictures that an entry of the navigation may carry. A test of `web` holds them equal to
/// what is drawn.
pub const ICONS: [&str; 51] = [
    "app-window",
    "bell",
    "book-open",
    "briefcase",
    "building-2",
    "calendar",
    "chart-line",
    "circle-alert",
    "circle-check",
    "circle-help",
    "clock",
    "copy",
    "database",
    "eye",
    "file-text",
    "filter",
    "flag",
    "git-commit-horizontal",
    "globe",
    "hand",
    "history",
    "house",
    "inbox",
    "info",
    "key-round",
    "laptop",
    "layers",
    "life-buoy",
    "link",
    "list-checks",
    "lock",
    "mail",
    "messages-square",
    "network",
    "octagon-alert",
    "package",
    "paperclip",
    "phone",
    "refresh-cw",
    "router",
    "scale",
    "server",
    "settings",
    "shield-check",
    "snowflake",
    "star",
    "triangle-alert",
    "user",
    "users",
    "workflow",
    "wrench",
];

/// `[menu.NAME]` in `menus.toml`.
pub const MENU: Kind = Kind {
    name: "menu",
    meaning: "A part of the navigation. Record types and pages say which they stand in; a person \
        sees the entries of what they may see, and a menu only where it has one.",
    open: false,
    keys: &[LABEL],
    example: "[menu.operate]\nlabel = { en = \"Operate\", zh = \"运行\" }",
};
