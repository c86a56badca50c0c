import { type CgroupResidents, shareOfCgroup } from '../domain/cgroup-residents.ts';
import {
  cgroupResidentColumns,
  dispensableCgroupColumns,
} from '../view/cgroup-resident-columns.ts';
import { printable } from '../view/printable.ts';
import { fittingTableColumns, tableLines } from '../view/table.ts';
import { binaryText, countText } from '../view/units.ts';

/** The page cache by control group, as a table of at most `width` characters; what is not of the table begins with `#`. */
export function cgroupResidentsText(residents: CgroupResidents, width: number): string {
  const columns = fittingTableColumns(
    cgroupResidentColumns(residents),
    dispensableCgroupColumns,
    width,
  );
  const left = residents.groups - residents.largest.length;
  const lines = [
    `# page cache ${binaryText(residents.cached)}, by the control group that brought it in, with those below it`,
    ...tableLines(columns, residents.largest, width),
    ...(left > 0 ? [`# and ${countText(left)} more ${left === 1 ? 'group' : 'groups'}`] : []),
    ...residents.notices.map(({ text }) => `# ${text}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/** One object on one line: docs/cache-top.schema.json. */
export function cgroupResidentsJson(residents: CgroupResidents): string {
  return `${JSON.stringify({
    v: 1,
    type: 'cgroup-residents',
    time: new Date(residents.takenAt).toISOString(),
    cachedBytes: residents.cached,
    groupCount: residents.groups,
    groups: residents.largest.map((row) => ({
      cgroup: row.path,
      cacheBytes: row.cache,
      mappedBytes: row.mapped,
      sharedBytes: row.shared,
      dirtyBytes: row.dirty,
      shareOfCache: Math.round(shareOfCgroup(row, residents) * 1e6) / 1e6,
    })),
    notices: residents.notices,
  })}\n`;
}
