import { pathText } from '../../../domain/byte-path.ts';
import type { CachedFile } from '../../../domain/cache-snapshot.ts';
import type { FileResidency } from '../../../domain/file-residency.ts';
import type { Notice } from '../../../domain/leak-snapshot.ts';
import type { Residents } from '../../../domain/residents.ts';
import { bytes, milliseconds, pages } from '../../../domain/units.ts';
import { Failure } from '../../../errors/failure.ts';
import { bpf } from '../../../native/bpf.ts';
import { deviceText } from '../../../system/device.ts';
import { readProcesses } from '../../../system/processes.ts';
import { fileKind } from '../cache/file-kind.ts';
import { nothingCollected } from '../files/collect.ts';
import { Measurer } from '../files/measure.ts';
import { addProcess } from '../files/process.ts';
import { kernelFigures } from './kernel-figures.ts';
import { KindTotals } from './kind-totals.ts';

/**
 * What is in the page cache of files that processes have open or mapped: where the walk through all inodes cannot be had.
 * `why` it cannot, as a phrase. Errors: Failure `not-built`.
 */
export async function residentsOfOpenFiles(count: number, why: string): Promise<Residents> {
  const takenAt = Date.now();
  const startedAt = performance.now();
  const { files, unreadable } = await collect();
  const kernel = await kernelFigures();
  const totals = new KindTotals();
  for (const { file } of files) totals.add(file.kind, file.resident ?? 0);
  return {
    takenAt,
    took: milliseconds(performance.now() - startedAt),
    method: 'open-files',
    pageSize: bytes(bpf().pageSize),
    ...kernel,
    kinds: totals.all,
    largest: files
      .toSorted((a, b) => (b.file.resident ?? 0) - (a.file.resident ?? 0))
      .slice(0, count),
    notices: notices(why, unreadable),
  };
}

async function collect(): Promise<{
  readonly files: Residents['largest'];
  readonly unreadable: number;
}> {
  const measurer = new Measurer({ cells: 0, ranges: false });
  const collected = nothingCollected();
  let unreadable = 0;
  for (const { pid } of await readProcesses()) {
    try {
      await addProcess(pid, measurer, collected);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'target-unreadable') unreadable++;
    }
  }
  const unique = new Map(collected.files.map((file) => [identityOf(file), file]));
  const cached = [...unique.values()].filter((file) => file.cached > 0);
  return {
    files: cached.map((file) => ({ file: cachedFile(file), dirty: dirty(file) })),
    unreadable,
  };
}

// Overlays show one file of a layer that they share each as their own.
function identityOf({ identity, fileSystem, size, modifiedAt }: FileResidency): string {
  if (fileSystem !== 'overlayfs') return identity;
  return ['overlayfs', identity.split(':')[1], size, modifiedAt].join(':');
}

const dirty = ({ states }: FileResidency) =>
  states === null ? null : pages(states.dirty + states.writeback);

function cachedFile(file: FileResidency): CachedFile {
  const [device = '0', inode = '0'] = file.identity.split(':');
  return {
    id: file.identity,
    device: deviceText(BigInt(device)),
    inode: BigInt(inode),
    kind: fileKind(file.fileSystem, BigInt(inode)),
    fileSystem: file.fileSystem,
    path: pathText(file.path),
    named: 'open-file',
    hostPath: null,
    deleted: file.deleted,
    links: file.deleted ? 0 : 1,
    size: file.size,
    resident: pages(file.cached),
    unseen: [],
  };
}

function notices(why: string, unreadable: number): Notice[] {
  return [
    {
      code: 'open-files-only',
      text: `Partial: only files that processes have open or mapped, since ${why}. Closed files and metadata are not in it.`,
    },
    ...(unreadable === 0
      ? []
      : [
          {
            code: 'processes-unreadable',
            text: `${unreadable === 1 ? 'A process' : `${unreadable} processes`} could not be looked at: run it with sudo.`,
          },
        ]),
  ];
}
