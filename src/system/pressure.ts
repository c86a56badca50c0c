import type { Pressure, PressureLine } from '../domain/triage/snapshot.ts';
import { milliseconds } from '../domain/units.ts';

/** The text of a pressure file (PSI), such as /proc/pressure/memory; null where it has another form. */
export function parsePressure(text: string): Pressure | null {
  const some = lineOf(text, 'some');
  return some === null ? null : { some, full: lineOf(text, 'full') };
}

/** `some avg10=0.00 avg60=0.12 avg300=0.03 total=8557`; total is microseconds. */
function lineOf(text: string, word: string): PressureLine | null {
  const line = text.split('\n').find((each) => each.startsWith(`${word} `));
  if (line === undefined) return null;
  const value = (name: string) => Number(new RegExp(`\\b${name}=([\\d.]+)`).exec(line)?.[1] ?? 0);
  return {
    avg10: value('avg10'),
    avg60: value('avg60'),
    avg300: value('avg300'),
    total: milliseconds(value('total') / 1000),
  };
}
