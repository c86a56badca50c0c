import { Failure } from '../../../errors/failure.ts';
import { loadAddon } from '../../../native/addon.ts';
import type { HostCheck } from './check.ts';

/** What the dynamic linker says of a library that is missing. */
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** Symbols and probe sites. */
export const symbolReader: HostCheck = {
  name: 'symbol names',
  look: async () => {
    try {
      loadAddon('elf');
      return { state: 'ready', found: 'libelf and capstone are there' };
    } catch (error) {
      if (error instanceof Failure) return { state: 'broken', failure: error };
      return {
        state: 'broken',
        failure: new Failure('library-missing', { addon: 'elf', said: firstLine(error) }),
      };
    }
  },
};

/** Source lines and inlined functions. */
export const lineReader: HostCheck = {
  name: 'source lines',
  look: async () => {
    try {
      loadAddon('lines');
      return { state: 'ready', found: 'libdw is there' };
    } catch (error) {
      return {
        state: 'lacking',
        found: `libdw is not there: stacks have no source lines (${error instanceof Failure ? 'not built' : firstLine(error)})`,
        remedy: 'install it: apt install libdw1, or dnf install elfutils-libs',
      };
    }
  },
};
