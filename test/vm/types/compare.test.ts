import { describe, expect, test } from 'vitest';

import { cellsOf } from './check.ts';
import { type BootedKernel, isProved, likenesses, type Turn } from './compare.ts';

const booted = (kernel: string, patterns: Record<string, readonly string[]>): BootedKernel => ({
  kernel,
  patterns: new Map(Object.entries(patterns)),
});

const kernels = [
  booted('old', { cache: ['word', 'union'], heap: ['pid'] }),
  booted('new', { cache: ['struct', 'member'], heap: ['pid'] }),
];
const turn: Turn = { name: 'names', before: ['union'], after: ['member'], why: '' };

const likeness = (pattern: readonly string[], turns: readonly Turn[] = []) =>
  likenesses(new Map([['cache', pattern]]), kernels, turns).get('cache');

test('a kernel that is like one that is booted is proved by it', () => {
  const found = likeness(['struct', 'member']);
  expect(found).toEqual({ kernel: 'new', turns: [], more: [], less: [] });
  expect(found && isProved(found)).toBe(true);
});

test('what is like none of them is told beside the nearest', () => {
  const found = likeness(['struct', 'other']);
  expect(found).toEqual({ kernel: 'new', turns: [], more: ['other'], less: ['member'] });
  expect(found && isProved(found)).toBe(false);
});

test('a turn explains a kernel between two, in both directions', () => {
  expect(likeness(['struct', 'union'], [turn])).toEqual({
    kernel: 'new',
    turns: ['names'],
    more: [],
    less: [],
  });
  expect(likeness(['word', 'member'], [turn])).toEqual({
    kernel: 'old',
    turns: ['names'],
    more: [],
    less: [],
  });
});

test('a turn explains nothing where only half of it took place, or when no kernel that is booted has its other side', () => {
  expect(likeness(['struct', 'union', 'member'], [turn])?.more).toEqual(['union']);
  const unproved: Turn = { ...turn, before: ['elsewhere'] };
  expect(likeness(['struct', 'elsewhere'], [unproved])?.more).toEqual(['elsewhere']);
  expect(
    likeness(['struct', 'elsewhere'], [{ ...unproved, isProvedElsewhere: true }])?.more,
  ).toEqual([]);
});

test('of kernels that are as near, the one that is nearest in all', () => {
  const patterns = new Map([
    ['heap', ['pid']],
    ['cache', ['struct', 'member']],
  ]);
  expect(likenesses(patterns, kernels, []).get('heap')?.kernel).toBe('new');
});

describe('what a kernel lacks', () => {
  const lacking = 'cache, tracepoint';
  const text = 'no tracepoint';
  const proofs = [
    booted('old', { [lacking]: [`lacks: ${text}`] }),
    booted('new', { [lacking]: ['tracepoint'] }),
  ];
  const trouble = (pattern: readonly string[], lacks: 'tracepoint'[], isLacking: boolean) =>
    cellsOf(
      { lacks },
      {
        patterns: new Map([[lacking, pattern]]),
        lacks: new Map(isLacking ? [[lacking, text]] : []),
      },
      proofs,
    ).map((cell) => cell.trouble);

  test('may be lacking where it is said to be, and one that is booted lacks it in the same way', () => {
    expect(trouble([`lacks: ${text}`], ['tracepoint'], true)).toEqual(['']);
  });
  test('is a failure where it is not said, though an older kernel lacks it, too', () => {
    expect(trouble([`lacks: ${text}`], [], true)).toEqual([text]);
  });
  test('is a failure where it is said and is not so', () => {
    expect(trouble(['tracepoint'], ['tracepoint'], false)).toEqual([
      'it is said to lack this, and does not',
    ]);
  });
});
