import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

const schema = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../docs/triage.schema.json'), 'utf8'),
) as { $defs: Record<string, Record<string, unknown>> };

/** Closed everywhere: what we print has to be documented. */
const closed = (of: unknown): unknown => {
  if (Array.isArray(of)) return of.map(closed);
  if (typeof of !== 'object' || of === null) return of;
  const members = Object.fromEntries(
    Object.entries(of).map(([key, value]) => [key, closed(value)]),
  );
  return 'properties' in of ? { ...members, additionalProperties: false } : members;
};

const validate = new Ajv2020({
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
  allowUnionTypes: true,
}).compile(closed(schema) as object);

/** The object of the one line of `memtrace triage --format json`, which has to keep to docs/triage.schema.json. */
export function validTriage(output: string): Record<string, unknown> {
  expect(output.indexOf('\n')).toBe(output.length - 1);
  const line = JSON.parse(output) as Record<string, unknown>;
  validate(line);
  expect(validate.errors ?? []).toEqual([]);
  return line;
}
