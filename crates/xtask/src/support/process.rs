//! Running other programs, and what the kernel says of a running one: memory, processor time. Linux
//! only, as the rigs are.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// Runs a program to its end and gives what it wrote to stdout; a failure carries its stderr.
pub fn run(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output();
    finished(command, output)
}

/// As [`run`], with a text on stdin.
pub fn run_with(command: &mut Command, input: &str) -> Result<String, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = command.spawn().and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        child.wait_with_output()
    });
    finished(command, output)
}

fn finished(command: &Command, output: std::io::Result<Output>) -> Result<String, String> {
    let name = || {
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    };
    let output = output.map_err(|error| format!("{}: {error}", name()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{}`: {}\n{}", name(), output.status, words.trim_end()))
}

/// Sends a signal by name (`TERM`, `KILL`, `STOP`, `CONT`).
pub fn signal(id: u32, name: &str) -> Result<(), String> {
    run(Command::new("kill").arg(format!("-{name}")).arg(id.to_string())).map(|_| ())
}

/// Whether the user may do what only root may: mount, start programs as somebody else.
pub fn is_root() -> bool {
    run(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Memory of a process, in kilobytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// All pages present.
    pub resident: u64,
    /// Its share of the pages present; what it costs the machine.
    pub proportional: u64,
    /// The most that was ever resident.
    pub peak: u64,
}

/// What the process takes now; none once it has ended.
pub fn memory(id: u32) -> Option<Memory> {
    let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    Some(Memory {
        resident: kilobytes(&rollup, "Rss:")?,
        proportional: kilobytes(&rollup, "Pss:")?,
        peak: kilobytes(&status, "VmHWM:")?,
    })
}

/// The processor time that the process has taken, in steps of 10 ms (`proc(5)`: fields 14 and 15,
/// in ticks, of which Linux shows 100 a second on every architecture that we serve).
pub fn processor(id: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    ticks(&stat).map(|ticks| Duration::from_millis(ticks * 10))
}

/// In a program's own hand and in the kernel's for it. The name, which may hold anything, ends
/// with the last bracket.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{kilobytes, memory, run, run_with, ticks};
    use std::process::Command;

    #[test]
    fn the_kernel_is_read() {
        assert_eq!(ticks("7 (a) b) S 1 7 7 0 -1 4 10 0 0 0 31 11 0 0 20"), Some(42));
        assert_eq!(kilobytes("Rss:    12 kB\nPss:     7 kB\n", "Pss:"), Some(7));
        let own = memory(std::process::id()).unwrap();
        assert!(own.resident >= own.proportional && own.peak >= own.resident);
    }

    #[test]
    fn programs_are_run() {
        assert_eq!(run_with(&mut Command::new("cat"), "words").unwrap(), "words");
        assert!(
            run(Command::new("sh").args(["-c", "echo no >&2; exit 3"])).unwrap_err().contains("no")
        );
    }
}
