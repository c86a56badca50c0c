import { execFileSync } from 'node:child_process';
import { fstatSync, readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seesBlocks } from '../../../src/allocators/match.ts';
import { closePlan, planProbes } from '../../../src/sources/live/plan.ts';
import { isObjectMissing } from '../../../src/sources/live/plan-object.ts';
import { buildTarget, type Variant } from '../../support/build-target.ts';
import { library } from '../../support/library.ts';
import { requires } from '../../support/require.ts';
import { Target } from '../../support/run-target.ts';
import { drawn, plan, reasonFor, running, start } from './planning.ts';

/** Addresses of an object's exported functions, as nm sees them. */
function addresses(path: string): Map<string, number> {
  const lines = execFileSync('nm', ['-D', '--defined-only', path], { encoding: 'utf8' }).split(
    '\n',
  );
  return new Map(
    lines.flatMap((line) => {
      const [, address, symbol] = /^([0-9a-f]+) [TWi] ([^@]+)/.exec(line) ?? [];
      return address && symbol ? [[symbol, Number.parseInt(address, 16)] as const] : [];
    }),
  );
}

/** Paths of what this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      // The one that read the folder.
      return [];
    }
  });
}

const dynamic = buildTarget('family.c', 'dynamic') ?? '';
const cFamily = [
  'malloc',
  'calloc',
  'realloc',
  'reallocarray',
  'free',
  'posix_memalign',
  'aligned_alloc',
  'valloc',
  'pvalloc',
];

describe('the plan of a process', () => {
  it('has every function of its libc once, where nm sees it', async () => {
    const made = await plan(await start([dynamic]));
    const libc = made.rows.filter((row) => row.allocator === 'glibc');
    expect(libc.map((row) => row.symbol).sort()).toEqual([...cFamily].sort());
    expect(new Set(libc.map((row) => row.offset)).size).toBe(libc.length);
    const truth = addresses(libc[0]!.path);
    // The code of libc.so lies in the file where it lies in memory.
    for (const row of libc) expect(row.offset - row.delta).toBe(truth.get(row.symbol));
  });

  it('has the mappings of libc, and what the loader calls when libraries change', async () => {
    const made = await plan(await start([dynamic]));
    expect(
      made.rows
        .filter((row) => row.allocator === 'mappings')
        .map((row) => row.shape)
        .sort(),
    ).toEqual(['map', 'remap', 'unmap']);
    expect(made.rows.filter((row) => row.shape === 'libraries')).toHaveLength(1);
  });

  it('says of each object that it passed over why', async () => {
    const made = await plan(await start([dynamic]));
    expect(reasonFor(made, /family$/)).toBe('defines no allocation function');
    expect(reasonFor(made, /\/ld-/)).toMatch(/loader/);
  });

  it('holds open the file of each row until it is closed', async () => {
    const made = await planProbes(await start([dynamic]));
    const fds = [...new Set(made.rows.map((row) => row.fd))];
    expect(fds.every((fd) => fstatSync(fd).isFile())).toBe(true);
    closePlan(made);
    for (const fd of fds) expect(() => fstatSync(fd)).toThrow(/EBADF/);
  });

  it('leaves nothing open that it does not use', async () => {
    const pid = await start([dynamic]);
    closePlan(await planProbes(pid));
    expect(openFiles().filter((path) => /^(family|libc|ld-)/.test(basename(path)))).toEqual([]);
  });

  it('has nothing new where all objects are known', async () => {
    const pid = await start([dynamic]);
    const first = await plan(pid);
    expect((await plan(pid, { known: new Set(first.objects) })).rows).toEqual([]);
  });

  it('has the objects that dlopen brings, and only those', async () => {
    const path = library('libmimalloc');
    if (!requires('libmimalloc', path !== null, 'it is not installed')) return;
    const target = await Target.start([buildTarget('lives.c', 'dynamic') ?? '']);
    running.push(target);
    const before = await plan(target.pid);
    target.send(`dlopen 1\n${path}\nmi_malloc`);
    expect(await target.line('loaded')).toBe('yes');
    const after = await plan(target.pid, { known: new Set(before.objects) });
    expect(new Set(after.rows.map((row) => row.allocator))).toEqual(new Set(['mimalloc']));
  });

  it('rejects for a process that is gone', async () => {
    const target = await Target.start([dynamic]);
    await target.finish();
    await expect(planProbes(target.pid)).rejects.toMatchObject({ code: 'target-gone' });
  });
});

describe('allocators beside or instead of libc', () => {
  const preloads = [
    ['libjemalloc', 'jemalloc', ['malloc', 'free', 'mallocx', 'sdallocx', '_Znwm', '_ZdlPvm']],
    ['libtcmalloc_minimal', 'tcmalloc', ['malloc', 'free', '_Znwm']],
    ['libmimalloc', 'mimalloc', ['malloc', 'free', 'mi_zalloc', 'mi_heap_malloc']],
  ] as const;
  it.each(preloads)('finds %s, preloaded', async (name, allocator, symbols) => {
    const path = library(name);
    if (!requires(name, path !== null, 'it is not installed')) return;
    const made = await plan(await start([dynamic], { LD_PRELOAD: path ?? '' }));
    const rows = made.rows.filter((row) => row.allocator === allocator);
    expect(rows.map((row) => row.symbol)).toEqual(expect.arrayContaining([...symbols]));
    expect(new Set(rows.map((row) => row.offset)).size).toBe(rows.length);
  });

  it('finds a malloc in the executable itself, under its name', async () => {
    const made = await plan(await start([buildTarget('own-allocator.c', 'dynamic') ?? '']));
    expect(drawn(made)['own-allocator: own-allocator']).toEqual(['malloc', 'calloc', 'free']);
  });

  const linked: readonly [Variant, string][] = [
    ['static', 'family: glibc'],
    ['musl', 'libc.so: musl'],
    ['musl-static', 'family: musl'],
  ];
  it.each(linked)('finds the libc of a %s program', async (variant, key) => {
    const program = buildTarget('family.c', variant);
    if (!requires(variant, program !== null, 'it cannot be built here')) return;
    const found = drawn(await plan(await start([program ?? ''])));
    expect(found[key]).toEqual(
      expect.arrayContaining(['malloc', 'calloc', 'realloc', 'posix_memalign', 'aligned_alloc']),
    );
  });

  it('has one free where one is but a jump to the other', async () => {
    const program = buildTarget('family.c', 'musl-static');
    if (!requires('musl-static', program !== null, 'it cannot be built here')) return;
    const made = await plan(await start([program ?? '']));
    const jumps = /^jmp 0x/;
    const frees = made.rows.filter((row) => row.shape === 'free');
    expect(frees).toHaveLength(1);
    expect(frees.filter((row) => jumps.test(row.instruction))).toEqual([]);
  });

  it('says that a static, stripped program cannot be looked into', async () => {
    const made = await plan(await start([buildTarget('family.c', 'static-stripped') ?? '']));
    expect(seesBlocks(made.rows)).toBe(false);
    expect(reasonFor(made, /family$/)).toMatch(/statically linked and stripped/);
  });
});

describe('C++', () => {
  it('has the deletes of jemalloc that free by themselves, and not those that go to free', async () => {
    const path = library('libjemalloc');
    if (!requires('libjemalloc', path !== null, 'it is not installed')) return;
    const made = await plan(await start([dynamic], { LD_PRELOAD: path ?? '' }));
    const found = drawn(made)['libjemalloc.so.2: jemalloc'] ?? [];
    const code = execFileSync('objdump', ['-d', '--disassemble=_ZdlPv', path ?? ''], {
      encoding: 'utf8',
    });
    expect(found.includes('_ZdlPv')).toBe(!/jmp.*<free@plt>/.test(code));
    expect(found).toContain('_ZdlPvm');
  });

  it('has only the news of the shared runtime', async () => {
    const found = drawn(await plan(await start([buildTarget('heap.cc', 'cxx') ?? ''])));
    const [runtime] = Object.entries(found).filter(([key]) => key.startsWith('libstdc++'));
    expect(runtime?.[1]).toEqual(
      expect.arrayContaining(['_Znwm', '_Znam', '_ZnwmSt11align_val_t']),
    );
    expect(runtime?.[1].filter((symbol) => symbol.startsWith('_Zd'))).toEqual([]);
  });

  it('has no delete that only jumps to free, where the runtime is linked in', async () => {
    const program = buildTarget('heap.cc', 'cxx-own-runtime');
    const found = drawn(await plan(await start([program ?? ''])));
    expect(found['heap: C++ new']).toEqual(expect.arrayContaining(['_Znwm', '_Znam']));
    expect(found['heap: C++ new']?.filter((symbol) => symbol.startsWith('_Zd'))).toEqual([]);
  });
});

describe('a plan narrowed', () => {
  it.each(['libc.so.6', 'c', '/proc/self/root'])('to the object %s', async (asked) => {
    const pid = await start([dynamic], { LD_PRELOAD: library('libstdc++') ?? '' });
    const whole = await plan(pid);
    const path = whole.rows.find((row) => row.allocator === 'glibc')!.path;
    const made = await plan(pid, { object: asked.startsWith('/') ? `${asked}${path}` : asked });
    const paths = made.rows.filter((row) => row.shape !== 'libraries').map((row) => row.path);
    expect(new Set(paths)).toEqual(new Set([path]));
    expect(reasonFor(made, /libstdc/)).toBe(
      `not ${asked.startsWith('/') ? `${asked}${path}` : asked} (--obj)`,
    );
  });

  it('to an object that has no allocator, and to one that is not there', async () => {
    const pid = await start([dynamic]);
    const [unfit, missing] = [{ object: 'family' }, { object: 'libnowhere.so' }];
    expect(isObjectMissing(await plan(pid, unfit), unfit)).toBe(false);
    expect(reasonFor(await plan(pid, unfit), /family$/)).toBe('defines no allocation function');
    expect(isObjectMissing(await plan(pid, missing), missing)).toBe(true);
  });

  it('to a prefix that the object has', async () => {
    const path = library('libtcmalloc_minimal');
    if (!requires('libtcmalloc_minimal', path !== null, 'it is not installed')) return;
    const made = await plan(await start([dynamic], { LD_PRELOAD: path ?? '' }), { prefix: 'tc_' });
    const blocks = made.rows.filter(
      (row) => row.allocator === 'tcmalloc' && row.symbol.startsWith('tc_'),
    );
    expect(blocks.map((row) => row.symbol)).toEqual(
      expect.arrayContaining(['tc_malloc', 'tc_free']),
    );
    expect(made.rows.some((row) => row.allocator === 'glibc')).toBe(false);
  });
});
