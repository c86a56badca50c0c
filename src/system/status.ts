import { readFile } from 'node:fs/promises';

/** What memtrace needs of /proc/PID/status. */
export interface ProcessStatus {
  readonly name: string;
  readonly tgid: number;
  readonly parent: number;
  /** Its process id in each PID namespace, outermost first. */
  readonly namespacePids: readonly number[];
  readonly effectiveUid: number;
  /** Bit set of effective capabilities. */
  readonly effectiveCapabilities: bigint;
  readonly seccomp: 'none' | 'strict' | 'filter';
  /** e.g. `shstk`, `wrss`; empty on other architectures and before 6.6. */
  readonly threadFeatures: readonly string[];
}

const seccompModes = { '0': 'none', '1': 'strict', '2': 'filter' } as const;

/** Fields of the text of /proc/PID/status; a field that the kernel does not have gets its empty value. */
export function parseStatus(text: string): ProcessStatus {
  const fields = new Map(
    text.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    }),
  );
  const words = (name: string): string[] =>
    (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
  const mode = fields.get('Seccomp') ?? '0';
  return {
    name: (fields.get('Name') ?? '').replaceAll('\\n', '\n').replaceAll('\\\\', '\\'),
    tgid: Number(fields.get('Tgid')),
    parent: Number(fields.get('PPid')),
    namespacePids: words('NSpid').map(Number),
    effectiveUid: Number(words('Uid')[1]),
    effectiveCapabilities: BigInt(`0x${fields.get('CapEff') ?? '0'}`),
    seccomp: mode in seccompModes ? seccompModes[mode as keyof typeof seccompModes] : 'filter',
    threadFeatures: words('x86_Thread_features'),
  };
}

/** Status of a process or thread. Errors: those of reading the file (ENOENT, ESRCH). */
export async function readStatus(pid: number | 'self'): Promise<ProcessStatus> {
  return parseStatus(await readFile(`/proc/${pid}/status`, 'utf8'));
}
