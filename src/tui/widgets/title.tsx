import stringWidth from 'string-width';

import { shortened } from '../../view/table.ts';
import type { Theme } from '../theme.ts';
import { Line } from './line.tsx';

interface Props {
  readonly title: string;
  readonly clock: string;
  readonly columns: number;
  readonly theme: Theme;
}

/** The first line: what the screen is about, and the time of its report, which is never cut. */
export function Title({ title, clock, columns, theme }: Props) {
  const room = columns - stringWidth(clock) - 2;
  const text = shortened(title, room, 'end', theme.unicode ? '…' : '...');
  const gap = ' '.repeat(Math.max(0, room - stringWidth(text)) + 2);
  return <Line {...theme.title}>{`${text}${gap}${clock}`}</Line>;
}
