import { bpf } from '../../native/bpf.ts';
import { plainCallNs } from './calibration.ts';
import type { HeapObject } from './heap-object.ts';

/** What the loaded programs cost here per call, traps included, nanoseconds of the target's CPU time. */
export interface ProgramCost {
  /** A call that allocates: its entry with the stack, its return, the bookkeeping. */
  readonly callNs: number;
  /** A call that frees. */
  readonly freeNs: number;
}

const calls = 100;
const ownImage = 0xffff_ffff;
const maps = ['live_blocks', 'sites', 'lost_sites', 'stacks', 'threads', 'known_images'];

/** Measures the programs on functions of our own, then takes everything out that this left in the tables. */
export async function measurePrograms(heap: HeapObject): Promise<ProgramCost> {
  const alloc = bpf().calibrationFunction('alloc');
  const free = bpf().calibrationFunction('free');
  const plain = await plainCallNs();
  heap.addProcess(process.pid, ownImage);
  heap.acknowledge(ownImage);
  const at = (place: typeof alloc) => ({
    kind: heap.link,
    path: place.path,
    offsets: [place.offset],
    pid: process.pid,
  });
  const links = [
    await heap.object.attach({ ...at(alloc), program: 'shape_size' }),
    await heap.object.attach({ ...at(free), program: 'shape_free' }),
    ...(heap.link === 'session'
      ? []
      : [await heap.object.attach({ ...at(alloc), program: 'leave', atReturn: true })]),
  ];
  heap.record(true);
  const callNs = (await bpf().timeCalibration('alloc', calls)) - plain;
  const freeNs = (await bpf().timeCalibration('free', calls)) - plain;
  heap.record(false);
  heap.removeProcess(process.pid);
  void heap.object.detach(links);
  await forget(heap);
  return { callNs: Math.max(0, callNs), freeNs: Math.max(0, freeNs) };
}

async function forget(heap: HeapObject): Promise<void> {
  const { object } = heap;
  for (const map of maps) {
    const { length, keys, keySize } = await object.read(map);
    for (let i = 0; i < length; i++)
      object.remove(map, keys.subarray(i * keySize, (i + 1) * keySize));
  }
  for (const map of ['losses', 'probe_hits']) {
    const { length, keys, keySize, valueSize } = await object.read(map);
    const zero = new Uint8Array(valueSize);
    for (let i = 0; i < length; i++)
      object.update(map, keys.subarray(i * keySize, (i + 1) * keySize), zero);
  }
  await heap.events(0);
}
