import { lineReader, symbolReader } from './addons.ts';
import { anyCacheMode, cacheModeChecks } from './cache-modes.ts';
import type { HostCheck, TargetCheck } from './check.ts';
import { kernelVersion } from './kernel-version.ts';
import { leakPrograms, returnProbes } from './leak-programs.ts';
import { anyLink, multiLink, perfEventLink, sessionLink } from './links.ts';
import { otherUsers, privileges } from './privileges.ts';
import { kernelTypes, lockdown, perfEvents, tracefs } from './settings.ts';
import { allocators, placement } from './target-probes.ts';
import { safety } from './target-safety.ts';
import { framePointers, symbols } from './target-symbols.ts';
import { classicTracepoint, rawTracepoint } from './tracepoints.ts';

/** What is looked at on a host, in the order of the table. */
export const hostChecks: readonly HostCheck[] = [
  kernelVersion,
  privileges,
  otherUsers,
  lockdown,
  kernelTypes,
  tracefs,
  perfEvents,
  sessionLink,
  multiLink,
  perfEventLink,
  anyLink,
  returnProbes,
  rawTracepoint,
  classicTracepoint,
  leakPrograms,
  ...cacheModeChecks,
  anyCacheMode,
  symbolReader,
  lineReader,
];

/** What is looked at in a process. */
export const targetChecks: readonly TargetCheck[] = [
  safety,
  allocators,
  placement,
  symbols,
  framePointers,
];
