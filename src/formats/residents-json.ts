import {
  coverage,
  type Resident,
  type Residents,
  residentTotal,
  shareOfCache,
  shareOfFile,
} from '../domain/residents.ts';

/** One object on one line: docs/cache-top.schema.json. Pages are base pages; sizes bytes; inode numbers texts, since they go beyond 2^53. */
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
    cachedPages: residents.cached,
    swapCachePages: residents.swapCache,
    foundFiles: total.files,
    foundPages: total.pages,
    coverage: share(coverage(residents)),
    kinds: residents.kinds,
    files: residents.largest.map((row) => file(row, residents)),
    notices: residents.notices,
  })}\n`;
}

function file(row: Resident, residents: Residents) {
  const { file: it, dirty } = row;
  return {
    path: it.path,
    named: it.named,
    hostPath: it.hostPath,
    deleted: it.deleted,
    kind: it.kind,
    fileSystem: it.fileSystem,
    device: it.device,
    inode: String(it.inode),
    links: it.links,
    sizeBytes: it.size,
    residentPages: it.resident,
    dirtyPages: dirty,
    shareOfCache: share(shareOfCache(row, residents)),
    shareOfFile: share(shareOfFile(row, residents)),
  };
}

const rounded = (n: number): number => Math.round(n * 1000) / 1000;
const share = (n: number | null): number | null => (n === null ? null : Math.round(n * 1e6) / 1e6);
