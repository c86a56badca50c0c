import { spawnSync } from 'node:child_process';
import path from 'node:path';

import { program } from './library.ts';
import { requires } from './require.ts';

const checkout = path.resolve(import.meta.dirname, '../..');
const setpriv = program('setpriv') ?? 'setpriv';
const prlimit = program('prlimit') ?? 'prlimit';

const lockAll = [prlimit, '--memlock=unlimited'] as const;

/** Before Linux 5.11 the tables count as locked memory. A host whose root may not raise that limit has to do without. */
const lockingAllowed: readonly string[] =
  spawnSync(lockAll[0], [lockAll[1], 'true']).status === 0 ? lockAll : [];

/** Runs what follows as nobody, with these capabilities and no other. */
export function asNobody(...capabilities: readonly string[]): readonly string[] {
  const list = ['-all', ...capabilities.map((name) => `+${name}`)].join(',');
  return [
    ...lockingAllowed,
    setpriv,
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    `--inh-caps=${list}`,
    `--ambient-caps=${list}`,
    `--bounding-set=${list}`,
  ];
}

/** Whether nobody can read the checkout and run its Node: not where it lies in a closed home. */
function nobodyCanRun(): boolean {
  const [first = setpriv, ...rest] = asNobody();
  return (
    spawnSync(first, [...rest, path.join(checkout, 'scripts/memtrace'), '--version']).status === 0
  );
}

/** A requirement of every test that runs memtrace as nobody. */
export const canBeNobody = (): boolean =>
  requires('nobody', nobodyCanRun(), 'nobody cannot run the checkout');
