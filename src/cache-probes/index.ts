import { btfTracepoint } from './btf-tracepoint.ts';
import type { CacheProbe } from './cache-probe.ts';
import { fentry } from './fentry.ts';
import { kprobe } from './kprobe.ts';
import { tracepoint } from './tracepoint.ts';

/** The ways to observe the page cache, the most exact and cheapest first: `auto` takes the first that works. */
export const cacheProbes: readonly CacheProbe[] = [fentry, kprobe, btfTracepoint, tracepoint];
