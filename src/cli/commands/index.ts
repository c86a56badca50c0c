import type { Command } from '../command.ts';
import { cache } from './cache.ts';
import { doctor } from './doctor.ts';
import { file } from './file.ts';
import { leak } from './leak.ts';
import { triage } from './triage.ts';

/** The commands, in the order of the help. */
export const commands: readonly Command[] = [triage, leak, cache, file, doctor];
