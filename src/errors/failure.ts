/** Facts of each failure: what the catalog's sentences are made from. One entry per code; the compiler asks for its sentence. */
export interface Failures {
  /** `remedy`: a command line that would have worked; the command's own help otherwise. */
  'usage': { readonly problem: string; readonly remedy?: string };
  'no-privilege': { readonly missing: readonly string[]; readonly forWhat: string };
  'target-missing': { readonly pid: number };
  /** A process that reports were to be confined to. */
  'process-missing': { readonly pid: number };
  'target-gone': { readonly pid: number };
  'name-missing': { readonly name: string };
  'name-ambiguous': { readonly name: string; readonly pids: readonly number[] };
  'kernel-thread': { readonly pid: number; readonly name: string };
  'target-32-bit': { readonly pid: number };
  /** The target's code is not of this machine: it runs under an emulator. */
  'target-emulated': { readonly pid: number; readonly machine: string };
  'target-unreadable': { readonly pid: number; readonly path: string; readonly errno: string };
  'no-allocator': {
    readonly pid: number;
    readonly looked: readonly string[];
    readonly runtime: string | null;
  };
  /** `--obj` named an object that the target has not mapped, or that defines none of the functions looked for. */
  'object-unfit': {
    readonly object: string;
    readonly pid: number;
    readonly because: 'not-mapped' | 'no-functions';
  };
  'uretprobe-unsafe': { readonly pid: number; readonly because: 'seccomp' | 'shadow-stack' | 'go' };
  'probe-refused': {
    readonly symbol: string;
    readonly path: string;
    readonly link: string;
    readonly errno: string;
  };
  'bpf-load-refused': { readonly object: string; readonly errno: string; readonly log: string };
  'kernel-lacks': {
    readonly feature: string;
    readonly detail: string;
    /** Where there is a better one than to ask doctor. */
    readonly remedy?: string;
  };
  /** A system call that was refused (`errno`) although no capability is missing; `isFiltered`: under a seccomp filter. */
  'bpf-forbidden': {
    readonly call: string;
    readonly errno: string;
    readonly isFiltered: boolean;
  };
  /** The kernel is locked down so that BPF may not read its memory. */
  'locked-down': { readonly mode: string };
  /** The kernel would not give the memory for a map. */
  'kernel-memory-refused': { readonly map: string; readonly errno: string };
  'command-missing': { readonly command: string };
  'command-not-executable': { readonly command: string; readonly errno: string };
  'not-built': { readonly file: string };
  /** The dynamic linker could not load an addon: a library that it needs is missing. */
  'library-missing': { readonly addon: string; readonly said: string };
  /** Asked for by --strict: the report is printed, and it is not complete. */
  'lossy-report': { readonly losses: readonly string[]; readonly command: 'leak' | 'cache' };
  /** A workload of known figures was measured otherwise. */
  'self-test-wrong': {
    readonly mode: string;
    readonly expected: string;
    readonly measured: string;
  };
  /** `path`: printable. */
  'file-missing': { readonly path: string };
  'file-unreadable': { readonly path: string; readonly errno: number };
  /** `what`: e.g. `FIFO`. */
  'file-special': { readonly path: string; readonly what: string };
  /** Of a file system without page cache: proc, sysfs and the like. */
  'file-pseudo': { readonly path: string };
  /** The kernel shows its residency to the owner and to writers only, and pretends to others. */
  'file-hidden': { readonly path: string };
  /** No system call tells the residency on this file system. */
  'file-untold': { readonly path: string; readonly fileSystem: string };
  'file-failed': { readonly path: string; readonly errno: number };
  /** Asked for by --strict: not every file could be measured. */
  'files-left-out': { readonly count: number };
  'output-unwritable': { readonly errno: string };
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
