import { describe, expect, it } from 'vitest';
import { parseMemoryStat } from '../../src/system/cgroup-memory.ts';

describe('parseMemoryStat', () => {
  it('takes the totals of a v1 group, which contain those below it', () => {
    const text =
      'cache 10\nshmem 1\nmapped_file 2\ndirty 3\ntotal_cache 100\ntotal_shmem 11\ntotal_mapped_file 12\ntotal_dirty 13\n';
    expect(parseMemoryStat(text)).toEqual({ cache: 100, shared: 11, mapped: 12, dirty: 13 });
  });

  it('takes those of a v2 group, as far as the kernel has them', () => {
    expect(parseMemoryStat('anon 5\nfile 100\nshmem 11\nfile_mapped 12\n')).toEqual({
      cache: 100,
      shared: 11,
      mapped: 12,
      dirty: null,
    });
  });

  it('knows nothing of a group without such figures', () => {
    expect(parseMemoryStat('')).toBeNull();
  });
});
