import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMemtrace } from '../support/memtrace.ts';

const command = path.resolve(import.meta.dirname, '../../scripts/memtrace');

describe('the program', () => {
  it('prints its help on stdout', async () => {
    const { code, stdout, stderr } = await runMemtrace(['--help']);
    expect(stdout).toMatch(/^memtrace \[COMMAND\]/);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('prints its version', async () => {
    const { code, stdout } = await runMemtrace(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });

  it.each([
    [['lek'], /no command 'lek'/],
    [['leak', '--bogus'], /no option --bogus/],
    [['leak', '-T'], /--top needs a value/],
    [['doctor', 'now'], /'now' means nothing/],
    [['-p', '1', 'leak'], /-p comes before the command/],
  ])('refuses %j: exit 64, one sentence and one remedy on stderr', async (args, says) => {
    const { code, stdout, stderr } = await runMemtrace(args);
    expect(stderr).toMatch(/^memtrace: [^\n]+\n {2}remedy: [^\n]+\n$/);
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
    expect(code).toBe(64);
  });

  it('ends quietly when nobody reads its output', () => {
    const script = `"${command}" leak --help 2>&1 >/dev/full | cat; "${command}" --help | true`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toMatch(/ENOSPC/);
  });

  it('has a completion script that bash understands and that completes', () => {
    const script = `
      PATH="${path.dirname(command)}:$PATH"
      source <(memtrace completion)
      COMP_WORDS=(memtrace leak --so) COMP_CWORD=2
      _memtrace_yargs_completions
      echo "\${COMPREPLY[@]}"`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe('--sort\n');
  });
});
