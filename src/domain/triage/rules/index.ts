import type { Rule } from '../rule.ts';

/** Everything that is looked for, in the order in which equals are shown. */
export const rules: readonly Rule[] = [];
