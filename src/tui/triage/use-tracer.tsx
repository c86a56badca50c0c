import { type ReactNode, useEffect, useRef, useState } from 'react';

import type { NextCommand } from '../../domain/triage/verdict.ts';
import { HostContext, type Stage } from '../host.ts';
import { problemText } from '../use-screen.ts';
import type { TriageMessage, TriageState } from './state.ts';

/** Runs a proposed command: what it prints, or why it could not. Its screen, if it has one, is drawn on the stage. */
export type RunNext = (next: NextCommand, stage: Stage, stop: AbortSignal) => Promise<string>;

/** Runs the command that the state names; the screen that it draws, while it draws one. */
export function useTracer(
  { tracer, leaving }: TriageState,
  send: (message: TriageMessage) => void,
  run: RunNext,
): ReactNode {
  const [screen, setScreen] = useState<ReactNode>(null);
  const stopping = useRef<AbortController | null>(null);
  const next = tracer === null || tracer.phase === 'over' ? null : tracer.next;
  useEffect(() => {
    if (next === null) return;
    const stop = new AbortController();
    stopping.current = stop;
    const show = async (shown: ReactNode) =>
      await new Promise<void>((resolve) => {
        const host = {
          name: 'triage',
          left: (how: 'quit' | 'back' | 'over') => {
            setScreen(null);
            send({ type: 'tracer-left', how });
            resolve();
          },
        };
        setScreen(<HostContext value={host}>{shown}</HostContext>);
        send({ type: 'tracer-shown' });
      });
    void run(next, { show }, stop.signal)
      .catch(problemText)
      .then((text) => send({ type: 'tracer-ended', lines: text.trimEnd().split('\n') }));
  }, [next, send, run]);
  const isToEnd = tracer?.isCancelled === true || leaving !== null;
  useEffect(() => {
    if (isToEnd) stopping.current?.abort();
  }, [isToEnd]);
  return screen;
}
