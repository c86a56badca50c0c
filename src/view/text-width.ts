import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
type Measure = (text: string) => number;
let measure: Measure | undefined;

/** Printable ASCII and the signs of bars and trends. */
const narrow = /^[\x20-\x7e\u2581-\u2588\u2026]*$/;

/** Whether every character takes one column. */
export const isNarrow = (text: string): boolean => narrow.test(text);

/** Columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  if (narrow.test(text)) return text.length;
  // Loaded when it is needed: that takes longer than all else that a short command does.
  measure ??= (require('string-width') as { readonly default: Measure }).default;
  return measure(text);
}
