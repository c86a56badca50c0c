import { afterAll, describe, expect, test } from 'vitest';

import { cacheProbes } from '../../src/cache-probes/index.ts';
import { bytes } from '../../src/domain/units.ts';
import { Failure } from '../../src/errors/failure.ts';
import { bpf, type BpfObject, isSystemError, openObject } from '../../src/native/bpf.ts';
import { attach } from '../../src/sources/live/cache/load.ts';
import { HeapObject } from '../../src/sources/live/heap-object.ts';
import { measurePrograms } from '../../src/sources/live/program-cost.ts';
import { configure, openKernelObject } from '../../src/sources/live/kernel-object.ts';
import type { LeakSessionRequest } from '../../src/sources/live/request.ts';
import { isLacking, leave } from './guest.ts';

const request: LeakSessionRequest = {
  target: { kind: 'command', argv: ['true'] },
  minSize: bytes(0),
  maxSize: bytes(Infinity),
  sampleRate: 1,
  maxBlocks: 1024,
  stackStorageSize: 64,
  maxStackDepth: 127,
  follow: true,
  link: 'auto',
  object: null,
  symbolsPrefix: '',
  trace: true,
};

/** What our own questions to the kernel have found: there is nothing to try. */
class Lacking extends Error {}

const isOfKernel = (error: unknown): boolean =>
  error instanceof Lacking ||
  isSystemError(error) ||
  (error instanceof Failure && error.code === 'bpf-load-refused');

const loaded = async (object: BpfObject): Promise<BpfObject> => {
  await object.load();
  return object;
};

/** Each object in each of its forms: what it needs of the kernel, and how it is loaded, and attached where it has places of its own. */
const forms: readonly {
  readonly name: string;
  readonly needs: string;
  readonly load: () => Promise<BpfObject>;
}[] = [
  ...(['session', 'multi', 'perf-event'] as const).map((link) => ({
    name: `heap, ${link}`,
    needs: `link ${link}`,
    load: async () => {
      const heap = await HeapObject.load(request, link, 0);
      // Before the links came, the kernel took the programs for other ones.
      await measurePrograms(heap);
      return heap.object;
    },
  })),
  {
    name: 'kernel',
    needs: 'kernel leak',
    load: async () => {
      const object = openKernelObject();
      const kernel = { kind: 'kernel', percpu: true, missingFreeWorkaround: false } as const;
      const probes = configure(object, { ...request, target: kernel });
      await object.load();
      for (const { program, event } of probes)
        await object.attach({ kind: 'raw-tracepoint', program, event });
      return object;
    },
  },
  ...cacheProbes.map((probe) => ({
    name: `cache, ${probe.mode}`,
    needs: probe.mode,
    load: async () => {
      const plan = probe.plan(bpf());
      if ('lacks' in plan) throw new Lacking(plan.lacks);
      return (await attach(probe, plan, { maxRows: 64 })).object;
    },
  })),
  { name: 'residents', needs: 'residents', load: () => loaded(openObject('residents')) },
  { name: 'open_paths', needs: 'open paths', load: () => loaded(openObject('open_paths')) },
];

const instructions: Record<string, Record<string, number>> = {};

const isHere = ({ needs }: (typeof forms)[number]): boolean => !isLacking(needs);

describe('on this kernel, of objects', () => {
  test.for(forms.filter(isHere))(
    '$name: the kernel takes every program',
    async ({ name, load }) => {
      const object = await load();
      const verified = object
        .programs()
        .map((program) => [program.name, program.verifiedInstructions] as const);
      const counted = verified.filter(([, count]) => count > 0);
      expect(counted).toHaveLength(isLacking('verified instructions') ? 0 : verified.length);
      instructions[name] = Object.fromEntries(counted);
      await object.close();
    },
  );

  test.for(forms.filter((form) => !isHere(form)))(
    '$name: it really cannot, for lack of $needs',
    async ({ load }) => {
      const outcome: unknown = await load().catch((error: unknown) => error);
      // Anything else is wrong with us.
      expect(outcome).toSatisfy(isOfKernel);
    },
  );
});

afterAll(() => leave('verifier.json', JSON.stringify(instructions)));
