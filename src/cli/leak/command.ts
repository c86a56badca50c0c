import type { ExitCode } from '../../errors/catalog.ts';
import type { Context } from '../command.ts';
import type { LeakRequest } from './request.ts';

export const leakCommand = async (_request: LeakRequest, _context: Context): Promise<ExitCode> => 0;
