/** What an object comes upon on a kernel, in words, each of which is so there or not: relocationsOf(), answers(). */
export type Pattern = readonly string[];

/** Of one kernel, by the title of the form. */
export type Patterns = ReadonlyMap<string, Pattern>;

export interface BootedKernel {
  readonly kernel: string;
  readonly patterns: Patterns;
}

/** A change in the kernel that does not depend on any other: an object may come upon either side of it, whatever else is so. */
export interface Turn {
  readonly name: string;
  readonly before: Pattern;
  readonly after: Pattern;
  readonly why: string;
  /** No kernel that is booted here shows one of the sides, for the reason in `why`. */
  readonly isProvedElsewhere?: boolean;
}

/** How a pattern is related to that of the booted kernel that is nearest to it. */
export interface Likeness {
  readonly kernel: string;
  /** Names of the turns that lie between the two. */
  readonly turns: readonly string[];
  /** What is left that nothing explains. */
  readonly more: Pattern;
  readonly less: Pattern;
}

export const isProved = ({ more, less }: Likeness): boolean =>
  more.length === 0 && less.length === 0;

/** Each form's likeness; where several kernels are as near, the one that is nearest in all forms together. */
export function likenesses(
  patterns: Patterns,
  booted: readonly BootedKernel[],
  turns: readonly Turn[],
): ReadonlyMap<string, Likeness> {
  const found = booted.map((one) => {
    const likeness = new Map(
      [...patterns].map(([form, pattern]) => [form, likenessTo(form, pattern, one, booted, turns)]),
    );
    return { likeness, total: sum([...likeness.values()].map(distance)) };
  });
  const byNearness = found.toSorted((a, b) => a.total - b.total).map(({ likeness }) => likeness);
  return new Map([...patterns.keys()].map((form) => [form, nearest(form, byNearness)]));
}

function nearest(form: string, byNearness: readonly ReadonlyMap<string, Likeness>[]): Likeness {
  const [first] = byNearness
    .flatMap((likeness) => likeness.get(form) ?? [])
    .toSorted((a, b) => distance(a) - distance(b));
  if (first === undefined) throw new Error(`nothing was booted to compare ${form} with`);
  return first;
}

/** What is not explained weighs more than all that is. */
const distance = ({ turns, more, less }: Likeness): number =>
  turns.length + 1000 * (more.length + less.length);

function likenessTo(
  form: string,
  pattern: Pattern,
  one: BootedKernel,
  booted: readonly BootedKernel[],
  turns: readonly Turn[],
): Likeness {
  const other = patternOf(one, form);
  let more = without(pattern, other);
  let less = without(other, pattern);
  const names: string[] = [];
  for (const turn of turns) {
    const { name, before, after } = turn;
    const isBetween =
      (hasAll(more, after) && hasAll(less, before)) ||
      (hasAll(more, before) && hasAll(less, after));
    if (!isBetween || !isProvedOnBothSides(turn, form, booted)) continue;
    names.push(name);
    more = without(more, [...before, ...after]);
    less = without(less, [...before, ...after]);
  }
  return { kernel: one.kernel, turns: names, more, less };
}

/** A turn that only one side of was ever run proves nothing. */
const isProvedOnBothSides = (
  { before, after, isProvedElsewhere = false }: Turn,
  form: string,
  booted: readonly BootedKernel[],
): boolean =>
  isProvedElsewhere ||
  (
    [
      [before, after],
      [after, before],
    ] as const
  ).every(([side, otherSide]) =>
    booted.some((one) => {
      const pattern = patternOf(one, form);
      return hasAll(pattern, side) && hasNone(pattern, otherSide);
    }),
  );

const patternOf = ({ patterns }: BootedKernel, form: string): Pattern => patterns.get(form) ?? [];

const hasAll = (pattern: Pattern, words: Pattern): boolean =>
  words.every((word) => pattern.includes(word));
const hasNone = (pattern: Pattern, words: Pattern): boolean =>
  !words.some((word) => pattern.includes(word));
const without = (pattern: Pattern, words: Pattern): Pattern =>
  pattern.filter((word) => !words.includes(word));
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
