import { parseArgs } from 'node:util';

import { type Kernel, kernelOn, kernels } from './kernels.ts';
import { type Machine, type MachineName, machines } from './machine.ts';
import { runCommand } from './run-command.ts';
import { runMatrix } from './run-matrix.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', multiple: true },
    machine: { type: 'string', default: 'x86_64' },
    timeout: { type: 'string' },
    append: { type: 'string', multiple: true, default: [] },
    env: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: '1' },
    part: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const usage = `usage: scripts/test-kernels [--kernel NAME]… [--part REGEXP] [--jobs N] [--write] [--verbose]
       scripts/test-kernels [--kernel NAME]… [--append WORD]… [--env NAME=VALUE]… -- COMMAND…
Boots each kernel (${kernels.map(({ name }) => name).join(', ')}) in a virtual machine, and runs the tests of test/vm/selection.ts there, or COMMAND in the checkout.
Then compares the types of kernels that are not booted (test/vm/types) with theirs: that alone with --part 'not booted'.
  --jobs N           so many virtual machines at once (1)
  --part REGEXP      only parts with such a title
  --write            writes docs/kernels.md and docs/verifier.json of a run of everything
  --verbose          shows what each guest writes, also where nothing failed
  --append WORD      a word for the kernel's command line
  --env NAME=VALUE   for the command
  --timeout SECONDS  for each kernel (${machines.x86_64.seconds})
  --machine NAME     ${Object.keys(machines).join(' or ')} (x86_64); scripts/test-aarch64 is for the other
A kernel that cannot be fetched is skipped; it is a failure where CI or MEMTRACE_REQUIRE is set.
`;

class Misuse extends Error {}

const isMachine = (name: string): name is MachineName => Object.hasOwn(machines, name);

function kernelNamed(name: string): Kernel {
  const kernel = kernels.find((one) => one.name === name);
  if (kernel === undefined) throw new Misuse(`no kernel is called ${name}`);
  return kernel;
}

function atLeastOne(option: string, value: string | undefined): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new Misuse(`--${option} takes a whole number from 1 on, not '${value}'`);
  return number;
}

async function run(): Promise<boolean> {
  const { append: words, env: settings, machine: name, part, write, verbose } = values;
  if (!isMachine(name)) throw new Misuse(`no machine is called ${name}`);
  const machine: Machine = machines[name];
  const chosen = new Set((values.kernel ?? machine.kernels).map(kernelNamed));
  const timeoutSeconds = atLeastOne('timeout', values.timeout ?? `${machine.seconds}`);
  const jobs = atLeastOne('jobs', values.jobs);
  if (write && name !== 'x86_64') throw new Misuse('--write is for x86_64: docs/ has no other');
  if (write && (chosen.size < kernels.length || part !== ''))
    throw new Misuse('--write is for a run of everything, without --kernel and --part');
  if (settings.some((setting) => !/^\w+=/.test(setting)))
    throw new Misuse('--env takes NAME=VALUE');
  const wanted = [...chosen].map((kernel) => kernelOn(kernel, name));
  return positionals.length > 0
    ? runCommand(wanted, positionals, { machine, words, settings, timeoutSeconds })
    : runMatrix(wanted, {
        machine,
        timeoutSeconds,
        jobs,
        part: new RegExp(part),
        write,
        verbose,
      });
}

if (values.help) {
  process.stdout.write(usage);
} else {
  try {
    process.exitCode = (await run()) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    process.stderr.write(`${error.message}\n${usage}`);
    process.exitCode = 64;
  }
}
