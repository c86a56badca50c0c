import { describe, expect, it } from 'vitest';
import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { cacheReport } from '../../src/domain/cache-report.ts';
import type { CacheLoss } from '../../src/domain/cache-snapshot.ts';
import { cacheHeader } from '../../src/view/cache-header.ts';
import { cacheSnapshot, type FileTraits, type Uses } from '../support/synthetic-cache.ts';

const room = { width: 100, unicode: true };

interface Given {
  readonly step?: number;
  readonly traits?: FileTraits;
  readonly losses?: readonly CacheLoss[];
  readonly width?: number;
}

const headerOf = (uses: Uses, { step = 1, traits = {}, losses = [], width = 100 }: Given = {}) => {
  const interval = new CacheHistory().advance(cacheSnapshot(uses, step, traits, losses));
  const report = cacheReport(interval, { view: 'process' });
  return cacheHeader(report, null, [0, null, 1], { ...room, width });
};

describe('the line of what was read', () => {
  it('splits it into hits, read-ahead and misses that add up to all', () => {
    const uses = { 'cat[7] /a': { accesses: 10, readAhead: 1, misses: 2 } };
    expect(headerOf(uses).reads).toMatch(
      /^HIT 70\.0% ▁ █ +READAHEAD 10\.0% {2}MISS \(waited\) 20\.0% {2}10 pages\/s$/,
    );
  });

  it('says that nothing was read ahead where nothing was, whatever the fractions are in binary', () => {
    const { reads } = headerOf({ 'cat[7] /a': { accesses: 10, misses: 3 } });
    expect(reads).toMatch(/^HIT 70\.0% .* READAHEAD 0% {2}MISS \(waited\) 30\.0%/);
  });

  it('is of each second', () => {
    expect(headerOf({ 'cat[7] /a': { accesses: 5000 } }, { step: 4 }).reads).toMatch(
      / 1,250 pages\/s$/,
    );
  });

  it('has dashes where nothing was read', () => {
    expect(headerOf({ 'cat[7] /a': { writes: 3 } }).reads).toMatch(
      /^HIT - +▁ █ +READAHEAD - {2}MISS \(waited\) - {2}nothing was read$/,
    );
  });

  it('fits into sixty characters', () => {
    const uses = { 'cat[7] /a': { accesses: 99_999, readAhead: 20_111, misses: 20_022 } };
    expect(headerOf(uses, { width: 60 }).reads.length).toBeLessThanOrEqual(60);
  });
});

it('says what came and went, and what stands apart only where there is some', () => {
  const uses = { 'cat[7] /a': { evicted: 30, refaulted: 20, writes: 10 } };
  expect(headerOf(uses, { step: 2 }).movement).toBe(
    'evicted 15/s  refaulted 10/s  written 5/s  Cached 2.10G  Dirty 41.0M  Buffers 38.0M',
  );
  const apart = { '/shm': { kind: 'memory' as const } };
  expect(headerOf({ 'cat[7] /shm': { accesses: 4 } }, { traits: apart }).movement).toMatch(
    /Buffers 38\.0M {2}memory 4\/s$/,
  );
});

it('says losses, counts blind spots, and names them where there is room', () => {
  const losses = [{ reason: 'uses-full', count: 3 }] as const;
  const header = headerOf({}, { losses });
  expect(header.losses).toEqual([expect.stringMatching(/^LOST: 3 page uses not booked/)]);
  expect(header.remarks).toEqual(['1 blind spot (i)']);
  expect(headerOf({}, { width: 200 }).remarks).toEqual(['cannot see mapped-hits (i)']);
});

it('says what it is confined to', () => {
  const interval = new CacheHistory().advance(cacheSnapshot({}));
  const report = cacheReport(interval, { view: 'process' });
  expect(cacheHeader(report, 'pid 7', [], room).title).toBe('only pid 7  btf-tracepoint  for 1.0s');
});
