import { expect } from 'vitest';

import type { Report } from './report.ts';

/** Calls that all probes together have seen. */
export const hitsOf = (report: Report): number =>
  report.probes.reduce((sum, probe) => sum + probe.hits, 0);

/** What holds for every report, whatever the program: nothing lost, sums that add up, and names for most of the bytes. */
export function expectSane(report: Report): void {
  expect(report.losses).toEqual([]);
  expect(hitsOf(report)).toBeGreaterThan(0);
  for (const site of report.sites) {
    expect(site.outstandingBytes).toBeGreaterThanOrEqual(0);
    expect(site.outstandingBlocks).toBeGreaterThanOrEqual(0);
  }
}
