use std::fs;

/// What a process has cost so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// User and system time, all threads, in microseconds. The kernel counts in steps of 10 ms.
    pub cpu_us: u64,
    /// Memory in use now, bytes.
    pub rss: u64,
    /// The most memory it ever used, bytes.
    pub rss_peak: u64,
}

/// Length of the kernel's tick in /proc: USER_HZ is 100 on every Linux we run on.
const TICK_US: u64 = 10_000;

/// The cost of a living process; zeros when it is gone.
pub fn cost(pid: u32) -> Cost {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let kilobytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or(0) * 1024
    };
    let cpu_us = stat(pid).map_or(0, |stat| stat.own_us);
    Cost { cpu_us, rss: kilobytes("VmRSS:"), rss_peak: kilobytes("VmHWM:") }
}

/// The processor time of every process called `postgres` on this machine, with that of their children that ended.
pub fn postgres_cpu_us() -> u64 {
    let Ok(entries) = fs::read_dir("/proc") else { return 0 };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(stat).filter(|stat| stat.name == "postgres").map(|stat| stat.own_us + stat.children_us).sum()
}

struct Stat {
    name: String,
    own_us: u64,
    children_us: u64,
}

/// The name is in brackets and may hold anything; the numbers come after the last bracket.
fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (head, tail) = text.rsplit_once(") ")?;
    let name = head.split_once('(')?.1.to_owned();
    let numbers: Vec<u64> = tail.split(' ').map(|field| field.trim().parse().unwrap_or(0)).collect();
    let ticks = |at: usize| numbers.get(at).copied().unwrap_or(0) * TICK_US;
    Some(Stat { name, own_us: ticks(11) + ticks(12), children_us: ticks(13) + ticks(14) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_this_process_is_read() {
        let begun = std::time::Instant::now();
        while begun.elapsed().as_millis() < 50 {
            std::hint::spin_loop();
        }
        let cost = cost(std::process::id());
        assert!(cost.cpu_us >= 10_000, "{cost:?}");
        assert!(cost.rss > 100_000 && cost.rss_peak >= cost.rss, "{cost:?}");
    }
}
