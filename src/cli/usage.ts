import { Failure } from '../errors/failure.ts';

/** A usage failure, to be thrown. */
export const usage = (problem: string, remedy?: string): Failure<'usage'> =>
  new Failure('usage', remedy === undefined ? { problem } : { problem, remedy });
