import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

const schema = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../docs/cache.schema.json'), 'utf8'),
) as { $defs: Record<string, Record<string, unknown>> };

/** What others are made of may have more members than it names; all else is closed: what we print has to be documented. */
const open = ['process', 'file', 'totals', 'meta', 'sample', 'total'];
const strict = {
  ...schema,
  unevaluatedProperties: false,
  $defs: Object.fromEntries(
    Object.entries(schema.$defs).map(([name, def]) => {
      const isObject = 'properties' in def && !open.includes(name);
      return [name, isObject ? { ...def, unevaluatedProperties: false } : def];
    }),
  ),
};
const validate = new Ajv2020({
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
  strictRequired: false,
  allowUnionTypes: true,
}).compile(strict);

/** The object of a line of `memtrace cache --format json`, which has to keep to docs/cache.schema.json. */
export function validLine(text: string): Record<string, unknown> {
  const line = JSON.parse(text) as Record<string, unknown>;
  validate(line);
  expect(validate.errors ?? []).toEqual([]);
  return line;
}
