//! Progress on stderr: a bar where a person looks on, a line now and then otherwise, JSON for
//! programs.

use super::Progress;
use crate::world;
use indicatif::{ProgressBar, ProgressStyle};
use model::Language;
use serde_json::json;

/// How often a line is written where there is no bar, in microseconds.
const EVERY: i64 = 2_000_000;

/// What is shown of progress.
pub struct Bar {
    language: Language,
    json: bool,
    terminal: bool,
    bar: Option<ProgressBar>,
    last: i64,
    /// Whether anything was said of what is being done.
    said: bool,
    what: String,
}

impl Bar {
    pub fn new(language: Language, json: bool, terminal: bool) -> Bar {
        Bar { language, json, terminal, bar: None, last: 0, said: false, what: String::new() }
    }

    pub fn show(&mut self, progress: &Progress) {
        let what = progress.what.in_language(self.language);
        let begins = what != self.what;
        if begins {
            self.end();
            self.what = what.to_string();
        }
        if self.terminal && !self.json {
            return self.show_bar(progress);
        }
        // What is soon done needs no word.
        let now = world::now();
        if begins {
            (self.last, self.said) = (now, false);
        }
        let ends = self.said && progress.total == Some(progress.done);
        if ends || now - self.last >= EVERY {
            (self.last, self.said) = (now, true);
            super::teller::line(&self.line(progress));
        }
    }

    fn line(&self, progress: &Progress) -> String {
        let (done, total) = (progress.done, progress.total);
        if self.json {
            return json!({ "progress": { "what": self.what, "done": done, "total": total } })
                .to_string();
        }
        match total {
            Some(total) => format!("{} {done}/{total}", self.what),
            None if done == 0 => self.what.clone(),
            None => format!("{} {done}", self.what),
        }
    }

    fn show_bar(&mut self, progress: &Progress) {
        let bar = self.bar.get_or_insert_with(|| match progress.total {
            Some(total) => ProgressBar::new(total)
                .with_style(style("{msg} {bar:30} {human_pos}/{human_len} {per_sec} {eta}")),
            None => ProgressBar::new_spinner().with_style(style("{spinner} {msg} {human_pos}")),
        });
        bar.set_message(self.what.clone());
        bar.set_position(progress.done);
    }

    /// Leaves the line as it stands.
    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.abandon();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
