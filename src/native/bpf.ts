import { builtFile, loadAddon } from './addon.ts';

/** Where the fields of a struct lie, from the object's BTF. */
export interface Layout {
  /** Bytes. */
  readonly size: number;
  readonly fields: Readonly<
    Record<string, { readonly offset: number; readonly size: number; readonly length: number }>
  >;
}

/** A map's entries as the kernel holds them, packed: `length` keys of `keySize` bytes, as many values. */
export interface Entries {
  readonly length: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly keys: Uint8Array<ArrayBuffer>;
  readonly values: Uint8Array<ArrayBuffer>;
}

export type UprobeLink = 'session' | 'multi' | 'perf-event';

/** What to attach where. Uprobes: `path` is opened by the kernel at once; offsets are file offsets in bytes. */
export type AttachRequest =
  | {
      readonly kind: UprobeLink;
      readonly program: string;
      readonly path: string;
      readonly offsets: readonly number[];
      readonly cookies?: readonly number[];
      readonly pid: number;
      readonly atReturn?: boolean;
    }
  | {
      readonly kind: 'tracepoint';
      readonly program: string;
      readonly category: string;
      readonly event: string;
    }
  | { readonly kind: 'raw-tracepoint'; readonly program: string; readonly event: string }
  /** fentry, fexit and BTF tracepoints: where, the program's section or setAttachTarget() says. */
  | { readonly kind: 'trace'; readonly program: string }
  | {
      readonly kind: 'kprobe';
      readonly program: string;
      readonly function: string;
      readonly atReturn?: boolean;
    };

/** Drained at the reader's pace; the object must outlive it. */
export interface Ring {
  /** Records so far, each after its length (u32) and four bytes of padding, padded to 8; empty after `timeoutMs`. */
  wait(timeoutMs: number): Promise<Uint8Array<ArrayBuffer>>;
  wake(): void;
  /** Frees it; no wait() may be under way. */
  close(): void;
}

/** An open BPF object. Every error has {operation, subject, errno, log}. After close() every method throws. */
export interface BpfObject {
  setConstant(variable: string, value: number | bigint): void;
  setMaxEntries(map: string, entries: number): void;
  /** Takes the memory of all of a map's entries at once. */
  preallocate(map: string): void;
  chooseProgram(program: string, load: boolean): void;
  setAttachType(program: string, type: number): void;
  /** The kernel function that a fentry or fexit program is for; before load(). */
  setAttachTarget(program: string, kernelFunction: string): void;
  load(): Promise<void>;
  attach(request: AttachRequest): Promise<number>;
  detach(links: readonly number[]): Promise<void>;
  /** Detaches everything, then frees it. */
  close(): Promise<void>;
  /** Runs an iterator program (SEC("iter/…")) to its end; what it wrote. `map`: whose elements a map's iterator goes through. */
  iterate(program: string, map?: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Runs a SEC("syscall") program once; what it returned. */
  run(program: string): Promise<number>;
  read(map: string): Promise<Entries>;
  /** Removes these keys, packed one after the other; what was there, at its end. */
  take(map: string, keys: Uint8Array): Entries;
  lookup(map: string, key: Uint8Array): Uint8Array<ArrayBuffer> | null;
  update(map: string, key: Uint8Array, value: Uint8Array): void;
  remove(map: string, key: Uint8Array): boolean;
  layout(struct: string): Layout;
  enumerators(name: string): Readonly<Record<string, number>>;
  /** Bytes of kernel memory that the maps hold now. */
  kernelMemory(): number;
  programs(): readonly {
    readonly name: string;
    readonly verifiedInstructions: number;
    readonly recursionMisses: number;
  }[];
  /** Of all programs in the file, loaded or not. */
  programNames(): readonly string[];
  openRing(map: string): Ring;
}

/** What an error thrown by the addon carries. */
export interface SystemError extends Error {
  readonly operation: string;
  readonly subject: string;
  readonly errno: number;
  readonly log: string;
}

export type CalibrationName = 'alloc' | 'free' | 'stepped';

/** What a kernel has, by its BTF; nothing where it has no BTF. */
export interface KernelTypes {
  /** Bytes from the start of the struct. */
  kernelMemberOffset(struct: string, member: string): number | null;
  /** Types of a raw tracepoint's arguments, `struct NAME *` for structs; null where this kernel does not have it. */
  kernelTracepointArguments(tracepoint: string): readonly string[] | null;
  /** Types of the parameters of each of these functions, as above; those that the kernel lacks, or has inlined, are not in it. */
  kernelFunctionParameters(
    functions: readonly string[],
  ): Readonly<Record<string, readonly string[]>>;
}

/** Of the running kernel, or of the one that a BTF file is from: not of its modules then. */
interface KernelQuestions {
  kernelMemberOffset(struct: string, member: string, file?: string): number | null;
  kernelTracepointArguments(tracepoint: string, file?: string): readonly string[] | null;
  kernelFunctionParameters(
    functions: readonly string[],
    file?: string,
  ): Readonly<Record<string, readonly string[]>>;
}

interface BpfAddon extends KernelQuestions {
  readonly BpfObject: new (path: string) => BpfObject;
  /** Bytes of the kernel's base page. */
  readonly pageSize: number;
  /** Whether uprobe programs may call the helper of this number (enum bpf_func_id). */
  hasHelper(helper: number): boolean;
  /** A function of our own to put probes on; `alloc` returns its argument, `stepped` begins with what is not emulated. */
  calibrationFunction(name: CalibrationName): { readonly path: string; readonly offset: number };
  /** Nanoseconds of CPU time per call, each with an argument of its own. */
  timeCalibration(name: CalibrationName, calls: number): Promise<number>;
}

let loaded: BpfAddon | undefined;

/** The addon, loaded at first use. Errors: Failure `not-built`. */
export function bpf(): BpfAddon {
  loaded ??= loadAddon<BpfAddon>('bpf');
  return loaded;
}

/** Opens dist/bpf/NAME.bpf.o. Errors: Failure `not-built`, SystemError. */
export function openObject(name: string): BpfObject {
  return new (bpf().BpfObject)(builtFile(`dist/bpf/${name}.bpf.o`));
}

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'operation' in error && 'errno' in error;
}

/** expected_attach_type of a program for each link: enum bpf_attach_type of linux/bpf.h. */
export const attachTypes: Readonly<Record<UprobeLink, number>> = {
  'session': 57, // BPF_TRACE_UPROBE_SESSION
  'multi': 48, // BPF_TRACE_UPROBE_MULTI
  'perf-event': 0,
};
