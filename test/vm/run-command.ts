import { runGuest } from './guest.ts';
import { kernelImage } from './kernel-image.ts';
import type { Kernel } from './kernels.ts';
import type { Machine } from './machine.ts';

/** Runs a command on each kernel and passes on what it writes; whether it ended with 0 on all of them. */
export async function runCommand(
  kernels: readonly Kernel[],
  command: readonly string[],
  options: {
    readonly machine: Machine;
    readonly words: readonly string[];
    readonly settings: readonly string[];
    readonly timeoutSeconds: number;
  },
): Promise<boolean> {
  let green = true;
  // One guest at a time: each keeps a processor busy.
  for (const kernel of kernels) {
    const image = await kernelImage(kernel, options.machine);
    process.stdout.write(`\n== ${kernel.name}: ${image.release} (${image.version})\n`);
    const end = await runGuest(image, {
      machine: options.machine,
      command,
      environment: Object.fromEntries(options.settings.map(setting)),
      kernelWords: options.words,
      timeoutSeconds: options.timeoutSeconds,
      collect: [],
      write: (text) => process.stdout.write(text),
    });
    green &&= end.status === 0 && end.complaint === '';
    const verdict = end.isLate
      ? 'killed, as it had not ended'
      : end.status === undefined
        ? 'died'
        : `exit status ${end.status}`;
    if (end.status !== 0 || end.complaint !== '')
      process.stdout.write(`\n-- console of ${kernel.name}\n${end.console}\n`);
    process.stdout.write(`\n${kernel.name}: ${verdict}, ${end.seconds.toFixed(0)} s\n`);
    if (end.complaint !== '')
      process.stdout.write(`${kernel.name}: its kernel complained:\n${end.complaint}\n`);
  }
  return green;
}

function setting(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}
