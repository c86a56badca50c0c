import stringWidth from 'string-width';

import type { LeakReport } from '../../domain/leak-report.ts';
import { headerTexts } from '../../view/header.ts';
import type { State } from '../state.ts';
import type { Theme } from '../theme.ts';
import { Line } from './line.tsx';

/** Lines that the header takes, whatever it says. */
export const headerHeight = 4;

interface Props {
  readonly state: State;
  readonly report: LeakReport;
  readonly target: string;
  readonly columns: number;
  readonly theme: Theme;
}

/** Target, total, cost and losses: on every screen. */
export function Header({ state, report, target, columns, theme }: Props) {
  const texts = headerTexts(report, target, theme.unicode);
  const gap = Math.max(2, columns - stringWidth(texts.title) - stringWidth(texts.clock));
  const pace = state.paused ? 'PAUSED (Z)' : `every ${state.intervalMs / 1000}s`;
  const warning = state.problem ?? texts.warnings.join('  ·  ');
  return (
    <>
      <Line {...theme.title}>{`${texts.title}${' '.repeat(gap)}${texts.clock}`}</Line>
      <Line>{texts.outstanding}</Line>
      <Line {...theme.dim}>{`${pace}  ${texts.cost}`}</Line>
      <Line {...theme.warning}>{state.leaving ? 'detaching…' : warning}</Line>
    </>
  );
}
