import { describe, expect, it } from 'vitest';

import { fileReport } from '../../src/domain/file-report.ts';
import { fileFormats } from '../../src/formats/file/index.ts';
import { parseFileOutput } from '../support/file-report.ts';
import { refusal, residentFile } from '../support/synthetic-files.ts';

const opening = {
  at: Date.UTC(2026, 10, 21),
  pageSize: 4096,
  skippedLinks: 2,
  skippedSpecial: 1,
  vanished: 0,
  incomplete: false,
};
const terminal = { width: 100, unicode: true };
const pipe = { width: null, unicode: false };
const states = { dirty: 2, writeback: 1, evicted: 5, recentlyEvicted: 4 };
const first = residentFile('/srv/a', 100, 25, {
  states,
  cells: [25, 0, 0, 0],
  ranges: [
    { first: 0, pages: 24, dirty: 2, writeback: 1 },
    { first: 99, pages: 1, dirty: 0, writeback: 0 },
  ],
});
const files = [
  first,
  { ...first, path: '/srv/b' },
  residentFile('/srv/\xff', 1, 1, { method: 'mincore', states: null, deleted: true }),
];
const refusals = [refusal('/srv/gone'), refusal('/srv/x', { reason: 'unreadable', errno: 13 })];
const report = fileReport(files, refusals, { sort: 'given', top: 2 });

describe('text', () => {
  const text = fileFormats.text(report, opening, terminal);

  it('is the table, the ranges, and what else is to be known', () => {
    expect(text.split('\n')).toEqual([
      '# in /srv/',
      'Name  Size  Pages  Cached  Percent  Dirty  Writeback  Evicted  Recent  Residency',
      'a     400K    100      25     25.0      2          1        5       4  [████            ]',
      'b     400K    100      25     25.0      2          1        5       4  [████            ]',
      '# a: pages 0-23 (2 dirty, 1 under writeback), 99',
      '# b: pages 0-23 (2 dirty, 1 under writeback), 99',
      '# 1 more row not shown: --top 0',
      '# total: 2 files, 404K, 26 of 101 pages cached (104K, 25.7%)',
      '# pages: 2 dirty, 1 under writeback, 5 evicted (4 recently)',
      '# measured by cachestat(2); 1 file by mincore(2): dirty and evicted pages unknown',
      '# 1 of the rows names a file of another row: counted once',
      '# 2 symbolic links not followed: --dereference',
      "# there is no file '/srv/gone'",
      "# '/srv/x' cannot be opened (EACCES)",
      '',
    ]);
  });

  it('names every path that was refused, but on a terminal', () => {
    const many = Array.from({ length: 30 }, (_, index) => refusal(`/srv/${index}`));
    const refused = fileReport([], many, { sort: 'given', top: Infinity });
    expect(fileFormats.text(refused, opening, terminal)).toContain(
      '# 20 more could not be measured: --plain names them all\n',
    );
    expect(fileFormats.text(refused, opening, pipe).match(/there is no file/g)).toHaveLength(30);
  });

  it('says that it was stopped', () => {
    expect(fileFormats.text(report, { ...opening, incomplete: true }, pipe)).toContain(
      '# STOPPED: not everything was looked at\n',
    );
  });
});

describe('JSON', () => {
  it('keeps to its schema, with everything in it', () => {
    const whole = fileReport(files, refusals, { sort: 'given', top: Infinity });
    const output = parseFileOutput(fileFormats.json(whole, opening, pipe));
    expect(
      output.files.map(({ filename, sameAs, deleted }) => ({ filename, sameAs, deleted })),
    ).toEqual([
      { filename: '/srv/a', sameAs: undefined, deleted: false },
      { filename: '/srv/b', sameAs: '/srv/a', deleted: false },
      { filename: '/srv/\\xff', sameAs: undefined, deleted: true },
    ]);
    expect(output.files[2]?.filenameBase64).toBe(
      Buffer.from('/srv/\xff', 'latin1').toString('base64'),
    );
    expect(output.refused.map(({ code }) => code)).toEqual(['file-missing', 'file-unreadable']);
    expect(output.total).toMatchObject({ files: 2, repeated: 1, pages: 101, cached: 26 });
  });
});
