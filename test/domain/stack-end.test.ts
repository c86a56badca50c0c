import { describe, expect, it } from 'vitest';
import { endOfStack } from '../../src/domain/stack-end.ts';
import type { Frame, StackEnd } from '../../src/domain/stack.ts';

/** `parse serve ?`: symbols innermost first; `?` has no name, `!` lies in no mapping. */
const framesOf = (names: string): Frame[] =>
  names
    .split(' ')
    .filter((name) => name !== '')
    .map((name, i) => ({
      address: BigInt(0x1000 + i),
      symbol: name === '?' || name === '!' ? null : name,
      offset: 4,
      module: name === '!' ? null : 'app',
    }));

const ended = (names: string, end: StackEnd): string => {
  const stack = endOfStack({ id: '1', frames: framesOf(names), end });
  const shown = stack.frames.map(({ symbol, module }) => symbol ?? (module === null ? '!' : '?'));
  return [...shown, stack.end].join(' ');
};

describe('the end of a stack', () => {
  it.each([
    ['parse main _start', 'broken', 'parse main _start root'],
    [
      'parse main __libc_start_main@@GLIBC_2.34 ! !',
      'broken',
      'parse main __libc_start_main@@GLIBC_2.34 root',
    ],
    ['work start_thread __clone3 ?', 'broken', 'work start_thread __clone3 root'],
    ['work __clone', 'depth', 'work __clone root'],
  ] as const)('%s is whole: it reached where threads begin', (names, end, expected) => {
    expect(ended(names, end)).toBe(expected);
  });

  it.each([
    ['work start_thread', 'work start_thread root'],
    ['work start', 'work start root'],
    ['work clone !', 'work clone root'],
  ])('%s is whole where nothing called the last one', (names, expected) => {
    expect(ended(names, 'broken')).toBe(expected);
  });

  it('is not taken for one by a function of the program that is called start', () => {
    expect(ended('work start serve', 'broken')).toBe('work start serve broken');
    expect(ended('work start', 'depth')).toBe('work start depth');
    expect(ended('work restart _start_server', 'broken')).toBe('work restart _start_server broken');
  });

  it('drops what lies in no mapping, and what would follow it', () => {
    expect(ended('parse serve ! main', 'root')).toBe('parse serve broken');
  });

  it('keeps a first frame in no mapping: the call that allocated was real', () => {
    expect(ended('! serve', 'broken')).toBe('! serve broken');
  });

  it.each(['root', 'depth', 'broken', 'lost'] as const)(
    'stays %s where nothing else is known',
    (end) => {
      expect(ended('parse ? serve', end)).toBe(`parse ? serve ${end}`);
      expect(ended('', end)).toBe(end);
    },
  );
});
