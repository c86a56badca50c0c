import { Line } from './line.tsx';

interface Props {
  readonly text: string;
  readonly isSelected: boolean;
  /** Characters in a line. */
  readonly columns: number;
}

/** One row of a table: the selected one has a mark, and is inverse to the end of the line. */
export function Row({ text, isSelected, columns }: Props) {
  const marked = `${isSelected ? '>' : ' '} ${text}`;
  return <Line inverse={isSelected}>{isSelected ? marked.padEnd(columns) : marked}</Line>;
}
