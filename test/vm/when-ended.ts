const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** Has `clean` run, which may not wait, if this process is told to end meanwhile: the last one first. What is returned takes it back. */
export function whenEnded(clean: () => void): () => void {
  const stop = (): never => process.exit(1);
  process.prependListener('exit', clean);
  for (const signal of signals) process.on(signal, stop);
  return () => {
    process.off('exit', clean);
    for (const signal of signals) process.off(signal, stop);
  };
}
