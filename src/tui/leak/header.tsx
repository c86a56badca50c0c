import type { LeakReport } from '../../domain/leak-report.ts';
import { headerTexts } from '../../view/header.ts';
import type { LeakState } from './state.ts';
import type { Theme } from '../theme.ts';
import { Line } from '../widgets/line.tsx';
import { Title } from '../widgets/title.tsx';

/** Lines that the header takes, whatever it says. */
export const headerHeight = 4;

interface Props {
  readonly state: LeakState;
  readonly report: LeakReport;
  readonly target: string;
  readonly theme: Theme;
}

/** Target, total, cost and losses: on every screen. */
export function Header({ state, report, target, theme }: Props) {
  const texts = headerTexts(report, target, theme.unicode);
  const pace = state.paused ? 'PAUSED (Z)' : `every ${state.intervalMs / 1000}s`;
  const warning = state.problem ?? texts.warnings.join('  ·  ');
  return (
    <>
      <Title title={texts.title} clock={texts.clock} columns={state.columns} theme={theme} />
      <Line>{texts.outstanding}</Line>
      <Line {...theme.dim}>{`${pace}  ${texts.cost}`}</Line>
      <Line {...theme.warning}>{state.leaving !== null ? 'detaching…' : warning}</Line>
    </>
  );
}
