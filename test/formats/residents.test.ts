import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { CachedFile } from '../../src/domain/cache-snapshot.ts';
import type { CgroupResidents } from '../../src/domain/cgroup-residents.ts';
import type { Residents } from '../../src/domain/residents.ts';
import { bytes, milliseconds, pages } from '../../src/domain/units.ts';
import { cgroupResidentsJson, cgroupResidentsText } from '../../src/formats/cgroup-residents.ts';
import { residentsJson } from '../../src/formats/residents-json.ts';
import { residentsText } from '../../src/formats/residents-text.ts';

const schema = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../docs/cache-top.schema.json'), 'utf8'),
) as { $defs: Record<string, Record<string, unknown>> };
const validate = new Ajv2020({
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
  strictRequired: false,
  allowUnionTypes: true,
}).compile({
  ...schema,
  unevaluatedProperties: false,
  $defs: Object.fromEntries(
    Object.entries(schema.$defs).map(([name, def]) => [
      name,
      ['file', 'group'].includes(name) ? { ...def, unevaluatedProperties: false } : def,
    ]),
  ),
});

const file = (changes: Partial<CachedFile>): CachedFile => ({
  id: '1',
  device: '254:0',
  inode: 2n ** 60n,
  kind: 'file',
  fileSystem: 'ext4',
  path: '/data/log',
  named: 'dentry',
  hostPath: null,
  deleted: false,
  links: 1,
  size: bytes(8192),
  resident: pages(2),
  unseen: [],
  ...changes,
});

const residents: Residents = {
  takenAt: Date.UTC(2026, 0, 1, 12),
  took: milliseconds(12.3456),
  method: 'inodes',
  pageSize: bytes(4096),
  cached: pages(1000),
  swapCache: pages(10),
  kinds: [
    { kind: 'file', files: 40, pages: pages(900) },
    { kind: 'metadata', files: 1, pages: pages(90) },
  ],
  largest: [
    {
      file: file({ resident: pages(600), size: bytes(4096 * 800), path: '/var/lib/db/old\nname' }),
      dirty: pages(3),
    },
    {
      file: file({
        kind: 'metadata',
        fileSystem: 'bdev',
        path: '[/dev/vda]',
        named: 'device',
        resident: pages(90),
        size: bytes(1e9),
      }),
      dirty: null,
    },
    { file: file({ deleted: true, links: 0, resident: pages(2) }), dirty: pages(0) },
  ],
  notices: [{ code: 'some', text: 'Something is to be known.' }],
};

const groups: CgroupResidents = {
  takenAt: Date.UTC(2026, 0, 1, 12),
  cached: bytes(4096000),
  groups: 3,
  largest: [
    {
      path: '/',
      cache: bytes(4096000),
      shared: bytes(0),
      mapped: bytes(4096),
      dirty: bytes(12288),
    },
    { path: '/system.slice', cache: bytes(2048000), shared: null, mapped: null, dirty: null },
  ],
  notices: [],
};

function expectValid(output: string): Record<string, unknown> {
  expect(output.indexOf('\n')).toBe(output.length - 1);
  const line = JSON.parse(output) as Record<string, unknown>;
  validate(line);
  expect(validate.errors ?? []).toEqual([]);
  return line;
}

describe('what is in the page cache', () => {
  it('in JSON keeps to docs/cache-top.schema.json', () => {
    expect(expectValid(residentsJson(residents))).toMatchObject({
      type: 'residents',
      tookMs: 12.346,
      partial: false,
      foundFiles: 41,
      foundPages: 990,
      coverage: 0.99,
      files: [
        {
          path: '/var/lib/db/old\nname',
          inode: String(2n ** 60n),
          resident: 600,
          dirty: 3,
          shareOfCache: 0.6,
          shareOfFile: 0.75,
        },
        { path: '[/dev/vda]', dirty: null, shareOfFile: null },
        { deleted: true, shareOfFile: 1 },
      ],
    });
    expect(expectValid(residentsJson({ ...residents, cached: pages(0) }))).toMatchObject({
      coverage: null,
    });
  });

  it('in text is a table, and says what is not in it', () => {
    expect(residentsText(residents, 100).split('\n')).toEqual([
      '# page cache 3.91 MiB (and 40.0 KiB of swap cache); 3.87 MiB found in 41 files, 99.00% of it; took 12ms',
      '# files 3.52 MiB in 40 · metadata 360 KiB in 1',
      '# Something is to be known.',
      'RESIDENT  SHARE   SIZE CACHED  DIRTY FS      PATH',
      '   2.34M  60.0%  3.13M  75.0%  12.0K ext4    /var/lib/db/old\\x0aname',
      '    360K   9.0%   954M      -      - bdev    [/dev/vda] (metadata)',
      '   8.00K   0.2%  8.00K   100%      0 ext4    /data/log (deleted)',
      '# and 38 more files with 1.16 MiB',
      '',
    ]);
  });

  it('in a narrow terminal gives up columns, then the beginning of paths', () => {
    const long = { file: file({ path: `/${'directory/'.repeat(20)}leaf` }), dirty: null };
    const text = residentsText({ ...residents, largest: [long] }, 40);
    const table = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(table[0]).toBe('RESIDENT  SHARE PATH');
    expect(table[1]).toMatch(/….*directory\/leaf$/);
    for (const line of table) expect(line.length).toBeLessThanOrEqual(40);
  });

  it('says where only open files were found', () => {
    expect(residentsText({ ...residents, method: 'open-files' }, 100)).toContain(
      'found in 41 files that processes have open or mapped',
    );
    expect(expectValid(residentsJson({ ...residents, method: 'open-files' }))).toMatchObject({
      partial: true,
    });
  });

  it('by control group', () => {
    expect(expectValid(cgroupResidentsJson(groups))).toMatchObject({
      groupCount: 3,
      groups: [
        { cgroup: '/', shareOfCache: 1 },
        { cgroup: '/system.slice', dirtyBytes: null },
      ],
    });
    expect(cgroupResidentsText(groups, 80).split('\n')).toEqual([
      '# page cache 3.91 MiB, by the control group that brought it in, with those below it',
      ' CACHE  SHARE MAPPED  SHMEM  DIRTY CGROUP',
      ' 3.91M   100%  4.00K      0  12.0K /',
      ' 1.95M  50.0%      -      -      - /system.slice',
      '# and 1 more group',
      '',
    ]);
  });
});
