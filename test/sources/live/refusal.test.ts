import { describe, expect, it } from 'vitest';
import { lackOfTracefs } from '../../../src/cache-probes/tracepoint.ts';
import { explain } from '../../../src/errors/catalog.ts';
import type { SystemError } from '../../../src/native/bpf.ts';
import { ofParanoia } from '../../../src/sources/live/doctor/settings.ts';
import { refusalOf, stepOf } from '../../../src/sources/live/refusal.ts';
import { canTrace } from '../../support/memtrace.ts';

const refused = (errno: number, log = '', operation = 'object.load'): SystemError =>
  Object.assign(new Error(operation), { operation, subject: 'cache_tracepoin', errno, log });

const verifierSays = (reason: string): string => `libbpf: prog 'p': BPF program load failed
libbpf: prog 'p': -- BEGIN PROG LOAD LOG --
1: (85) call bpf_probe_read_kernel#113
${reason}
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
-- END PROG LOAD LOG --
libbpf: failed to load object 'heap'
`;

const attempt = { object: 'cache_tracepoint', forWhat: 'memtrace cache' };

describe('what the kernel refuses', () => {
  it.each([
    ['a system call that is not there', refused(38), 'kernel-lacks'],
    [
      'reading its memory',
      refused(22, verifierSays('unknown func bpf_probe_read_kernel#113')),
      'locked-down',
    ],
    [
      'the same, as newer kernels say it',
      refused(22, verifierSays('program of this type cannot use helper bpf_probe_read#4')),
      'locked-down',
    ],
    [
      'a string of it',
      refused(22, verifierSays('unknown func bpf_probe_read_kernel_str#115')),
      'locked-down',
    ],
    [
      'another helper',
      refused(22, verifierSays('unknown func bpf_probe_read_user#112')),
      'bpf-load-refused',
    ],
    [
      'by the verifier',
      refused(13, verifierSays("R1 invalid mem access 'scalar'")),
      'bpf-load-refused',
    ],
    [
      'for want of memory',
      refused(1, "libbpf: map 'uses': failed to create: Operation not permitted(-1)\n"),
      'kernel-memory-refused',
    ],
  ])('%s', async (_, error, code) => {
    expect(await refusalOf(error, attempt)).toMatchObject({ code });
  });

  it('names the system call that is not there', async () => {
    const attachesBy = 'perf_event_open';
    expect(
      await refusalOf(refused(38, '', 'uprobe.attach'), { ...attempt, attachesBy }),
    ).toMatchObject({
      facts: { feature: 'system call perf_event_open' },
    });
    expect(await refusalOf(refused(38), { ...attempt, attachesBy })).toMatchObject({
      facts: { feature: 'system call bpf' },
    });
  });

  it('is told under our own name of the object, which libbpf cuts short', async () => {
    expect(stepOf(refused(22))).toBe('EINVAL');
    expect(await refusalOf(refused(22), attempt)).toMatchObject({
      facts: { object: 'cache_tracepoint', errno: 'EINVAL' },
    });
  });

  it.skipIf(!canTrace())('tells a program that is refused from a system call that is', async () => {
    const log = "libbpf: prog 'p': BPF program load failed: Operation not permitted\n";
    expect(await refusalOf(refused(1, log), attempt)).toMatchObject({ code: 'bpf-load-refused' });
    const any =
      "libbpf: Error in bpf_object__probe_loading(): Couldn't load trivial BPF program.\n";
    expect(await refusalOf(refused(1, any), attempt)).toMatchObject({
      code: 'bpf-forbidden',
      facts: { call: 'bpf', errno: 'EPERM' },
    });
  });

  it('is nothing of what is thrown otherwise', async () => {
    const error = new Error('a bug');
    expect(await refusalOf(error, attempt)).toBe(error);
  });
});

describe('tracefs', () => {
  it.each([[[null, 'ENOENT']], [['ENOENT', null]]])(
    'can be read where the places say %j',
    (errors) => {
      expect(lackOfTracefs(errors)).toBeNull();
    },
  );

  it.each([
    [['ENOENT', 'ENOENT'], 'is not mounted', /^mount -t tracefs tracefs \/sys\/kernel\/tracing$/],
    [['EACCES', 'EACCES'], 'may not be read by this user', /CAP_DAC_READ_SEARCH/],
  ] as const)('of which the places say %j', (errors, lacks, remedy) => {
    const lack = lackOfTracefs(errors);
    expect(lack?.lacks).toContain(lacks);
    expect(lack?.failure && explain(lack.failure).remedy).toMatch(remedy);
  });
});

describe('perf_event_paranoid', () => {
  it.each([
    ['no matter with CAP_SYS_ADMIN', ['CAP_SYS_ADMIN'], 'ready'],
    ['no matter with CAP_PERFMON', ['CAP_BPF', 'CAP_PERFMON'], 'lacking'],
    ['it holds for this process', ['CAP_BPF'], 'lacking'],
  ] as const)('is %s', (words, held, state) => {
    expect(ofParanoia(2, new Set(held))).toMatchObject({
      state,
      found: expect.stringContaining(`2: ${words}`),
    });
  });
});
