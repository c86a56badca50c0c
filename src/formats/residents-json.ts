import {
  coverage,
  type Resident,
  type Residents,
  residentTotal,
  shareOfCache,
  shareOfFile,
} from '../domain/residents.ts';
import { cachedFileJson } from './cache/cached-file-json.ts';

/** One object on one line: docs/cache-top.schema.json. Counts are base pages, sizes bytes. */
export function residentsJson(residents: Residents): string {
  const total = residentTotal(residents);
  return `${JSON.stringify({
    v: 1,
    type: 'residents',
    time: new Date(residents.takenAt).toISOString(),
    tookMs: rounded(residents.took),
    method: residents.method,
    partial: residents.method !== 'inodes',
    pageSizeBytes: residents.pageSize,
    cached: residents.cached,
    swapCache: residents.swapCache,
    foundFiles: total.files,
    foundPages: total.pages,
    coverage: share(coverage(residents)),
    kinds: residents.kinds,
    files: residents.largest.map((row) => file(row, residents)),
    notices: residents.notices,
  })}\n`;
}

const file = (row: Resident, residents: Residents) => ({
  ...cachedFileJson(row.file),
  dirty: row.dirty,
  shareOfCache: share(shareOfCache(row, residents)),
  shareOfFile: share(shareOfFile(row, residents)),
});

const rounded = (n: number): number => Math.round(n * 1000) / 1000;
const share = (n: number | null): number | null => (n === null ? null : Math.round(n * 1e6) / 1e6);
