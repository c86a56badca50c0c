import type { CachedFile } from '../domain/cache-snapshot.ts';
import { printable } from './printable.ts';

/** The name of a file, with what is to be known of it: `/data/log (deleted)`. One line. */
export function cacheFileText(file: CachedFile): string {
  const remarks = [
    ...(file.kind === 'file' ? [] : [file.kind]),
    ...(file.deleted ? ['deleted'] : []),
    ...(file.links > 1 ? [`one of ${file.links} links`] : []),
    ...(file.hostPath === null ? [] : [`on the host ${file.hostPath}`]),
  ];
  return printable(`${file.path}${remarks.length === 0 ? '' : ` (${remarks.join(', ')})`}`);
}
