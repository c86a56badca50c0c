import { closeSync, openSync } from 'node:fs';
import { openElf } from '../../../native/elf-addon.ts';
import type { ElfFile } from '../../../native/elf.ts';
import type { Finding, TargetCheck } from './check.ts';

/** Places of the code that are looked at, to tell whether a program keeps frame pointers. */
const sampleSize = 64;

async function ofExecutable(pid: number, look: (elf: ElfFile) => Finding): Promise<Finding> {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/exe`, 'r');
  } catch (error) {
    return {
      state: 'lacking',
      found: `the executable cannot be read (${(error as NodeJS.ErrnoException).code})`,
    };
  }
  try {
    const elf = openElf(fd);
    try {
      return look(elf);
    } finally {
      elf.close();
    }
  } finally {
    closeSync(fd);
  }
}

/** What the executable has of names and source lines. */
export const symbols: TargetCheck = {
  name: 'symbols',
  look: async (pid) =>
    await ofExecutable(pid, ({ facts }) => {
      const build =
        facts.buildId === null ? 'no build id' : `build id ${facts.buildId.slice(0, 12)}…`;
      if (facts.hasDebugInfo) return { state: 'ready', found: `${build}, names and source lines` };
      if (facts.hasSymtab)
        return { state: 'ready', found: `${build}, names, no source lines in the file itself` };
      return {
        state: 'lacking',
        found: `${build}, stripped: only exported functions have names`,
        remedy:
          'install its debug symbols (package NAME-dbgsym or NAME-debuginfo), or build it without -s',
      };
    }),
};

/** Stacks are walked by frame pointers: a function that keeps one sets it up first. */
export const framePointers: TargetCheck = {
  name: 'frame pointers',
  look: async (pid) =>
    await ofExecutable(pid, (elf) => {
      const answers = sampleOffsets(elf)
        .map((offset) => elf.keepsFramePointer(offset))
        .filter((answer) => answer !== null);
      if (answers.length === 0) {
        return { state: 'lacking', found: 'cannot be told: no functions have names' };
      }
      const keeping = answers.filter(Boolean).length;
      const found = `${keeping} of ${answers.length} functions looked at set one up`;
      return keeping * 2 >= answers.length
        ? { state: 'ready', found }
        : {
            state: 'lacking',
            found: `${found}: stacks may be cut short`,
            remedy: 'build it with -fno-omit-frame-pointer',
          };
    }),
};

/** Offsets spread evenly over the code. */
const sampleOffsets = ({ facts }: ElfFile): number[] => {
  const code = facts.segments.find(({ executable }) => executable);
  if (!code) return [];
  return Array.from(
    { length: sampleSize },
    (_, at) => code.offset + Math.floor((code.fileSize * (at + 0.5)) / sampleSize),
  );
};
