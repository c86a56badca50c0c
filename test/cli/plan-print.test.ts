import { describe, expect, it } from 'vitest';
import type { PlanRow } from '../../src/allocators/allocator.ts';
import { planJson, planText } from '../../src/cli/leak/plan-print.ts';
import type { LeakSessionRequest, SessionPlan } from '../../src/sources/live/request.ts';

const row = (change: Partial<PlanRow>): PlanRow => ({
  path: '/lib/libc.so.6',
  openedAs: '/proc/7/map_files/1000-2000',
  fd: 11,
  allocator: 'glibc',
  symbol: 'malloc',
  shape: 'size',
  offset: 0x9d3a0,
  delta: 0,
  instruction: 'push r12',
  emulated: true,
  why: 'the entry',
  ...change,
});

const plan: SessionPlan = {
  plans: [
    {
      pid: 7,
      rows: [
        row({}),
        row({ symbol: 'free', shape: 'free', offset: 0x9d9ae, delta: 14, instruction: 'push rbx' }),
        row({
          symbol: 'munmap',
          shape: 'unmap',
          instruction: 'mov eax, 0xb',
          emulated: false,
          why: 'nothing better',
        }),
      ],
      passedOver: [{ path: '/lib/libm.so.6', reason: 'defines no allocator' }],
      objects: [],
      runtimes: [{ name: 'Go', explanation: 'Its heap is not seen.' }],
    },
  ],
  tracepoints: [],
  link: 'session',
  linkWhy: 'the kernel takes it',
  kernelMemory: 3 * 2 ** 20,
};
const request = { target: { kind: 'processes', pids: [7] } } as unknown as LeakSessionRequest;

describe('the plan of --dry-run', () => {
  it('says where each probe stands, on what, and why', () => {
    expect(planText(plan, request)).toBe(
      [
        'Nothing is attached. By session links: the kernel takes it.',
        'Kernel memory: taken as blocks and stacks come, at most 3.0 MiB.',
        '',
        'process 7: 3 functions',
        ' /lib/libc.so.6 (opened as /proc/7/map_files/1000-2000)',
        '  FUNCTION    SHAPE  ALLOCATOR  OFFSET   INSTRUCTION   BY              WHY THERE',
        '  malloc+0x0  size   glibc      0x9d3a0  push r12      emulated        the entry',
        '  free+0xe    free   glibc      0x9d9ae  push rbx      emulated        the entry',
        '  munmap+0x0  unmap  glibc      0x9d3a0  mov eax, 0xb  single-stepped  nothing better',
        ' passed over',
        '  /lib/libm.so.6: defines no allocator',
        ' Go: Its heap is not seen.',
        '',
      ].join('\n'),
    );
  });

  it('names the command that it would start, and the tracepoints of the kernel', () => {
    const started = { ...plan, plans: plan.plans.map((each) => ({ ...each, pid: 0 })) };
    const command = {
      target: { kind: 'command', argv: ['./app', '1'] },
    } as unknown as LeakSessionRequest;
    expect(planText(started, command)).toContain('\ncommand ./app 1: 3 functions\n');
    const kernel = { ...plan, plans: [], tracepoints: ['kmem:kmalloc', 'kmem:kfree'] };
    expect(planText(kernel, request)).toMatch(/\nkernel\n {2}kmem:kmalloc\n {2}kmem:kfree\n$/);
  });

  it('is one JSON object on a line, without file descriptors', () => {
    const text = planJson(plan);
    expect(text).toMatch(/^[^\n]+\n$/);
    const parsed = JSON.parse(text);
    expect(parsed).toMatchObject({ v: 1, type: 'plan', link: 'session', kernelMemory: 3_145_728 });
    expect(parsed.plans[0].rows[1]).toMatchObject({
      symbol: 'free',
      offset: 0x9d9ae,
      delta: 14,
      emulated: true,
    });
    expect(parsed.plans[0].rows[0]).not.toHaveProperty('fd');
  });
});
