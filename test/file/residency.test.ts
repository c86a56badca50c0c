import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { type FileLine, measured } from '../support/file-report.ts';
import { fileSystem, fileSystemNames, hasFileSystem } from '../support/file-system.ts';
import { run } from '../support/run.ts';

const oracle = buildTarget('residency.c', 'dynamic') ?? '';

const pageSize = 4096;

/** `first:pages` of each resident range: what mincore(2) said, and what memtrace does. */
const asked = (file: string): string[] =>
  run(oracle, 'ask', file)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(' ', ':'));
const told = ({ ranges = [] }: FileLine): string[] =>
  ranges.map(({ first, pages }) => `${first}:${pages}`);

async function measure(file: string): Promise<FileLine> {
  const { files } = await measured(['--pps', file]);
  const [line] = files;
  if (line === undefined) throw new Error(`nothing was said of ${file}`);
  return line;
}

/** The sum of the cells, and of the pages in the ranges: both are the cached pages. */
function expectConsistent(line: FileLine): void {
  const cells = line.cells?.reduce((sum, cell) => sum + cell, 0);
  if (line.cells !== null) expect(cells).toBe(line.cached);
  else expect([0, line.pages]).toContain(line.cached);
  const ranges = line.ranges?.reduce((sum, { pages }) => sum + pages, 0);
  expect(ranges).toBe(line.cached);
}

describe.each(fileSystemNames)('on %s', (name) => {
  const here = hasFileSystem(name);

  test.skipIf(!here)('the resident pages are those of mincore, one by one', async () => {
    const { folder, beneath } = fileSystem(name);
    const file = path.join(folder, 'shaped');
    // 1000 pages and a bit.
    writeFileSync(file, Buffer.alloc(1000 * pageSize + 123, 1));
    const shapes = [
      [],
      ['0:1'],
      ['1000:1'],
      ['0:1001'],
      ['3:1', '5:2', '300:100', '999:2'],
      Array.from({ length: 60 }, (_, index) => `${index * 16}:3`),
    ];
    for (const shape of shapes) {
      run(oracle, 'shape', file, ...shape);
      const truth = asked(file);
      const line = await measure(file);
      expect(told(line)).toEqual(truth);
      expectConsistent(line);
      expect(line).toMatchObject({ pages: 1001, size: 1000 * pageSize + 123 });
      // On overlayfs cachestat(2) says 0 of what is cached beneath.
      if (line.cached > 0) expect(line.method).toBe(name === 'overlay' ? 'mincore' : 'cachestat');
      expect(line.states === null).toBe(line.method === 'mincore');
      // tmpfs has no other place for them.
      if (name === 'tmpfs') expect(line.cached).toBe(1001);
    }
    expect(told(await measure(beneath('shaped')))).toEqual(asked(file));
  });

  test.skipIf(!here)('holes are pages, too', async () => {
    const file = path.join(fileSystem(name).folder, 'sparse');
    writeFileSync(file, Buffer.alloc(2 * pageSize, 1));
    truncateSync(file, 64 * 1024 * 1024);
    run(oracle, 'shape', file, '0:1', '9000:10');
    const line = await measure(file);
    expect(line.pages).toBe(16_384);
    expect(told(line)).toEqual(asked(file));
    expectConsistent(line);
  });
});

describe.skipIf(!hasFileSystem('ext4'))('what cachestat tells beside', () => {
  test('dirty pages are counted, in all and in their range', async () => {
    const file = path.join(fileSystem('ext4').folder, 'dirty');
    writeFileSync(file, Buffer.alloc(64 * pageSize, 1));
    run(oracle, 'shape', file, '20:10');
    run(oracle, 'dirty', file, '40:5');
    const line = await measure(file);
    expect(line.states).toMatchObject({ dirty: 5, writeback: 0 });
    expect(line.ranges).toEqual([
      { first: 20, pages: 10, dirty: 0, writeback: 0 },
      { first: 40, pages: 5, dirty: 5, writeback: 0 },
    ]);
  });

  test('pages that were reclaimed are evicted, those that were dropped are not', async () => {
    const file = path.join(fileSystem('ext4').folder, 'evicted');
    writeFileSync(file, Buffer.alloc(256 * pageSize, 1));
    run(oracle, 'shape', file, '0:64');
    run(oracle, 'pageout', file, '0:64');
    const line = await measure(file);
    expect(told(line)).toEqual(asked(file));
    expect(line.states?.evicted).toBe(64 - line.cached);
    expect(line.states?.evicted).toBeGreaterThan(0);
  });

  test('a file of 1 TiB costs no more than what is cached of it', async () => {
    const file = path.join(fileSystem('ext4').folder, 'vast');
    writeFileSync(file, '');
    truncateSync(file, 2 ** 40);
    run(oracle, 'shape', file, '200000000:2');
    const { files } = await measured([file]);
    expect(files).toMatchObject([{ pages: 2 ** 28, cached: 2 }]);
    expect(files[0]?.percent).toBeGreaterThan(0);
  });
});
