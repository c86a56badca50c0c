import type { CacheReport } from '../../domain/cache-report.ts';
import { evictionRemarks } from '../../view/cache-remarks.ts';
import { wrapped } from '../../view/wrapped.ts';
import { Line } from '../widgets/line.tsx';
import type { Theme } from '../theme.ts';

/** Lines for who evicts whom on a terminal with so many rows. */
export const footHeight = (rows: number): number => (rows >= 40 ? 6 : rows >= 24 ? 3 : 2);

interface Props {
  readonly report: CacheReport;
  readonly height: number;
  readonly width: number;
  readonly theme: Theme;
}

const more = ' (i)';

/** Who evicts whom, as much as there is room for; the page of remarks has all. */
export function Foot({ report, height, width, theme }: Props) {
  const remarks = evictionRemarks(report);
  const all = remarks.flatMap((text) => wrapped(text, width - more.length));
  const lines = all.slice(0, height);
  if (all.length > height) lines.push(`${lines.pop()}${more}`);
  const isNothing = lines.length === 0;
  return (
    <>
      {Array.from({ length: height }, (_, i) => (
        <Line key={i} {...(isNothing ? theme.dim : {})}>
          {isNothing && i === 0 ? 'who evicts whom: no page was reclaimed' : (lines[i] ?? '')}
        </Line>
      ))}
    </>
  );
}
