import { describe, expect, it } from 'vitest';
import { allocators } from '../../src/allocators/index.ts';
import { matchObject, seesBlocks, wantedSymbols } from '../../src/allocators/match.ts';

/** An object whose symbols lie 16 bytes apart; `a=b` gives both names one offset. */
function object(fileName: string, symbols: string, soname: string | null = fileName) {
  const defined = new Map<string, number>();
  symbols.split(/\s+/).forEach((names, index) => {
    for (const name of names.split('=')) defined.set(name, 0x1000 + 16 * index);
  });
  return { fileName, soname, defined };
}

/** `allocator: symbol symbol …` for each allocator of a match. */
function drawn(match: ReturnType<typeof matchObject>): string[] {
  const names = [...new Set(match.functions.map((f) => f.allocator))];
  const symbolsOf = (name: string) =>
    match.functions.filter((f) => f.allocator === name).map((f) => f.symbol);
  return names.map((name) => `${name}: ${symbolsOf(name).join(' ')}`);
}

describe('the tables', () => {
  it('give one shape to one symbol, whichever allocator has it', () => {
    const shapes = new Map<string, Set<string>>();
    for (const { symbol, shape } of allocators.flatMap((a) => a.functions)) {
      shapes.set(symbol, (shapes.get(symbol) ?? new Set()).add(shape));
    }
    expect([...shapes].filter(([, found]) => found.size > 1)).toEqual([]);
  });

  it('are all asked for, and once', () => {
    const wanted = wantedSymbols('x_');
    expect(new Set(wanted).size).toBe(wanted.length);
    expect(wanted).toEqual(
      expect.arrayContaining([
        'malloc',
        'je_mallocx',
        '_ZdaPvmSt11align_val_t',
        'x_malloc',
        'x_sdallocx',
      ]),
    );
  });
});

describe('seesBlocks', () => {
  it('is false for a plan of mappings and a loader alone', () => {
    const libc = object('libc.so.6', 'mmap munmap mremap _dl_debug_state');
    expect(seesBlocks(matchObject(libc).functions)).toBe(false);
    expect(seesBlocks(matchObject(object('libc.so.6', 'malloc free')).functions)).toBe(true);
  });
});

describe('matchObject', () => {
  it('takes libc with its mappings, one row for aliases', () => {
    const libc = object(
      'libc.so.6',
      'malloc=__libc_malloc free=cfree memalign=aligned_alloc mmap=mmap64 munmap reallocarray=__libc_reallocarray',
    );
    expect(drawn(matchObject(libc))).toEqual([
      'glibc: malloc reallocarray free aligned_alloc',
      'mappings: mmap munmap',
    ]);
  });

  it('tells musl by its loader, which is the libc', () => {
    expect(drawn(matchObject(object('ld-musl-x86_64.so.1', 'malloc free', null)))).toEqual([
      'musl: malloc free',
    ]);
  });

  it("passes over GNU's loader, although it may define malloc", () => {
    for (const name of [
      'ld-linux-x86-64.so.2',
      'ld-linux-aarch64.so.1',
      'ld-2.31.so',
      'ld64.so.2',
    ]) {
      const match = matchObject(object(name, 'malloc free calloc realloc'));
      expect(match).toMatchObject({ functions: [], reason: expect.stringContaining('loader') });
    }
  });

  it('takes what loaders call when libraries change', () => {
    expect(drawn(matchObject(object('ld-linux-x86-64.so.2', 'malloc _dl_debug_state')))).toEqual([
      'loader: _dl_debug_state',
    ]);
    expect(
      drawn(matchObject(object('ld-musl-x86_64.so.1', 'malloc free _dl_debug_state'))),
    ).toEqual(['musl: malloc free', 'loader: _dl_debug_state']);
  });

  it('takes new and delete where they live beside malloc', () => {
    const library = object('libjemalloc.so.2', 'malloc free mallocx dallocx _Znwm _ZdlPv _ZdlPvm');
    expect(drawn(matchObject(library))).toEqual([
      'jemalloc: malloc free _Znwm _ZdlPv _ZdlPvm mallocx dallocx',
    ]);
  });

  it('takes only new of a C++ runtime, whose delete ends in free', () => {
    expect(
      drawn(matchObject(object('libstdc++.so.6.0.30', '_Znwm _Znam _ZdlPv', 'libstdc++.so.6'))),
    ).toEqual(['C++ new: _Znwm _Znam']);
  });

  it('takes new and delete that a program replaced', () => {
    expect(drawn(matchObject(object('server', '_Znwm _ZdlPv main', null)))).toEqual([
      'C++ new: _Znwm _ZdlPv',
    ]);
  });

  it('finds an allocator linked in under its prefix, apart from the libc of a static program', () => {
    const program = object(
      'redis',
      'je_malloc je_free je_mallocx malloc=__libc_malloc free __libc_memalign',
      null,
    );
    expect(drawn(matchObject(program))).toEqual([
      'glibc: malloc free',
      'jemalloc: je_malloc je_free je_mallocx',
    ]);
  });

  it('names an allocator that took over malloc by its alias', () => {
    const program = object('worker', 'mi_malloc=malloc=_Znwm mi_free=free=_ZdlPv mi_zalloc', null);
    expect(drawn(matchObject(program))).toEqual(['mimalloc: malloc free mi_zalloc']);
  });

  it('calls an allocator that it does not know by its soname', () => {
    expect(drawn(matchObject(object('libasan.so.8.0.0', 'malloc free', 'libasan.so.8')))).toEqual([
      'libasan.so.8: malloc free',
    ]);
  });

  it('takes mappings of a library that interposes them', () => {
    expect(
      drawn(
        matchObject(
          object('libtcmalloc_minimal.so.4', 'malloc=tc_malloc free=tc_free mmap munmap mremap'),
        ),
      ),
    ).toEqual(['tcmalloc: malloc free', 'mappings: mmap munmap mremap']);
  });

  it('says why an object with half an allocator is not used', () => {
    const match = matchObject(object('libbsd.so.0', 'reallocarray'));
    expect(match).toEqual({
      functions: [],
      reason: expect.stringContaining('defines reallocarray, but not both'),
    });
    const plain = { fileName: 'libm.so.6', soname: null, defined: new Map<string, number>() };
    expect(matchObject(plain)).toEqual({ functions: [], reason: 'defines no allocation function' });
  });

  it('takes only what has the prefix asked for, and mappings', () => {
    const program = object(
      'app',
      'malloc free pool_malloc pool_free pool_calloc mmap munmap',
      null,
    );
    expect(drawn(matchObject(program, 'pool_'))).toEqual([
      'app: pool_malloc pool_calloc pool_free',
      'mappings: mmap munmap',
    ]);
    expect(matchObject(object('libc.so.6', 'malloc free'), 'pool_').functions).toEqual([]);
  });
});
