import { Failure } from '../../errors/failure.ts';
import { bpf } from '../../native/bpf.ts';

/** Whether the kernel's own types (BTF) can be read. */
export const hasKernelTypes = (): boolean =>
  bpf().kernelMemberOffset('task_struct', 'pid') !== null;

/** `without`: what cannot be done without them. Errors: Failure `kernel-lacks`. */
export function requireKernelTypes(without: string): void {
  if (hasKernelTypes()) return;
  throw new Failure('kernel-lacks', {
    feature: 'BTF of its own',
    detail: `no /sys/kernel/btf/vmlinux: ${without}`,
    remedy: 'boot a kernel with CONFIG_DEBUG_INFO_BTF=y',
  });
}
