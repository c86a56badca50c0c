import { Box, type Key, useApp, useInput, useStdin, useWindowSize } from 'ink';
import { useEffect, useReducer, useRef } from 'react';

import type { LeakReport } from '../domain/leak-report.ts';
import type { SortKey } from '../domain/report-row.ts';
import type { Stack } from '../domain/stack.ts';
import { explain } from '../errors/catalog.ts';
import { Failure } from '../errors/failure.ts';
import { mappingsPage, stackPage } from '../view/stack-page.ts';
import { helpLines } from './help.ts';
import { functionKeys, messageFor } from './keymap.ts';
import { Lines } from './screens/lines.tsx';
import { Sites } from './screens/sites.tsx';
import { initialState, type Message, reduce, type State } from './state.ts';
import type { Theme } from './theme.ts';
import { Footer, footerHeight } from './widgets/footer.tsx';
import { Header, headerHeight } from './widgets/header.tsx';
import { Line } from './widgets/line.tsx';

export interface AppProps {
  /** Reads the next report. */
  readonly read: () => Promise<LeakReport>;
  readonly withLines: (stack: Stack) => Promise<Stack>;
  readonly target: string;
  readonly intervalMs: number;
  readonly sort: SortKey;
  readonly theme: Theme;
  /** Aborted when the session ends by itself or by a signal. */
  readonly leave: AbortSignal;
}

const tableHeadHeight = 1;

/** The whole screen: one row less than the terminal has, so that it never scrolls. */
export function App({ read, withLines, target, intervalMs, sort, theme, leave }: AppProps) {
  const { columns, rows } = useWindowSize();
  const height = Math.max(1, rows - 1 - headerHeight - footerHeight - tableHeadHeight);
  const [state, send] = useReducer(step, initialState(intervalMs, height, sort));
  const { exit } = useApp();

  useEffect(() => send({ type: 'resized', height }), [height]);
  useReports(state, send, read);
  useKeys(send);
  useEffect(() => {
    if (state.leaving) exit();
  }, [state.leaving, exit]);
  useEffect(() => {
    const end = () => send({ type: 'left' });
    if (leave.aborted) end();
    leave.addEventListener('abort', end);
    return () => leave.removeEventListener('abort', end);
  }, [leave]);

  const row = state.openedRow;
  const opened = state.view === 'stack' ? row?.stack : undefined;
  useEffect(() => {
    if (opened === undefined) return;
    withLines(opened).then(
      (stack) => send({ type: 'lined', stack }),
      (error: unknown) => send({ type: 'failed', problem: problemText(error) }),
    );
  }, [opened, withLines]);

  if (state.report === null) {
    return <Line>{state.problem ?? `attached to ${target}; the first report is being read…`}</Line>;
  }
  const page = { scroll: state.scroll, height: state.height + tableHeadHeight };
  const lines = pageLines(state, state.report, theme.unicode);
  return (
    <Box flexDirection="column" width={columns} height={rows - 1} overflow="hidden">
      <Header state={state} report={state.report} target={target} columns={columns} theme={theme} />
      {state.view === 'sites' && <Sites state={state} columns={columns} theme={theme} />}
      {state.view !== 'sites' && <Lines {...page} lines={lines} />}
      <Footer state={state} theme={theme} />
    </Box>
  );
}

/** The lines of the view that is open, where it is one of lines. */
function pageLines(state: State, report: LeakReport, unicode: boolean): readonly string[] {
  const { view, openedRow, opened } = state;
  if (view === 'mappings') return mappingsPage(report);
  if (view === 'help') return helpLines();
  if (view !== 'stack' || openedRow === null) return [];
  const stack = opened?.id === openedRow.stack.id ? opened : openedRow.stack;
  return stackPage(openedRow, stack, report, unicode);
}

const problemText = (error: unknown): string =>
  error instanceof Failure ? explain(error).message : String(error);

/** A key as it came; what it means depends on the state that it meets. */
interface Keyed {
  readonly type: 'keyed';
  readonly input: string;
  readonly key: Key;
}

type Send = (event: Message | Keyed) => void;

function step(state: State, event: Message | Keyed): State {
  const message =
    event.type === 'keyed' ? messageFor(state.typing !== null, event.input, event.key) : event;
  if (message === null) return state;
  const next = reduce(state, message);
  if (next.view === 'sites' || next.report === null) return next;
  // A page does not scroll past its end.
  const most = pageLines(next, next.report, true).length - next.height - tableHeadHeight;
  return { ...next, scroll: Math.max(0, Math.min(next.scroll, most)) };
}

/** Reads a report at each interval, one at a time, until the screen is left. */
function useReports(state: State, send: Send, read: () => Promise<LeakReport>): void {
  const { paused, leaving, intervalMs } = state;
  const reading = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    if (paused || leaving) return;
    let stopped = false;
    let timer: NodeJS.Timeout | undefined;
    const tick = async (): Promise<void> => {
      try {
        const report = await read();
        if (!stopped) send({ type: 'reported', report });
      } catch (error) {
        if (!stopped) send({ type: 'failed', problem: problemText(error) });
      }
      if (!stopped) timer = setTimeout(next, intervalMs);
    };
    // A read that another pace or a pause has left behind ends first.
    const next = (): void => {
      reading.current = reading.current.then(() => (stopped ? undefined : tick()));
    };
    next();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [paused, leaving, intervalMs, read, send]);
}

function useKeys(send: Send): void {
  useInput((input, key) => {
    // Keys that were typed fast, or pasted, come together.
    const isText = input.length > 1 && !key.ctrl && !key.meta;
    for (const each of isText ? input : [input]) {
      send({ type: 'keyed', input: each, key: each === '\r' ? { ...key, return: true } : key });
    }
  });
  const { internal_eventEmitter: keys } = useStdin() as ReturnType<typeof useStdin> & {
    readonly internal_eventEmitter: NodeJS.EventEmitter;
  };
  useEffect(() => {
    const onRaw = (data: string) => {
      const name = functionKeys[data];
      if (name !== undefined) send({ type: 'keyed', input: name, key: noModifiers });
    };
    keys.on('input', onRaw);
    return () => void keys.off('input', onRaw);
  }, [keys, send]);
}

const noModifiers = {} as Key;
