import { cachedShare, type FileResidency, type Refusal } from '../../domain/file-residency.ts';
import { type BytePath, isText, pathBytes, pathText } from '../../domain/byte-path.ts';
import { explain } from '../../errors/catalog.ts';
import type { FileFormat } from './format.ts';
import { failureOf } from './refusal.ts';

const line = (type: string, fields: Record<string, unknown>): string =>
  `${JSON.stringify({ v: 1, type, ...fields })}\n`;

/** NDJSON: one object a line, docs/file.schema.json. pcstat's members keep their names. */
export const json: FileFormat = (report, opening) =>
  [
    line('meta', { time: time(opening.at), pageSize: opening.pageSize }),
    ...report.rows.map((row) => fileLine(row, report.sameAs.get(row))),
    ...report.refusals.map(refusalLine),
    line('total', {
      ...report.totals,
      uncached: report.totals.pages - report.totals.cached,
      percent: percent(report.totals),
      omittedRows: report.omitted,
      refused: report.refusals.length,
      skippedLinks: opening.skippedLinks,
      skippedSpecial: opening.skippedSpecial,
      vanished: opening.vanished,
      incomplete: opening.incomplete,
    }),
  ].join('');

const time = (epochMs: number): string => new Date(epochMs).toISOString();

const percent = (figures: { readonly pages: number; readonly cached: number }) => {
  const share = cachedShare(figures);
  return share === null ? null : share * 100;
};

/** The name as text, and as bytes where it is not UTF-8. */
const named = (key: string, path: BytePath): Record<string, string> => ({
  [key]: pathText(path),
  ...(isText(path) ? {} : { [`${key}Base64`]: pathBytes(path).toString('base64') }),
});

function fileLine(row: FileResidency, sameAs: BytePath | undefined): string {
  const { cells, states, modifiedAt, path, ranges, ...rest } = row;
  return line('file', {
    ...named('filename', path),
    ...rest,
    mtime: time(modifiedAt),
    uncached: row.pages - row.cached,
    percent: percent(row),
    states,
    cells,
    ...(sameAs === undefined ? {} : named('sameAs', sameAs)),
    ...(ranges === null ? {} : { ranges }),
  });
}

function refusalLine(refusal: Refusal): string {
  const { code } = failureOf(refusal);
  const { message, remedy } = explain(failureOf(refusal));
  return line('refused', {
    ...named('filename', refusal.path),
    named: refusal.named,
    code,
    message,
    remedy,
  });
}
