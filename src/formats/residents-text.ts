import { coverage, type Residents, residentTotal } from '../domain/residents.ts';
import { bytes, type Pages } from '../domain/units.ts';
import { dispensableResidentColumns, residentColumns } from '../view/resident-columns.ts';
import { printable } from '../view/printable.ts';
import { fittingTableColumns, tableLines } from '../view/table.ts';
import { binaryText, countText, durationText, percentText } from '../view/units.ts';

/** The files in the cache as a table of at most `width` characters; what is not of the table begins with `#`. */
export function residentsText(residents: Residents, width: number): string {
  const columns = fittingTableColumns(
    residentColumns(residents),
    dispensableResidentColumns,
    width,
  );
  const lines = [
    `# ${summary(residents)}`,
    ...(residents.kinds.length === 0 ? [] : [`# ${kinds(residents)}`]),
    ...residents.notices.map(({ text }) => `# ${text}`),
    ...tableLines(columns, residents.largest, width),
    ...rest(residents).map((line) => `# ${line}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function summary(residents: Residents): string {
  const { cached, swapCache, took, method } = residents;
  const size = sizeOf(residents);
  const { files, pages } = residentTotal(residents);
  const share = coverage(residents);
  const open = method === 'inodes' ? '' : ' that processes have open or mapped';
  const covered = share === null ? '' : `, ${percentText(share)} of it`;
  const apart = swapCache === 0 ? '' : ` (and ${size(swapCache)} of swap cache)`;
  return `page cache ${size(cached)}${apart}; ${size(pages)} found in ${countText(files)} files${open}${covered}; took ${durationText(took)}`;
}

const kinds = (residents: Residents): string =>
  residents.kinds
    .map(({ kind, files, pages }) => {
      const what = kind === 'file' ? 'files' : kind;
      return `${what} ${sizeOf(residents)(pages)} in ${countText(files)}`;
    })
    .join(' · ');

function rest(residents: Residents): string[] {
  const total = residentTotal(residents);
  const files = total.files - residents.largest.length;
  if (files <= 0) return [];
  const shown = residents.largest.reduce((sum, { file }) => sum + (file.resident ?? 0), 0);
  const left = Math.max(0, total.pages - shown);
  return [
    `and ${countText(files)} more ${files === 1 ? 'file' : 'files'} with ${sizeOf(residents)(left)}`,
  ];
}

const sizeOf =
  ({ pageSize }: Residents) =>
  (pages: Pages): string =>
    binaryText(bytes(pages * pageSize));
