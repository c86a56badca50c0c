import { parseArgs } from 'node:util';

import { type Kernel, kernels } from './kernels.ts';
import { runCommand } from './run-command.ts';
import { runMatrix } from './run-matrix.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', multiple: true, default: kernels.map(({ name }) => name) },
    timeout: { type: 'string', default: '900' },
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
Boots each kernel (${kernels.map(({ name }) => name).join(', ')}) in a virtual machine on this host's files, and runs the tests of test/vm/selection.ts there, or COMMAND.
Then compares the types of kernels that are not booted (test/vm/types) with theirs: that alone with --part 'not booted'.
  --jobs N           so many virtual machines at once (1)
  --part REGEXP      only parts with such a title
  --write            writes docs/kernels.md and docs/verifier.json of what was found
  --verbose          shows what each guest writes, also where nothing failed
  --append WORD      a word for the kernel's command line
  --env NAME=VALUE   for the command
  --timeout SECONDS  for each kernel (900)
A kernel that cannot be fetched is skipped; it is a failure where CI or MEMTRACE_REQUIRE is set.
`;

function kernelNamed(name: string): Kernel {
  const kernel = kernels.find((one) => one.name === name);
  if (kernel === undefined) throw new Error(`no kernel is called ${name}\n${usage}`);
  return kernel;
}

if (values.help) {
  process.stdout.write(usage);
} else {
  const chosen = values.kernel.map(kernelNamed);
  const timeoutSeconds = Number(values.timeout);
  const { append: words, env: settings } = values;
  const green =
    positionals.length > 0
      ? await runCommand(chosen, positionals, { words, settings, timeoutSeconds })
      : await runMatrix(chosen, {
          timeoutSeconds,
          jobs: Number(values.jobs),
          part: new RegExp(values.part),
          write: values.write,
          verbose: values.verbose,
        });
  process.exitCode = green ? 0 : 1;
}
