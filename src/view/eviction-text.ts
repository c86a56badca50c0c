import type { Eviction } from '../domain/evictions.ts';
import { bytes, type Bytes, type Pages } from '../domain/units.ts';
import { printable } from './printable.ts';
import { binaryText, durationText } from './units.ts';

/** Who evicted whom, as one sentence without a full stop. `pageSize`: bytes of a page. */
export function evictionText(eviction: Eviction, pageSize: Bytes): string {
  const { by, file, evicted, direct, added, isOwn, cameBack, exact, within } = eviction;
  const size = (pages: Pages) => binaryText(bytes(pages * pageSize));
  const whom = `${size(evicted)} of ${file.path}${isOwn ? ', which it filled itself,' : ''}`;
  const what =
    by === null
      ? `${whom} were evicted while nobody added pages to the cache: other memory took their place`
      : added === 0
        ? `${by.command}[${by.pid}] needed memory and evicted ${whom} for it`
        : `${by.command}[${by.pid}] filled ${size(added)} while ${whom} were evicted`;
  const itself = added > 0 && direct > 0 ? ` (${size(direct)} by itself)` : '';
  const back =
    cameBack === 0
      ? ''
      : `; ${exact ? '' : 'at most '}${size(cameBack)} of it were read again within ${durationText(within)}`;
  return printable(`${what}${itself}${back}`);
}
