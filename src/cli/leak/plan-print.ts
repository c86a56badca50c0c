import type { PlanRow, ProbePlan } from '../../allocators/allocator.ts';
import type { LeakSessionRequest, SessionPlan } from '../../sources/live/request.ts';

const mebibytes = (size: number): string => `${(size / 2 ** 20).toFixed(1)} MiB`;

const columns: readonly {
  readonly title: string;
  readonly value: (row: PlanRow) => string;
}[] = [
  { title: 'FUNCTION', value: ({ symbol, delta }) => `${symbol}+0x${delta.toString(16)}` },
  { title: 'SHAPE', value: ({ shape }) => shape },
  { title: 'ALLOCATOR', value: ({ allocator }) => allocator },
  { title: 'OFFSET', value: ({ offset }) => `0x${offset.toString(16)}` },
  { title: 'INSTRUCTION', value: ({ instruction }) => instruction },
  { title: 'BY', value: ({ emulated }) => (emulated ? 'emulated' : 'single-stepped') },
  { title: 'WHY THERE', value: ({ why }) => why },
];

const table = (rows: readonly PlanRow[]): string[] => {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => value(row))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
  return cells.map(
    (line) =>
      `  ${line
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd()}`,
  );
};

const processPlan = ({ pid, rows, passedOver, runtimes }: ProbePlan, command: string): string[] => [
  '',
  `${pid === 0 ? command : `process ${pid}`}: ${rows.length} functions`,
  ...[...Map.groupBy(rows, ({ path }) => path)].flatMap(([path, ofPath]) => [
    ` ${path} (opened as ${ofPath[0]!.openedAs})`,
    ...table(ofPath),
  ]),
  ...(passedOver.length === 0 ? [] : [' passed over']),
  ...passedOver.map(({ path, reason }) => `  ${path}: ${reason}`),
  ...runtimes.map(({ name, explanation }) => ` ${name}: ${explanation}`),
];

/** The probe plan as text. */
export const planText = (plan: SessionPlan, { target }: LeakSessionRequest): string =>
  [
    `Nothing is attached. By ${plan.link} links: ${plan.linkWhy}.`,
    `Kernel memory: taken as blocks and stacks come, at most ${mebibytes(plan.kernelMemory)}.`,
    ...plan.plans.flatMap((each) =>
      processPlan(each, target.kind === 'command' ? `command ${target.argv.join(' ')}` : ''),
    ),
    ...(plan.tracepoints.length === 0 ? [] : ['', 'kernel']),
    ...plan.tracepoints.map((tracepoint) => `  ${tracepoint}`),
    '',
  ].join('\n');

/** The same as one JSON object on a line. */
export const planJson = (plan: SessionPlan): string => {
  const plans = plan.plans.map(({ pid, rows, passedOver, runtimes }) => ({
    pid,
    rows: rows.map(({ fd: _, ...row }) => row),
    passedOver,
    runtimes: runtimes.map(({ name, explanation }) => ({ name, explanation })),
  }));
  const { link, linkWhy, kernelMemory, tracepoints } = plan;
  return `${JSON.stringify({ v: 1, type: 'plan', link, linkWhy, kernelMemory, tracepoints, plans })}\n`;
};
