import type { Command } from '../command.ts';
import { cache } from './cache.ts';
import { doctor } from './doctor.ts';
import { file } from './file.ts';
import { leak } from './leak.ts';

/** The commands, in the order of the help. */
export const commands: readonly Command[] = [leak, cache, file, doctor];
