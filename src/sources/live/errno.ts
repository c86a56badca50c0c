import { errorName } from '../../errors/sentence.ts';
import type { SystemError } from '../../native/bpf.ts';

/** e.g. `EPERM`. */
export const errnoName = ({ errno }: Pick<SystemError, 'errno'>): string =>
  errno > 0 ? errorName(errno) : `errno ${errno}`;
