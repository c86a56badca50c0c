import { output } from './tool.ts';

/** Thrown where what is to be tested cannot be had here, such as a kernel of an archive out of reach, rather than is broken. */
export class Unreachable extends Error {}

const mirror = process.env['MEMTRACE_DEBIAN_MIRROR'] ?? 'https://deb.debian.org';

/** Exit codes of curl(1): no proxy, host or connection, too slow, no TLS. */
const unconnected: readonly unknown[] = [5, 6, 7, 28, 35];

/** Downloads a file of Debian's archives. Throws Unreachable. */
export async function download(from: string, to: string): Promise<void> {
  const url = `${mirror}/${from}`;
  const words = ['--fail', '--silent', '--show-error', '--location', '--retry', '3'];
  try {
    await output('curl', ...words, '--write-out', '%{http_code}', '--output', to, url);
  } catch (error) {
    const told = `${url} cannot be fetched: ${String(error).trim().split('\n').at(-1)}`;
    throw isOutOfReach(error) ? new Unreachable(told) : new Error(told, { cause: error });
  }
}

/** Whether an error of curl says that the archive could not be reached, or was out of order. */
export function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, stdout } = error as { readonly code?: unknown; readonly stdout?: unknown };
  return unconnected.includes(code) || /^5\d\d$/.test(String(stdout));
}
