import type { AllocationKind, Blocks, Site } from '../../domain/leak-snapshot.ts';
import { lossReasons, type Loss, type LossReason } from '../../domain/losses.ts';
import { bytes, milliseconds } from '../../domain/units.ts';
import type { BpfObject, Layout } from '../../native/bpf.ts';
import { enumNames } from './events.ts';
import { Records } from './records.ts';

/** One entry of the site table: a site whose stack is still a hash. */
export type SiteCounters = Omit<Site, 'stackId'> & { readonly hash: bigint };

/** Reads the tables that bpf/lib/{sites,blocks,losses}.bpf.h keep, of any object that has them. */
export class Counters {
  readonly #object: BpfObject;
  readonly #layouts: Readonly<
    Record<'site_key' | 'site' | 'block_key' | 'live_block' | 'loss', Layout>
  >;
  readonly #kinds: ReadonlyMap<number, AllocationKind>;
  readonly #losses: ReadonlyMap<number, string>;

  constructor(object: BpfObject) {
    this.#object = object;
    this.#layouts = {
      site_key: object.layout('site_key'),
      site: object.layout('site'),
      block_key: object.layout('block_key'),
      live_block: object.layout('live_block'),
      loss: object.layout('loss'),
    };
    this.#kinds = enumNames(object.enumerators('allocation_kind'), 'KIND_');
    this.#losses = enumNames(object.enumerators('loss_reason'), 'LOSS_');
  }

  /** All sites; times are since `originNs`. */
  async sites(originNs: number): Promise<SiteCounters[]> {
    const maps = await Promise.all([this.#object.read('sites'), this.#object.read('lost_sites')]);
    return maps.flatMap(({ length, keys, values }) => {
      const key = new Records(keys, this.#layouts.site_key);
      const site = new Records(values, this.#layouts.site);
      const buckets = this.#layouts.site.fields['lifetimes']?.length ?? 0;
      return Array.from({ length }, (_, i) => ({
        hash: key.big(i, 'stack'),
        image: key.u32(i, 'image'),
        kind: this.#kinds.get(key.u32(i, 'kind')) ?? 'heap',
        allocatedBytes: bytes(site.u64(i, 'allocated_bytes')),
        allocatedBlocks: site.u64(i, 'allocated_blocks'),
        freedBytes: bytes(site.u64(i, 'freed_bytes')),
        freedBlocks: site.u64(i, 'freed_blocks'),
        firstAt: milliseconds((site.u64(i, 'first_ns') - originNs) / 1e6),
        latestAt: milliseconds((site.u64(i, 'latest_ns') - originNs) / 1e6),
        lifetimes: Array.from({ length: buckets }, (__, b) => site.u32(i, 'lifetimes', b)),
      }));
    });
  }

  /** Every outstanding block; `site` by its stack's hash and image, -1 for one that `indexOf` does not know. */
  async blocks(
    originNs: number,
    indexOf: (hash: bigint, image: number) => number,
  ): Promise<Blocks & { readonly image: Uint32Array }> {
    const { length, keys, values } = await this.#object.read('live_blocks');
    const key = new Records(keys, this.#layouts.block_key);
    const block = new Records(values, this.#layouts.live_block);
    const columns = {
      length,
      address: new BigUint64Array(length),
      size: new Float64Array(length),
      bornAt: new Float64Array(length),
      site: new Int32Array(length),
      image: new Uint32Array(length),
    };
    for (let i = 0; i < length; i++) {
      const image = key.u32(i, 'image');
      columns.address[i] = key.big(i, 'address');
      columns.size[i] = block.u64(i, 'size_bytes');
      columns.bornAt[i] = (block.u64(i, 'born_ns') - originNs) / 1e6;
      columns.site[i] = indexOf(block.big(i, 'stack'), image);
      columns.image[i] = image;
    }
    return columns;
  }

  /** Losses that happened, and the count that is no loss. */
  async losses(): Promise<{ readonly losses: Loss[]; readonly unknownFrees: number }> {
    const { length, values, valueSize } = await this.#object.read('losses');
    const { size } = this.#layouts.loss;
    const records = new Records(values, this.#layouts.loss);
    const cpus = valueSize / size;
    const losses: Loss[] = [];
    let unknownFrees = 0;
    for (let i = 0; i < length; i++) {
      let count = 0;
      let lost = 0;
      for (let cpu = 0; cpu < cpus; cpu++) {
        count += records.u64(i * cpus + cpu, 'count');
        lost += records.u64(i * cpus + cpu, 'bytes');
      }
      const reason = this.#losses.get(i);
      if (reason === undefined) unknownFrees = count;
      else if (count > 0 && isLossReason(reason)) losses.push({ reason, count, bytes: lost });
    }
    return { losses, unknownFrees };
  }
}

const isLossReason = (name: string): name is LossReason => name in lossReasons;
