import { open, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../errors/failure.ts';
import { capabilitiesOf } from '../../system/capabilities.ts';
import { readStat } from '../../system/stat.ts';
import { readStatus } from '../../system/status.ts';
import { returnProbeDanger } from './return-probes.ts';

/**
 * Whether a process can be traced, and without harm; touches nothing of it. Errors: Failure `target-missing`, `kernel-thread`,
 * `usage` (a thread's id, memtrace itself), `no-privilege`, `target-unreadable`, `target-32-bit`, `target-emulated`,
 * `uretprobe-unsafe`.
 */
export async function checkTarget(pid: number): Promise<void> {
  if (pid === process.pid)
    throw new Failure('usage', { problem: `process ${pid} is memtrace itself` });
  const [stat, status] = await Promise.all([readStat(pid), readStatus(pid)]).catch(
    (error: NodeJS.ErrnoException) => {
      throw isGone(error) ? new Failure('target-missing', { pid }) : error;
    },
  );
  if (stat.kernelThread) throw new Failure('kernel-thread', { pid, name: stat.command });
  if (stat.state === 'Z' || stat.state === 'X') throw new Failure('target-missing', { pid });
  if (status.tgid !== pid) {
    throw new Failure('usage', {
      problem: `${pid} is a thread of process ${status.tgid}`,
      remedy: `memtrace leak -p ${status.tgid}`,
    });
  }
  await checkMachine(pid);
  const danger = await returnProbeDanger(pid).catch((error: NodeJS.ErrnoException) => {
    throw isGone(error) ? new Failure('target-gone', { pid }) : error;
  });
  if (danger) throw new Failure('uretprobe-unsafe', { pid, because: danger });
}

const machines: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

async function checkMachine(pid: number): Promise<void> {
  const path = `/proc/${pid}/exe`;
  try {
    const emulator = /^qemu-(?!system|img|io|nbd|ga)(\w+?)(-static)?$/.exec(
      basename(await readlink(path)),
    );
    if (emulator) throw new Failure('target-emulated', { pid, machine: emulator[1]! });
    const header = await readHeader(path);
    if (header[4] !== 2) throw new Failure('target-32-bit', { pid });
    if (header.readUInt16LE(18) !== machines[process.arch]) {
      throw new Failure('target-emulated', {
        pid,
        machine: `ELF machine ${header.readUInt16LE(18)}`,
      });
    }
  } catch (error) {
    throw error instanceof Failure
      ? error
      : await unreadable(pid, path, error as NodeJS.ErrnoException);
  }
}

async function readHeader(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const header = Buffer.alloc(20);
    await file.read(header, 0, header.length, 0);
    return header;
  } finally {
    await file.close();
  }
}

/** What an error in reading a file of /proc/PID means. */
async function unreadable(pid: number, path: string, error: NodeJS.ErrnoException): Promise<Error> {
  if (isGone(error)) return new Failure('target-gone', { pid });
  if (error.code !== 'EACCES' && error.code !== 'EPERM') return error;
  const held = capabilitiesOf((await readStatus('self')).effectiveCapabilities);
  return held.has('CAP_SYS_PTRACE')
    ? new Failure('target-unreadable', { pid, path, errno: error.code })
    : new Failure('no-privilege', {
        missing: ['CAP_SYS_PTRACE'],
        forWhat: `reading the files of process ${pid}`,
      });
}

const isGone = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ENOENT' || error.code === 'ESRCH';
