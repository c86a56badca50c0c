import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FSWatcher, createReadStream, rmSync, watch } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile, copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { whenEnded } from './when-ended.ts';
import { initramfs } from './initramfs.ts';
import { hasBegun, kernelComplaint } from './kernel-complaint.ts';
import type { KernelImage } from './kernel-image.ts';
import type { Machine } from './machine.ts';
import { quoted } from './words.ts';

export interface GuestRequest {
  readonly machine: Machine;
  /** Run in the checkout. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** More words for the kernel's command line. */
  readonly kernelWords: readonly string[];
  readonly timeoutSeconds: number;
  /** Files that the command may leave in the directory MEMTRACE_GUEST. */
  readonly collect: readonly string[];
  /** Takes what the command writes, stdout and stderr as one, as it comes. */
  readonly write: (text: string) => void;
}

/** How a guest ended. Without `status` the command did not: a panic, a hang, a kernel that does not boot. */
export interface GuestEnd {
  readonly status: number | undefined;
  readonly seconds: number;
  /** Whether it was killed, its time being up. */
  readonly isLate: boolean;
  readonly console: string;
  /** What its kernel complained of, in lines; empty where all is well. */
  readonly complaint: string;
  /** What it left, by the names of `collect`. */
  readonly left: Readonly<Record<string, string>>;
}

/** Where the guest has the directory that it shares with its host. */
const exchangeInGuest = '/run/guest';

const scratchBytes = 4 * 2 ** 30;
const memory = '3G';

/** On a busy host an emulated timer may come too late for what a kernel tries as it boots. */
const mostBoots = 3;

/** Boots the kernel on the machine's root (read-only, what is written is forgotten), runs the command there, ends. */
export async function runGuest(kernel: KernelImage, request: GuestRequest): Promise<GuestEnd> {
  for (let boots = 1; ; boots++) {
    const end = await runOnce(kernel, request);
    if (end.isLate || hasBegun(end.console) || boots === mostBoots) return end;
    request.write(`-- it died as it booted, and is booted again:\n${end.console.slice(-2000)}\n`);
  }
}

async function runOnce(kernel: KernelImage, request: GuestRequest): Promise<GuestEnd> {
  const exchange = await mkdtemp(path.join(tmpdir(), 'memtrace-guest-'));
  const stay = whenEnded(() => rmSync(exchange, { recursive: true, force: true }));
  try {
    await prepare(exchange, kernel, request);
    const from = performance.now();
    const isLate = await boot(exchange, kernel, request);
    const { status, tainted } = await collected(exchange, ['status', 'tainted']);
    const console = await readFile(path.join(exchange, 'console'), 'utf8');
    return {
      // Empty where the guest died as it wrote it.
      status: status ? Number(status) : undefined,
      seconds: (performance.now() - from) / 1000,
      isLate,
      console,
      complaint: kernelComplaint(console, tainted ?? ''),
      left: await collected(exchange, request.collect),
    };
  } finally {
    stay();
    await rm(exchange, { recursive: true, force: true });
  }
}

async function collected(
  from: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const text = await readFile(path.join(from, name), 'utf8').catch(() => undefined);
    if (text !== undefined) found[name] = text;
  }
  return found;
}

async function prepare(at: string, kernel: KernelImage, request: GuestRequest): Promise<void> {
  const environment = { ...request.environment, MEMTRACE_GUEST: exchangeInGuest };
  const settings = Object.entries(environment).map(
    ([name, value]) => `export ${name}=${quoted([value])}\n`,
  );
  const { project, node, busybox } = request.machine.system();
  const command = [
    `cd ${quoted([project])} || exit 125\n`,
    `export PATH=${quoted([node])}:"$PATH"\n`,
    ...settings,
    `exec ${quoted(request.command)}\n`,
  ];
  await writeFile(path.join(at, 'command.sh'), command.join(''));
  await writeFile(path.join(at, 'initramfs'), await initramfs(kernel, busybox));
  await writeFile(path.join(at, 'output'), '');
  await writeFile(path.join(at, 'console'), '');
  await copyFile(path.join(import.meta.dirname, 'start.sh'), path.join(at, 'start.sh'));
  const disk = await open(path.join(at, 'disk'), 'w');
  await disk.truncate(scratchBytes);
  await disk.close();
}

/** Whether it had to be killed, its time being up. */
async function boot(at: string, kernel: KernelImage, request: GuestRequest): Promise<boolean> {
  const [emulator, ...own] = request.machine.emulator;
  const args = [...own, ...options(at, kernel, request)];
  const guest = spawn('nice', ['-n', '10', emulator, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(guest, 'exit');
  let isLate = false;
  const late = setTimeout(() => {
    isLate = guest.kill('SIGKILL');
  }, request.timeoutSeconds * 1000);
  const stay = whenEnded(() => guest.kill('SIGKILL'));
  const output = new Follower(path.join(at, 'output'), request.write);
  try {
    await exited;
  } finally {
    stay();
    clearTimeout(late);
    await output.close();
  }
  return isLate;
}

/** One processor, and one thread to emulate it: kernels patch their own code in ways that more of them do not survive. */
function options(
  at: string,
  kernel: KernelImage,
  { machine, kernelWords }: GuestRequest,
): readonly string[] {
  const words = [
    `console=${machine.console}`,
    'loglevel=5 oops=panic panic=-1 mitigations=off no_timer_check',
  ];
  const pairs: readonly (readonly [string, string])[] = [
    ['-accel', 'tcg,thread=single'],
    ['-smp', '1'],
    ['-m', memory],
    ['-display', 'none'],
    ['-serial', `file:${path.join(at, 'console')}`],
    ['-kernel', kernel.vmlinuz],
    ['-initrd', path.join(at, 'initramfs')],
    ['-append', [...words, ...kernelWords].join(' ')],
    [
      '-fsdev',
      `local,id=root,path=${machine.system().root},security_model=none,multidevs=remap,readonly=on`,
    ],
    ['-device', 'virtio-9p-pci,fsdev=root,mount_tag=root'],
    ['-fsdev', `local,id=modules,path=${kernel.root}/lib/modules,security_model=none,readonly=on`],
    ['-device', 'virtio-9p-pci,fsdev=modules,mount_tag=modules'],
    ['-fsdev', `local,id=exchange,path=${at},security_model=none`],
    ['-device', 'virtio-9p-pci,fsdev=exchange,mount_tag=exchange'],
    ['-drive', `file=${path.join(at, 'disk')},format=raw,if=none,id=disk,cache=unsafe`],
    ['-device', 'virtio-blk-pci,drive=disk'],
  ];
  return ['-nodefaults', '-no-reboot', ...pairs.flat()];
}

/** Passes on what is appended to a file. */
class Follower {
  readonly #watcher: FSWatcher;
  #reading: Promise<void> = Promise.resolve();
  #read = 0;
  readonly #file: string;
  readonly #write: (text: string) => void;

  constructor(file: string, write: (text: string) => void) {
    this.#file = file;
    this.#write = write;
    this.#watcher = watch(file, () => this.#follow());
  }

  #follow(): void {
    this.#reading = this.#reading.then(async () => {
      for await (const chunk of createReadStream(this.#file, { start: this.#read })) {
        this.#read += (chunk as Buffer).length;
        this.#write((chunk as Buffer).toString('utf8'));
      }
    });
  }

  async close(): Promise<void> {
    this.#watcher.close();
    this.#follow();
    await this.#reading;
  }
}
