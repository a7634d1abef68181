//! The machine that a figure was measured on, in a sentence.

use std::collections::BTreeSet;

/// Date, processor, cores, memory and kernel.
pub fn describe() -> String {
    let date = jiff::Timestamp::now().to_string();
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (processor, memory) = (processor(&read("/proc/cpuinfo")), memory(&read("/proc/meminfo")));
    let kernel = read("/proc/sys/kernel/osrelease");
    let day = date.split('T').next().unwrap_or_default();
    format!("{day}, {processor}, {cores} cores, {memory} GiB, Linux {}", kernel.trim())
}

fn processor(cpuinfo: &str) -> String {
    let names = cpuinfo.lines().filter(|line| line.starts_with("model name"));
    let names: BTreeSet<&str> = names.filter_map(|line| line.split(": ").nth(1)).collect();
    match names.into_iter().collect::<Vec<_>>().join(" and ") {
        none if none.is_empty() => "unknown processor".to_string(),
        names => names,
    }
}

fn memory(meminfo: &str) -> u64 {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0).div_ceil(1024 * 1024)
}

#[cfg(test)]
mod tests {
    use super::{memory, processor};

    #[test]
    fn the_kernel_is_read() {
        assert_eq!(processor("model name\t: X 5\nflags\t: a\nmodel name\t: X 5\n"), "X 5");
        assert_eq!(memory("MemTotal:       24689860 kB\n"), 24);
    }
}
