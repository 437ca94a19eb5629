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

/// The processor time of a process and its children, those that have ended included.
pub fn family_cpu_us(parent: u32) -> u64 {
    let Ok(entries) = fs::read_dir("/proc") else { return 0 };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let children: u64 = pids.filter_map(stat).filter(|stat| stat.parent == parent).map(|stat| stat.own_us).sum();
    children + stat(parent).map_or(0, |stat| stat.own_us + stat.ended_us)
}

/// The parent of a living process.
pub fn parent_of(pid: u32) -> Option<u32> {
    stat(pid).map(|stat| stat.parent)
}

/// The time all processors of this machine have been busy, with whatever it was.
pub fn machine_us() -> u64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    // user nice system idle iowait irq softirq
    let ticks: Vec<u64> = line.split_whitespace().skip(1).map(|field| field.parse().unwrap_or(0)).collect();
    [0, 1, 2, 5, 6].iter().filter_map(|at| ticks.get(*at)).sum::<u64>() * TICK_US
}

struct Stat {
    parent: u32,
    own_us: u64,
    /// Of children that have ended.
    ended_us: u64,
}

/// The name is in brackets and may hold anything; the numbers come after the last bracket.
fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, tail) = text.rsplit_once(") ")?;
    let numbers: Vec<u64> = tail.split(' ').map(|field| field.trim().parse().unwrap_or(0)).collect();
    let ticks = |at: usize| numbers.get(at).copied().unwrap_or(0) * TICK_US;
    let parent = numbers.get(1).and_then(|parent| u32::try_from(*parent).ok()).unwrap_or(0);
    Some(Stat { parent, own_us: ticks(11) + ticks(12), ended_us: ticks(13) + ticks(14) })
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
