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
  --write            writes docs/kernels.md and docs/verifier.json of what was found
  --verbose          shows what each guest writes, also where nothing failed
  --append WORD      a word for the kernel's command line
  --env NAME=VALUE   for the command
  --timeout SECONDS  for each kernel (${machines.x86_64.seconds})
  --machine NAME     ${Object.keys(machines).join(' or ')} (x86_64); scripts/test-aarch64 is for the other
A kernel that cannot be fetched is skipped; it is a failure where CI or MEMTRACE_REQUIRE is set.
`;

const isMachine = (name: string): name is MachineName => Object.hasOwn(machines, name);

function kernelNamed(name: string, machine: MachineName): Kernel {
  const kernel = kernels.find((one) => one.name === name);
  if (kernel === undefined) throw new Error(`no kernel is called ${name}\n${usage}`);
  return kernelOn(kernel, machine);
}

if (values.help) {
  process.stdout.write(usage);
} else {
  if (!isMachine(values.machine))
    throw new Error(`no machine is called ${values.machine}\n${usage}`);
  const machine: Machine = machines[values.machine];
  if (values.write && machine.debian !== 'amd64') throw new Error(`docs/ is of x86_64\n${usage}`);
  const chosen = (values.kernel ?? machine.kernels).map((name) =>
    kernelNamed(name, values.machine as MachineName),
  );
  const timeoutSeconds = Number(values.timeout ?? machine.seconds);
  const { append: words, env: settings } = values;
  const green =
    positionals.length > 0
      ? await runCommand(chosen, positionals, { machine, words, settings, timeoutSeconds })
      : await runMatrix(chosen, {
          machine,
          timeoutSeconds,
          jobs: Number(values.jobs),
          part: new RegExp(values.part),
          write: values.write,
          verbose: values.verbose,
        });
  process.exitCode = green ? 0 : 1;
}
