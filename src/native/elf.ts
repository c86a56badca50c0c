/**
 * The ELF half of the addon, as native/js/elf.cc exports it: symbols, probe sites and names of one object file.
 * All offsets are file offsets in bytes (what uprobes take), not virtual addresses, unless a name says otherwise.
 */
export interface ElfFunction {
  readonly symbol: string;
  readonly offset: number;
  readonly size: number;
}

export interface ProbeSite {
  /** File offset of the instruction to probe. */
  readonly offset: number;
  /** Bytes past the function's entry. */
  readonly delta: number;
  /** Disassembly of the probed instruction, e.g. `push rbx`. */
  readonly instruction: string;
  readonly emulated: boolean;
  /** Why this site, or why the entry had to do: one short phrase. */
  readonly why: string;
}

export interface ElfFacts {
  readonly machine: 'x86_64' | 'aarch64' | 'i386' | 'arm' | 'other';
  readonly bits: 32 | 64;
  readonly type: 'exec' | 'dyn' | 'rel' | 'core';
  readonly interpreter: string | null;
  readonly needed: readonly string[];
  readonly soname: string | null;
  /** Lower-case hex, or null. */
  readonly buildId: string | null;
  /** File name of the separate debug file (.gnu_debuglink), and the CRC-32 of that file. */
  readonly debugLink: string | null;
  readonly debugLinkCrc: number | null;
  readonly hasSymtab: boolean;
  readonly hasDebugInfo: boolean;
  /** Names of all sections, in file order; empty where the section headers were stripped. */
  readonly sections: readonly string[];
  /** Loadable segments: where a file offset lands. */
  readonly segments: readonly {
    readonly offset: number;
    readonly vaddr: number;
    readonly fileSize: number;
    readonly executable: boolean;
  }[];
}

/** An open ELF file. Everything is read from the descriptor given, which stays the caller's. */
export interface ElfFile {
  readonly facts: ElfFacts;
  /**
   * Functions of exactly these names, defined in .dynsym or .symtab; absent names are left out, and IFUNCs, whose symbol is only
   * what chooses the function.
   */
  functions(names: readonly string[]): ElfFunction[];
  /**
   * Where to probe a function: the first instruction of its straight-line prologue that the kernel emulates and that
   * still has the first `argumentCount` argument registers, the stack pointer and the frame pointer of the entry.
   */
  probeSite(fn: ElfFunction, argumentCount: number): ProbeSite;
  /** Mangled name and offset of the function that covers each file offset, from a sorted table; null where none does. */
  names(
    offsets: readonly number[],
  ): ({ readonly symbol: string; readonly offset: number } | null)[];
  /** Name of the import that the jump at an offset goes to, through the procedure linkage table; null where it does not. */
  importAt(offset: number): string | null;
  /** Whether the function that covers an offset sets up a frame pointer; null where that is not known. */
  keepsFramePointer(offset: number): boolean | null;
  /** Adds the symbols of a separate debug file (matched by build-id by the caller). */
  addDebugFile(fd: number): void;
  close(): void;
}

/** Where a piece of code was written. */
export interface SourcePosition {
  /** Linkage name of the function, or its plain name where it has none. */
  readonly symbol: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

/** Source positions of one object by libdw, where it is installed. */
export interface LineTable {
  /** For each offset, on another thread: innermost inlined function first, empty where nothing is known. */
  lines(offsets: readonly number[]): Promise<SourcePosition[][]>;
  close(): void;
}

export interface ElfAddon {
  openElf(fd: number): ElfFile;
}

export interface LinesAddon {
  openLines(fd: number, debugFd: number | null): LineTable;
}
