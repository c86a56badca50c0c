import type { CachedFile } from '../../domain/cache-snapshot.ts';

/** A file as every JSON line of the page cache has it: `file` of docs/cache.schema.json. Inode numbers go beyond 2^53. */
export const cachedFileJson = (of: CachedFile) => ({
  path: of.path,
  hostPath: of.hostPath,
  device: of.device,
  inode: String(of.inode),
  kind: of.kind,
  fileSystem: of.fileSystem,
  named: of.named,
  deleted: of.deleted,
  links: of.links,
  sizeBytes: of.size,
  resident: of.resident,
});
