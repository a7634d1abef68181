//! Which overlays a command means: those given, laid beside those in force, or the folder of the
//! data folder where there is one, which is the truth then.

use crate::failure::{Failure, Result};
use crate::folder;
use crate::host::Host;
use clap::Args;
use engine::definitions;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use store::core::definition::Files;

/// As on the command line; the files are read where the command was given.
#[derive(Debug, Default, Args, Serialize, Deserialize)]
pub struct Overlays {
    #[arg(value_name = "PATH")]
    #[serde(skip)]
    pub paths: Vec<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub remove: Vec<String>,
    #[arg(skip)]
    pub files: Files,
}

impl Overlays {
    /// Reads the files.
    ///
    /// # Errors
    /// Refused where one cannot be read.
    pub fn read(mut self) -> Result<Overlays> {
        self.files = folder::overlays(&self.paths)?;
        Ok(self)
    }

    /// All overlays as they would be.
    ///
    /// # Errors
    /// Refused where one to be removed is not there, and where the data folder says which there
    /// are.
    pub fn together(self, host: &Host) -> Result<Files> {
        let asks = !self.files.is_empty() || !self.remove.is_empty();
        if let Some(laid) = crate::serve::overlays(&host.settings)? {
            return if asks { Err(folder_is_truth(host)) } else { Ok(laid) };
        }
        let mut laid = definitions::overlays(host.engine.database())?;
        for name in &self.remove {
            if laid.remove(name).is_none() {
                return Err(not_laid(name, &laid));
            }
        }
        laid.extend(self.files);
        Ok(laid)
    }
}

fn folder_is_truth(host: &Host) -> Failure {
    let folder = host.settings.data.join("overlays");
    let shown = folder.display();
    Failure::refused(
        "overlays-in-folder",
        format!("The overlays are those in {shown}; change them there, then run it without paths."),
        format!("叠加文件以 {shown} 为准；请在该目录中修改，然后不带路径再次执行。"),
    )
}

fn not_laid(name: &str, laid: &Files) -> Failure {
    let all: Vec<&str> = laid.keys().map(String::as_str).collect();
    let (en, zh) = match all.is_empty() {
        true => ("there are none".into(), "目前没有".into()),
        false => (format!("there are {}", all.join(", ")), format!("现有：{}", all.join("、"))),
    };
    Failure::refused(
        "not-found",
        format!("No overlay \"{name}\" is in force; {en}."),
        format!("没有生效的叠加文件“{name}”；{zh}。"),
    )
}
