/** CLOCK_MONOTONIC in nanoseconds, as bpf_ktime_get_ns() gives it. */
export const monotonicNs = (): number => Number(process.hrtime.bigint());
