import { writeFileSync } from 'node:fs';

/**
 * Makes the OOM killer take this process first. Children inherit it: call it after they were started. Without effect where it is
 * not allowed.
 */
export const dieFirstWithoutMemory = (): void => {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // A sealed /proc: nothing depends on it.
  }
};

/** Names this process as users know it, where processes are listed: Node calls each of its own `MainThread`. */
export const nameItself = (): void => {
  try {
    writeFileSync('/proc/self/comm', 'memtrace');
  } catch {
    // A sealed /proc: nothing depends on it.
  }
};
