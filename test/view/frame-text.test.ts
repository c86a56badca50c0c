import { describe, expect, it } from 'vitest';
import type { Frame, Stack } from '../../src/domain/stack.ts';
import { endText, frameText, hiddenText, lineText } from '../../src/view/frame-text.ts';

const frame = (known: Partial<Frame>): Frame => ({
  address: 0x7f00_1234n,
  symbol: null,
  offset: 0,
  module: null,
  ...known,
});
const stack = (...frames: readonly Frame[]): Stack => ({ id: '1', frames, end: 'root' });

describe('a frame in words', () => {
  it.each([
    [{ symbol: 'parse', offset: 0x1f, module: 'app' }, 'parse+0x1f [app]'],
    [{ symbol: 'parse', offset: 0, module: 'app' }, 'parse+0x0 [app]'],
    [{ symbol: 'parse', offset: 3, module: null }, 'parse+0x3 [unknown]'],
    [{ symbol: 'parse', offset: 3, module: 'app', inlined: true }, 'parse [app]'],
    [{ symbol: 'kmalloc', offset: 16, module: 'kernel' }, 'kmalloc+0x10 [kernel]'],
    [{ offset: 0x1200, module: 'libx.so' }, '[unknown] [libx.so+0x1200]'],
    [{ offset: 0, module: 'libx.so' }, '[unknown] [libx.so 0x7f001234]'],
    [{ offset: 9, module: 'jit' }, '[unknown] [jit 0x7f001234]'],
    [{ offset: 9 }, '[unknown] [0x7f001234]'],
  ])('of %o is %s', (known, text) => {
    expect(frameText(frame(known))).toBe(text);
  });

  it.each([
    [{}, ''],
    [{ file: 'app.c' }, 'app.c'],
    [{ file: 'app.c', line: 12 }, 'app.c:12'],
    [{ line: 12 }, ''],
  ])('with the position %o says %j', (known, text) => {
    expect(lineText(frame(known))).toBe(text);
  });
});

describe('a stack in words', () => {
  it('says why it ends only where it is not whole, and each reason in its own words', () => {
    const ends = (['root', 'depth', 'broken', 'lost'] as const).map((end) =>
      endText({ ...stack(), end }),
    );
    expect(ends[0]).toBe('');
    expect(new Set(ends).size).toBe(4);
    expect(ends[1]).toContain('--perf-max-stack-depth');
    expect(ends[3]).toContain('--stack-storage-size');
  });

  it('names the first function that may hide its caller', () => {
    const hiding = frame({ symbol: 'memcpy', mayHideCaller: true });
    expect(hiddenText(stack(frame({}), hiding, frame({ mayHideCaller: true })))).toMatch(
      /^memcpy /,
    );
    expect(hiddenText(stack(frame({ mayHideCaller: true })))).toMatch(/^a function /);
    expect(hiddenText(stack(frame({ symbol: 'main' })))).toBe('');
  });
});
