import type { Turn } from './compare.ts';

const ext4 = ['da_write_begin', 'write_begin'].map(
  (event) => `tracepoint ext4_${event}(struct inode *, long long int, unsigned int)`,
);
const ext4Ends = ['da_write_end', 'journalled_write_end', 'write_end'].map(
  (event) => `tracepoint ext4_${event}(struct inode *, long long int, unsigned int, unsigned int)`,
);

const ofArm = {
  name: 'arm64',
  why: 'objects for arm64 read what a thread called in a way of their own, which scripts/test-aarch64 runs',
  isProvedElsewhere: true,
} as const;
const syscallNumber = 'struct pt_regs.syscallno: int 32';

/** Where a kernel that is not booted is like none that is, but like two of them in parts: why the parts have nothing to do with each other. */
export const turns: readonly Turn[] = [
  {
    name: 'page.index',
    before: ['struct page.index: unsigned 64'],
    after: [],
    why: 'it is read only where the page cache is of pages, before 5.16',
  },
  {
    name: 'dentry.d_alias',
    before: ['struct dentry.d_u.d_alias: struct hlist_node', 'struct dentry.d_u: union'],
    after: ['struct dentry.d_alias: struct hlist_node'],
    why: 'only its offset is asked for, in one place, by whichever name there is',
  },
  {
    name: 'sched_process_exit',
    before: ['tracepoint sched_process_exit(struct task_struct *)'],
    after: ['tracepoint sched_process_exit(struct task_struct *, _Bool)'],
    why: 'of its arguments only the first is taken',
  },
  {
    name: 'ext4 built in',
    before: [],
    after: [...ext4, ...ext4Ends],
    why: 'the kernels that are booted have these tracepoints in a module, whose types are not looked at here',
    isProvedElsewhere: true,
  },
  {
    ...ofArm,
    before: [],
    after: ['struct pt_regs.regs: unsigned 64[]', syscallNumber],
  },
  { ...ofArm, before: [], after: [syscallNumber] },
  { ...ofArm, before: ['enum bpf_func_id', 'struct task_struct.stack: *'], after: [] },
];
