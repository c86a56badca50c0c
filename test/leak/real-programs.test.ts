import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';

import { program } from '../support/library.ts';
import { LineQueue } from '../support/line-queue.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { expectSane, hitsOf } from '../support/sane-report.ts';
import { requires } from '../support/require.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'memtrace-real-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether the test of a program can run here. */
function has(...names: readonly string[]): boolean {
  const missing = names.filter((name) => program(name) === null);
  return (
    canTrace() && requires(names[0] ?? '', missing.length === 0, `${missing.join(', ')} missing`)
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('real programs are traced, and not harmed', () => {
  let running: ChildProcess | undefined;
  afterEach(() => running?.kill('SIGKILL'));

  function start(
    name: string,
    args: readonly string[],
  ): { pid: number; lines: LineQueue; exited: Promise<number | null> } {
    running = spawn(program(name) ?? name, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      cwd: folder,
    });
    running.stdin?.on('error', () => {});
    const exited = once(running, 'exit').then(([code]) => code);
    return { pid: running.pid ?? 0, lines: new LineQueue(running.stdout), exited };
  }

  const say = (line: string): boolean => running?.stdin?.write(`${line}\n`) ?? false;

  test.skipIf(!has('redis-server', 'redis-cli', 'redis-benchmark'))(
    'redis-server under load',
    async () => {
      const socket = path.join(folder, 'redis.sock');
      const redis = start('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '']);
      const ask = (...words: string[]): string =>
        execFileSync('redis-cli', ['-s', socket, ...words], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }).trim();
      await vi.waitFor(() => expect(ask('PING')).toBe('PONG'), { timeout: 20_000, interval: 100 });
      const tracer = await Tracer.attach(['-p', `${redis.pid}`, '1']);
      const load = spawn(
        'redis-benchmark',
        ['-s', socket, '-t', 'set,lpush', '-r', '10000', '-d', '100', '-n', '20000', '-q'],
        { stdio: 'ignore' },
      );
      expect(await once(load, 'exit')).toEqual([0, null]);
      const report = await tracer.stop();
      expectSane(report);
      expect(hitsOf(report)).toBeGreaterThan(20_000);
      expect(report.outstanding.bytes).toBeGreaterThan(20_000 * 100);
      expect(ask('PING')).toBe('PONG');
      expect(Number(ask('DBSIZE'))).toBeGreaterThan(1000);
      ask('SHUTDOWN', 'NOSAVE');
      expect(await redis.exited).toBe(0);
    },
  );

  test.skipIf(!has('python3'))('python3', async () => {
    const script = path.join(folder, 'hoard.py');
    writeFileSync(
      script,
      'import sys\nprint("ready", flush=True)\nhoard = []\nfor line in sys.stdin:\n' +
        '    hoard.extend(bytes(30000) for _ in range(int(line)))\n    print("kept", len(hoard), flush=True)\n',
    );
    const python = start('python3', [script]);
    await python.lines.next((line) => line === 'ready');
    const tracer = await Tracer.attach(['-p', `${python.pid}`, '1']);
    say('500');
    await python.lines.next((line) => line === 'kept 500');
    const report = await tracer.stop();
    expectSane(report);
    // bytes(30000) is one block with the object's header and its final NUL.
    expect(report.outstanding.bytes).toBeGreaterThanOrEqual(500 * 30_000);
    expect(report.outstanding.bytes).toBeLessThan(500 * 31_000);
    say('1');
    await python.lines.next((line) => line === 'kept 501');
    running?.stdin?.end();
    expect(await python.exited).toBe(0);
  });

  test.skipIf(!has('node'))('node', async () => {
    const script = path.join(folder, 'hoard.mjs');
    writeFileSync(
      script,
      'import { createInterface } from "node:readline";\nconst hoard = [];\nconsole.log("ready");\n' +
        'for await (const line of createInterface({ input: process.stdin })) {\n' +
        '  for (let i = 0; i < Number(line); i++) hoard.push(Buffer.allocUnsafeSlow(30000));\n' +
        '  console.log("kept", hoard.length);\n}\n',
    );
    const node = start('node', [script]);
    await node.lines.next((line) => line === 'ready');
    const tracer = await Tracer.attach(['-p', `${node.pid}`, '1']);
    say('500');
    await node.lines.next((line) => line === 'kept 500');
    const report = await tracer.stop();
    expectSane(report);
    expect(hitsOf(report)).toBeGreaterThan(500);
    expect(report.outstanding.bytes).toBeGreaterThanOrEqual(500 * 30_000);
    say('1');
    await node.lines.next((line) => line === 'kept 501');
    running?.stdin?.end();
    expect(await node.exited).toBe(0);
  });

  test.skipIf(!has('sqlite3'))('sqlite3', async () => {
    const sqlite = start('sqlite3', ['-batch', ':memory:']);
    say("create table t (a text); select 'ready';");
    await sqlite.lines.next((line) => line === 'ready');
    const tracer = await Tracer.attach(['-p', `${sqlite.pid}`, '1']);
    say(
      'with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) ' +
        "insert into t select printf('%0100d', i) from n; select count(*) from t;",
    );
    await sqlite.lines.next((line) => line === '20000');
    const report = await tracer.stop();
    expectSane(report);
    // 20 000 rows of 100 letters in pages of 4 KiB.
    expect(report.outstanding.bytes).toBeGreaterThan(20_000 * 100);
    say('select sum(length(a)) from t;');
    await sqlite.lines.next((line) => line === '2000000');
    running?.stdin?.end();
    expect(await sqlite.exited).toBe(0);
  });

  test.skipIf(!has('nginx'))('nginx', async () => {
    const port = await freePort();
    const config = path.join(folder, 'nginx.conf');
    writeFileSync(
      config,
      `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}\n` +
        `http { access_log off; server { listen 127.0.0.1:${port}; return 200 "hello"; } }\n`,
    );
    const nginx = start('nginx', ['-c', config, '-e', path.join(folder, 'error.log')]);
    const fetchOnce = (): Promise<string> =>
      new Promise((resolve, reject) => {
        get({ port, host: '127.0.0.1', agent: false }, (response) => {
          response.setEncoding('utf8').on('data', resolve).on('error', reject);
        }).on('error', reject);
      });
    await vi.waitFor(async () => expect(await fetchOnce()).toBe('hello'), { timeout: 20_000 });
    const tracer = await Tracer.attach(['-p', `${nginx.pid}`, '1']);
    for (let i = 0; i < 200; i++) expect(await fetchOnce()).toBe('hello');
    const report = await tracer.stop();
    expectSane(report);
    expect(hitsOf(report)).toBeGreaterThan(200);
    expect(await fetchOnce()).toBe('hello');
    running?.kill('SIGQUIT');
    expect(await nginx.exited).toBe(0);
  });
});
