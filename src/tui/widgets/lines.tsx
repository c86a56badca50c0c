import { Line } from './line.tsx';

interface Props {
  readonly lines: readonly string[];
  readonly scroll: number;
  readonly height: number;
}

/** Text that is scrolled: a title, and as many lines as fit. */
export function Lines({ lines, scroll, height }: Props) {
  const top = Math.max(0, Math.min(scroll, lines.length - height));
  return (
    <>
      {Array.from({ length: height }, (_, i) => (
        <Line key={i} bold={top + i === 0}>
          {lines[top + i] ?? ''}
        </Line>
      ))}
    </>
  );
}
