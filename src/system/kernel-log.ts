import { closeSync, constants, openSync, readSync } from 'node:fs';
import { bytes, type Bytes, type Milliseconds, milliseconds } from '../domain/units.ts';
import type { FileTree } from './file-tree.ts';

/** A kill by the OOM killer, as the kernel log has it. */
export interface LoggedKill {
  /** Since boot. */
  readonly at: Milliseconds;
  readonly pid: number;
  readonly command: string;
  /** The group whose limit it was; null: the machine's own memory. */
  readonly cgroup: string | null;
  readonly anonymous: Bytes | null;
}

const path = '/dev/kmsg';
// PRINTK_MESSAGE_MAX is 2048: what is longer comes in several records.
const recordBytes = 8192;
const mostKills = 50;

/** Takes the kills out of records of /dev/kmsg, which come one after the other. */
export class KillParser {
  readonly kills: LoggedKill[] = [];
  #cgroup: { readonly pid: number; readonly path: string } | null = null;

  /** One record: `6,1234,5678901234,-;text`; the time is microseconds since boot. */
  add(record: string): void {
    const [, time, text = ''] = /^\d+,\d+,(\d+),[^;]*;(.*)/.exec(record) ?? [];
    if (time === undefined) return;
    const constraint = /^oom-kill:.*oom_memcg=([^,]*),.*\bpid=(\d+)/.exec(text);
    if (constraint) this.#cgroup = { path: constraint[1] ?? '/', pid: Number(constraint[2]) };
    const killed = /Killed process (\d+) \((.*?)\),? (?:UID \d+,? )?total-vm:/.exec(text);
    if (!killed) return;
    const pid = Number(killed[1]);
    const inGroup = text.startsWith('Memory cgroup out of memory');
    const anonymous = /anon-rss:(\d+)kB/.exec(text)?.[1];
    this.kills.push({
      at: milliseconds(Number(time) / 1000),
      pid,
      command: killed[2] ?? '',
      cgroup: inGroup ? (this.#cgroup?.pid === pid ? this.#cgroup.path : '') : null,
      anonymous: anonymous === undefined ? null : bytes(Number(anonymous) * 1024),
    });
    if (this.kills.length > mostKills) this.kills.shift();
  }
}

/** Reads the kernel log as far as it goes, each time from where it stopped. */
export class KernelLog {
  readonly #tree: FileTree;
  readonly #parser = new KillParser();
  readonly #buffer = Buffer.alloc(recordBytes);
  #file: number | null | 'not-opened' = 'not-opened';

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** Kills that the log tells of, oldest first. */
  read(): readonly LoggedKill[] {
    if (this.#file === 'not-opened') this.#file = this.#open();
    if (this.#file !== null) this.#readAll(this.#file);
    return this.#parser.kills;
  }

  close(): void {
    if (typeof this.#file === 'number') closeSync(this.#file);
    this.#file = null;
  }

  #open(): number | null {
    try {
      return openSync(this.#tree.path(path), constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      this.#tree.miss(path, 'OOM kills of the past (kernel log)', error);
      return null;
    }
  }

  /** Each read gives one record of the device; of a captured file a piece of it. */
  #readAll(file: number): void {
    let rest = '';
    for (;;) {
      const length = this.#readSome(file);
      if (length === 'overwritten') continue;
      if (length === 0) break;
      const lines = (rest + this.#buffer.toString('utf8', 0, length)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#parser.add(line);
    }
    if (rest !== '') this.#parser.add(rest);
  }

  #readSome(file: number): number | 'overwritten' {
    try {
      return readSync(file, this.#buffer);
    } catch (error) {
      const errno = error instanceof Error && 'code' in error ? error.code : null;
      // EPIPE: records were overwritten before they were read; the next read goes on behind them.
      if (errno === 'EPIPE') return 'overwritten';
      if (errno !== 'EAGAIN') this.#tree.miss(path, 'OOM kills of the past (kernel log)', error);
      return 0;
    }
  }
}
