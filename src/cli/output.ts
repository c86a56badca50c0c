import { write } from 'node:fs';
import { promisify } from 'node:util';
import { Failure } from '../errors/failure.ts';

const writeSome = promisify(write);

/** A place for lines of text, in order. */
export interface Output {
  /** Resolves when the text is written, with false when nobody reads any more (EPIPE). Throws output-unwritable. */
  readonly write: (text: string) => Promise<boolean>;
}

const errnoOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';

/**
 * Writes to a file descriptor from a thread: process.stdout blocks the event loop on a pipe, and a pager that stops reading would
 * keep memtrace from detaching. Nothing is held back.
 */
export function outputTo(fd: number): Output {
  let broken = false;
  const writeAll = async (data: Buffer): Promise<boolean> => {
    for (let at = 0; at < data.length && !broken;) {
      try {
        at += (await writeSome(fd, data, at, data.length - at)).bytesWritten;
      } catch (error) {
        const errno = errnoOf(error);
        // The pipe is non-blocking because another process that shares it made it so.
        if (errno === 'EAGAIN') await new Promise((resolve) => setTimeout(resolve, 5));
        else if (errno === 'EPIPE') broken = true;
        else throw new Failure('output-unwritable', { errno });
      }
    }
    return !broken;
  };
  let queue: Promise<unknown> = Promise.resolve();
  return {
    write: (text) => {
      const written = queue.then(() => writeAll(Buffer.from(text)));
      queue = written.catch(() => {});
      return written;
    },
  };
}
