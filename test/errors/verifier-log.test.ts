import { describe, expect, it } from 'vitest';
import { explain } from '../../src/errors/catalog.ts';
import { Failure } from '../../src/errors/failure.ts';
import { libbpfReason, verifierReason } from '../../src/errors/verifier-log.ts';

/** Whole logs, as libbpf 1.1 passes them on from Linux 6.18. */
const ofVerifier = `libbpf: prog 'process_forked': BPF program load failed: Permission denied
libbpf: prog 'process_forked': -- BEGIN PROG LOAD LOG --
0: R1=ctx() R10=fp0
; return *(int *)(ctx->args[0] + 8); @ heap.bpf.c:6
0: (79) r1 = *(u64 *)(r1 +0)          ; R1=scalar()
1: (61) r0 = *(u32 *)(r1 +8)
R1 invalid mem access 'scalar'
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
-- END PROG LOAD LOG --
libbpf: prog 'process_forked': failed to load: -13
libbpf: failed to load object '/usr/lib/memtrace/dist/bpf/heap.bpf.o'
`;
const ofLibbpf = `libbpf: Error in bpf_object__probe_loading():Operation not permitted(1). Couldn't load trivial BPF program. Make sure your kernel supports BPF (CONFIG_BPF_SYSCALL=y) and/or that RLIMIT_MEMLOCK is set to big enough value.
libbpf: failed to load object '/usr/lib/memtrace/dist/bpf/heap.bpf.o'
`;

describe('the log of a refused load', () => {
  it('has the reason of the verifier before what closes its part', () => {
    expect(verifierReason(ofVerifier)).toBe("R1 invalid mem access 'scalar'");
  });

  it('has none of the verifier where that was not asked', () => {
    expect(verifierReason(ofLibbpf)).toBeNull();
    expect(verifierReason('')).toBeNull();
  });

  it('has what libbpf says where that is all', () => {
    expect(libbpfReason(ofLibbpf)).toMatch(/^Error in bpf_object__probe_loading\(\)/);
    expect(libbpfReason("libbpf: failed to load object 'heap'\n")).toBeNull();
  });

  it.each([
    [
      ofVerifier,
      "the kernel refused the BPF programs of heap (EACCES): R1 invalid mem access 'scalar'",
    ],
    ['', 'the kernel refused the BPF programs of heap (EACCES)'],
  ])('ends the sentence with its reason, if there is one', (log, sentence) => {
    const failure = new Failure('bpf-load-refused', { object: 'heap', errno: 'EACCES', log });
    expect(explain(failure).message).toBe(sentence);
  });
});
