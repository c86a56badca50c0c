import { readFileSync } from 'node:fs';
import path from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

import { runMemtrace } from './memtrace.ts';

const schema = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../docs/file.schema.json'), 'utf8'),
) as { $defs: Record<string, Record<string, unknown>> };

/** Closed, other than for readers: what we print has to be documented. */
const strict = {
  ...schema,
  $defs: Object.fromEntries(
    Object.entries(schema.$defs).map(([name, def]) => [
      name,
      'properties' in def
        ? {
            ...def,
            additionalProperties: false,
            properties: {
              ...(def['properties'] as object),
              ...('type' in (def['properties'] as object) ? { v: { const: 1 } } : {}),
            },
          }
        : def,
    ]),
  ),
};
const validate = new Ajv2020({
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
  strictRequired: false,
  allowUnionTypes: true,
}).compile(strict);

interface Range {
  readonly first: number;
  readonly pages: number;
  readonly dirty: number;
  readonly writeback: number;
}

/** A line of type file, as docs/file.schema.json has it. */
export interface FileLine {
  readonly filename: string;
  readonly filenameBase64?: string;
  readonly sameAs?: string;
  readonly size: number;
  readonly deleted: boolean;
  readonly fileSystem: string;
  readonly method: 'cachestat' | 'mincore' | 'none';
  readonly pages: number;
  readonly cached: number;
  readonly percent: number | null;
  readonly states: Readonly<
    Record<'dirty' | 'writeback' | 'evicted' | 'recentlyEvicted', number>
  > | null;
  readonly cells: readonly number[] | null;
  readonly ranges?: readonly Range[];
}

export interface RefusedLine {
  readonly filename: string;
  readonly named: boolean;
  readonly code: string;
  readonly message: string;
}

export interface TotalLine {
  readonly files: number;
  readonly repeated: number;
  readonly pages: number;
  readonly cached: number;
  readonly omittedRows: number;
  readonly skippedLinks: number;
  readonly skippedSpecial: number;
}

/** What `memtrace file --format json` said: every line valid, meta first, total last. */
export interface FileOutput {
  readonly files: readonly FileLine[];
  readonly refused: readonly RefusedLine[];
  readonly total: TotalLine;
}

/** The output as lines; fails where a line does not keep to docs/file.schema.json. */
export function parseFileOutput(text: string): FileOutput {
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const parsed = JSON.parse(line) as Record<string, unknown>;
      validate(parsed);
      expect(validate.errors ?? []).toEqual([]);
      return parsed;
    });
  expect(lines.at(0)).toHaveProperty('type', 'meta');
  expect(lines.at(-1)).toHaveProperty('type', 'total');
  const ofType = (type: string): unknown[] => lines.filter((line) => line['type'] === type);
  return {
    files: ofType('file') as FileLine[],
    refused: ofType('refused') as RefusedLine[],
    total: lines.at(-1) as unknown as TotalLine,
  };
}

/** Runs `memtrace file --format json`; fails where it does not end with `code`. */
export async function measured(
  args: readonly string[],
  options: {
    readonly code?: number;
    readonly wrapper?: readonly string[];
    readonly cwd?: string;
  } = {},
): Promise<FileOutput> {
  const { code = 0, ...rest } = options;
  const outcome = await runMemtrace(['file', '--format', 'json', ...args], rest);
  expect(outcome.stderr).toBe('');
  expect(outcome.code).toBe(code);
  return parseFileOutput(outcome.stdout);
}
