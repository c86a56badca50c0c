import { getSystemErrorName } from 'node:util';
import type { SystemError } from '../../native/bpf.ts';

/** e.g. `EPERM`. */
export const errnoName = ({ errno }: Pick<SystemError, 'errno'>): string =>
  errno > 0 ? getSystemErrorName(-errno) : `errno ${errno}`;
