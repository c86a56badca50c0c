/** Facts of each failure: what the catalog's sentences are made from. One entry per code; the compiler asks for its sentence. */
export interface Failures {
  'usage': { readonly problem: string };
  'no-privilege': { readonly missing: readonly string[]; readonly forWhat: string };
  'target-missing': { readonly pid: number };
  'target-gone': { readonly pid: number };
  'name-missing': { readonly name: string };
  'name-ambiguous': { readonly name: string; readonly pids: readonly number[] };
  'kernel-thread': { readonly pid: number; readonly name: string };
  'target-32-bit': { readonly pid: number };
  'target-unreadable': { readonly pid: number; readonly path: string; readonly errno: string };
  'no-allocator': { readonly pid: number; readonly looked: readonly string[]; readonly runtime: string | null };
  'uretprobe-unsafe': { readonly pid: number; readonly because: 'seccomp' | 'shadow-stack' | 'go' };
  'probe-refused': { readonly symbol: string; readonly path: string; readonly link: string; readonly errno: string };
  'bpf-load-refused': { readonly object: string; readonly errno: string; readonly log: string };
  'kernel-lacks': { readonly feature: string; readonly detail: string };
  'command-missing': { readonly command: string };
  'command-not-executable': { readonly command: string; readonly errno: string };
  'not-built': { readonly file: string };
}

export type FailureCode = keyof Failures;

/** Something the user can act on. Anything else that is thrown is a bug. */
export class Failure<Code extends FailureCode = FailureCode> extends Error {
  readonly code: Code;
  readonly facts: Failures[Code];

  constructor(code: Code, facts: Failures[Code]) {
    super(code);
    this.name = 'Failure';
    this.code = code;
    this.facts = facts;
  }
}
