import { readFileSync } from 'node:fs';
import { exitCodes, explain, renderFailure } from '../errors/catalog.ts';
import { Failure } from '../errors/failure.ts';
import { parseCommandLine } from './command-line.ts';
import { nameItself } from '../system/self.ts';
import { outputTo } from './output.ts';

const endingSignals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

const readVersion = (): string => {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return typeof manifest === 'object' && manifest && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
};

/** timeout(1) and terminals may send one signal twice: to the process, and to its group. */
const sameSignalMs = 200;

/** Ends the run at the first signal, and the process at the second one: the kernel then detaches what is attached. */
const stopOnSignals = (): AbortSignal => {
  const controller = new AbortController();
  let abortedAt = Infinity;
  for (const [signal, number] of Object.entries(endingSignals)) {
    process.on(signal, () => {
      if (performance.now() - abortedAt > sameSignalMs) process.exit(128 + number);
      abortedAt = Math.min(abortedAt, performance.now());
      controller.abort();
    });
  }
  return controller.signal;
};

/** Whatever was thrown, as the user sees it; its exit code. */
const complain = async (error: unknown): Promise<number> => {
  const isFailure = error instanceof Failure;
  const text = isFailure
    ? renderFailure(error)
    : `memtrace: this is a bug in memtrace; please report it with these lines:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  await outputTo(2)
    .write(text)
    .catch(() => false);
  return isFailure ? explain(error).exitCode : exitCodes.bug;
};

/** Runs one command line and ends the process. */
export async function main(argv: readonly string[]): Promise<never> {
  const endAsBug = (error: unknown) => void complain(error).then((code) => process.exit(code));
  process.on('uncaughtException', endAsBug);
  process.on('unhandledRejection', endAsBug);
  nameItself();
  const stdout = outputTo(1);
  try {
    const version = readVersion();
    const columns = Math.max(60, Math.min(100, process.stdout.columns ?? 100));
    const understood = (line: readonly string[]) => parseCommandLine(line, { version, columns });
    const invocation = understood(argv);
    if (invocation.kind === 'print') {
      await stdout.write(await invocation.text());
      process.exit(exitCodes.done);
    }
    process.exit(
      await invocation.run({
        version,
        stdout,
        isTerminal: process.stdout.isTTY && process.stdin.isTTY && process.env['TERM'] !== 'dumb',
        environment: process.env,
        stop: stopOnSignals(),
        invoke: async (line, context) => {
          const inner = understood(line);
          if (inner.kind === 'run') return await inner.run(context);
          await context.stdout.write(await inner.text());
          return exitCodes.done;
        },
      }),
    );
  } catch (error) {
    process.exit(await complain(error));
  }
}
