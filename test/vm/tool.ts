import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Standard output of a program, in bytes; throws with what it said when it fails. */
export async function output(program: string, ...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run(program, [...args], { encoding: 'buffer', maxBuffer: 1 << 30 });
  return stdout;
}

export async function lines(program: string, ...args: readonly string[]): Promise<string[]> {
  const text = (await output(program, ...args)).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}
