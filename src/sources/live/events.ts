import type { Layout } from '../../native/bpf.ts';
import { Records } from './records.ts';

export type EventKind =
  | 'fork'
  | 'exec'
  | 'exit'
  | 'libraries'
  | 'first-call'
  | 'map'
  | 'unmap'
  | 'remap'
  | 'alloc'
  | 'free';

/** One record of the ring, as bpf/wire.h has it. Times are CLOCK_MONOTONIC nanoseconds. */
export interface Event {
  readonly kind: EventKind;
  readonly atNs: number;
  readonly pid: number;
  readonly tid: number;
  readonly image: number;
  readonly address: bigint;
  readonly size: number;
  readonly oldAddress: bigint;
  readonly oldSize: number;
  readonly stack: bigint;
  readonly protection: number;
  readonly flags: number;
  readonly otherPid: number;
  readonly otherImage: number;
  readonly command: string;
}

/** `EVENT_FIRST_CALL` → `first-call`: the programs' names in TypeScript's spelling. */
export function enumNames<Name extends string>(
  enumerators: Readonly<Record<string, number>>,
  prefix: string,
): ReadonlyMap<number, Name> {
  return new Map(
    Object.entries(enumerators)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [
        value,
        name.slice(prefix.length).toLowerCase().replaceAll('_', '-') as Name,
      ]),
  );
}

/** Decodes what Ring.wait() gave. */
export function decodeEvents(
  bytes: Uint8Array<ArrayBuffer>,
  layout: Layout,
  kinds: ReadonlyMap<number, EventKind>,
): Event[] {
  const stride = 8 + Math.ceil(layout.size / 8) * 8;
  const records = new Records(bytes.subarray(8), layout, stride);
  // The last record may lack the bytes of a whole stride behind it.
  const length = Math.floor(bytes.length / stride);
  return Array.from({ length }, (_, i): Event => {
    const kind = kinds.get(records.u32(i, 'kind'));
    if (kind === undefined) throw new Error(`event of unknown kind ${records.u32(i, 'kind')}`);
    return {
      kind,
      atNs: records.u64(i, 'at_ns'),
      pid: records.u32(i, 'pid'),
      tid: records.u32(i, 'tid'),
      image: records.u32(i, 'image'),
      address: records.big(i, 'address'),
      size: records.u64(i, 'size_bytes'),
      oldAddress: records.big(i, 'old_address'),
      oldSize: records.u64(i, 'old_size_bytes'),
      stack: records.big(i, 'stack'),
      protection: records.u32(i, 'protection'),
      flags: records.u32(i, 'flags'),
      otherPid: records.u32(i, 'other_pid'),
      otherImage: records.u32(i, 'other_image'),
      command: records.text(i, 'command'),
    };
  });
}
