import { clockText } from '../../view/units.ts';
import { gaugeLines, type GaugeReading } from '../../view/triage-gauges.ts';
import { triageHeadline } from '../../view/triage-headline.ts';
import { commandText, triageTitle, unseenLines } from '../../view/triage-lines.ts';
import type { Theme } from '../theme.ts';
import { Line } from '../widgets/line.tsx';
import { Title } from '../widgets/title.tsx';
import type { TriageState } from './state.ts';

/** Lines of figures on a terminal with so many rows. */
const gaugeCount = (rows: number): number => (rows < 20 ? 2 : rows < 28 ? 5 : rows < 40 ? 7 : 10);

const hasUnseen = (rows: number): boolean => rows >= 24;

/** Lines that the header takes, whatever it says. */
export const headerHeight = (rows: number): number =>
  2 + gaugeCount(rows) + (hasUnseen(rows) ? 1 : 0);

interface Props {
  readonly state: TriageState;
  readonly reading: GaugeReading;
  /** Of the terminal. */
  readonly rows: number;
  readonly isRoot: boolean;
  readonly theme: Theme;
}

/** The worst verdict, and the machine in figures: on every page. */
export function TriageHeader({ state, reading, rows, isRoot, theme }: Props) {
  const { columns, paused, intervalMs, problem, tracer, leaving } = state;
  const { report } = reading;
  const pace = paused ? 'PAUSED (Z)' : `every ${intervalMs / 1000}s`;
  const title = `memtrace  ${pace}  ${triageTitle(report)}`;
  const count = gaugeCount(rows);
  const gauges = gaugeLines(reading, count, { width: columns, unicode: theme.unicode });
  const ends = tracer?.isCancelled === true ? tracer.next : null;
  const isBad = ['critical', 'warning'].includes(report.verdicts[0]?.severity ?? '');
  const [unseen = ''] = unseenLines(report.latest.unseen);
  return (
    <>
      <Title
        title={title}
        clock={clockText(report.latest.takenAt)}
        columns={columns}
        theme={theme}
      />
      {problem === null && ends === null && leaving === null ? (
        <Line {...(isBad ? theme.warning : theme.good)}>{triageHeadline(report)}</Line>
      ) : (
        <Line {...theme.warning}>
          {problem ?? (ends === null ? 'leaving…' : `${commandText(ends, isRoot)} is ending…`)}
        </Line>
      )}
      {Array.from({ length: count }, (_, i) => (
        <Line key={i}>{gauges[i] ?? ''}</Line>
      ))}
      {hasUnseen(rows) && <Line {...theme.dim}>{unseen}</Line>}
    </>
  );
}
