import type { Failure, FailureCode } from './failure.ts';
import { fileSentences } from './file-sentences.ts';
import { libbpfReason, verifierReason } from './verifier-log.ts';
import { type Entry, type ExitCode, exitCodes, named } from './sentence.ts';

export { type ExitCode, exitCodes } from './sentence.ts';

/** A failure as the user sees it. */
export interface Explanation {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly remedy: string;
}

const uretprobeReasons = {
  'seccomp':
    'this kernel kills seccomp-filtered processes at the return of a probed function (6.11 to 6.13 without the fix)',
  'shadow-stack': 'it runs with a shadow stack, and return probes rewrite return addresses',
  'go': 'it runs Go code, whose stacks move and must not hold return probes',
} as const;

const uretprobeRemedies = {
  'seccomp': 'boot kernel 6.14 or newer, or start the service without its seccomp filter',
  'shadow-stack':
    'restart it without shadow stacks: GLIBC_TUNABLES=glibc.cpu.x86_shstk=off COMMAND',
  'go': 'use its own heap profile: go tool pprof http://HOST:PORT/debug/pprof/heap',
} as const;

const runtimeRemedies: Readonly<Record<string, string>> = {
  go: 'use its own heap profile: go tool pprof http://HOST:PORT/debug/pprof/heap',
  java: 'use its own heap view: jcmd PID GC.class_histogram',
};

/** Of a capability that is held, and counts for nothing. */
const ofInitialNamespace = / in the initial user namespace$/;

/** The remedy where only a trial tells more: none to doctor itself. */
export const askDoctor = 'see what this kernel allows with: memtrace doctor';

/** The capabilities that setpriv or a unit file would have to give, as one list. */
const capabilityList = (missing: readonly string[]): string => {
  const list = missing.map((name) => name.replace(ofInitialNamespace, '')).join(' and ') || 'root';
  return missing.some((name) => ofInitialNamespace.test(name))
    ? `${list} in the initial user namespace`
    : list;
};

const catalog: { readonly [Code in FailureCode]: Entry<Code> } = {
  'usage': {
    exitCode: exitCodes.usage,
    message: ({ problem }) => problem,
    remedy: ({ remedy }) => remedy ?? 'see memtrace --help',
  },
  'no-privilege': {
    exitCode: exitCodes.noPrivilege,
    message: ({ missing, forWhat }) =>
      `${forWhat} needs ${capabilityList(missing)}, which this process does not have`,
    remedy: ({ missing }) =>
      missing.some((name) => ofInitialNamespace.test(name))
        ? 'run it on the host, not in a user namespace (rootless container)'
        : `run it with sudo${missing.length === 0 ? '' : `, or as a service with AmbientCapabilities=${missing.map((name) => name.split(' ')[0]).join(' ')}`}`,
  },
  'target-missing': {
    exitCode: exitCodes.noTarget,
    message: ({ pid }) => `process ${pid} is not running`,
    remedy: () => 'give a running --pid, or let memtrace start it: memtrace leak -- COMMAND',
  },
  'process-missing': {
    exitCode: exitCodes.noTarget,
    message: ({ pid }) => `process ${pid} is not running`,
    remedy: () => 'see which processes are there, and what they hold: memtrace triage --plain',
  },
  'target-gone': {
    exitCode: exitCodes.noTarget,
    message: ({ pid }) => `process ${pid} ended while memtrace was attaching to it`,
    remedy: () => 'let memtrace start it, so that nothing is missed: memtrace leak -- COMMAND',
  },
  'name-missing': {
    exitCode: exitCodes.noTarget,
    message: ({ name }) => `no process is called '${name}'`,
    remedy: ({ name }) =>
      `names are as in ps -o comm (15 characters); look with: pgrep -l -f '${name}'`,
  },
  'name-ambiguous': {
    exitCode: exitCodes.noTarget,
    message: ({ name, pids }) => `${pids.length} processes are called '${name}'`,
    remedy: ({ pids }) => `choose among them: memtrace leak -p ${pids.slice(0, 16).join(',')}`,
  },
  'kernel-thread': {
    exitCode: exitCodes.noTarget,
    message: ({ pid, name }) =>
      `process ${pid} (${name}) is a kernel thread and has no heap of its own`,
    remedy: () => "trace the kernel's allocators: memtrace leak, without a target",
  },
  'target-32-bit': {
    exitCode: exitCodes.kernelCannot,
    message: ({ pid }) => `process ${pid} is a 32-bit program, and memtrace reads 64-bit ones only`,
    remedy: () => 'trace a 64-bit build of the program',
  },
  'target-emulated': {
    exitCode: exitCodes.kernelCannot,
    message: ({ pid, machine }) =>
      `process ${pid} runs ${machine} code under an emulator, and probes cannot see into it`,
    remedy: () => 'trace a build for this machine, or run memtrace where the program runs natively',
  },
  'target-unreadable': {
    exitCode: exitCodes.noPrivilege,
    message: ({ pid, path, errno }) => `${path} of process ${pid} cannot be read (${named(errno)})`,
    remedy: () => 'run it with sudo, or add the capability CAP_SYS_PTRACE',
  },
  'no-allocator': {
    exitCode: exitCodes.noTarget,
    message: ({ pid, looked, runtime }) =>
      `process ${pid} has no allocator that memtrace knows` +
      (runtime === null ? '' : ` (its heap belongs to the ${runtime} runtime)`) +
      ` in ${looked.length === 1 ? 'the object' : `the ${looked.length} objects`} it has mapped`,
    remedy: ({ pid, runtime }) =>
      (runtime === null ? undefined : runtimeRemedies[runtime.toLowerCase()]) ??
      `see each object and why it was passed over with: memtrace leak -p ${pid} --dry-run; for own names: --obj and --symbols-prefix`,
  },
  'object-unfit': {
    exitCode: exitCodes.noTarget,
    message: ({ object, pid, because }) =>
      because === 'not-mapped'
        ? `process ${pid} has not mapped '${object}'`
        : `'${object}' in process ${pid} defines no allocator function`,
    remedy: ({ pid }) =>
      `see what it has mapped and what was found there: memtrace leak -p ${pid} --dry-run`,
  },
  'uretprobe-unsafe': {
    exitCode: exitCodes.kernelCannot,
    message: ({ pid, because }) =>
      `tracing process ${pid} could kill it: ${uretprobeReasons[because]}`,
    remedy: ({ because }) => uretprobeRemedies[because],
  },
  'probe-refused': {
    exitCode: exitCodes.kernelCannot,
    message: ({ symbol, path, link, errno }) =>
      `the kernel refused a ${link} probe on ${symbol} of ${path} (${named(errno)})`,
    remedy: ({ link }) =>
      `see which kinds of probe work here with: memtrace doctor; then choose one with --link ${link === 'perf-event' ? 'multi' : 'perf-event'}`,
  },
  'bpf-load-refused': {
    exitCode: exitCodes.kernelCannot,
    message: ({ object, errno, log }) => {
      const reason = verifierReason(log) ?? libbpfReason(log);
      return `the kernel refused the BPF programs of ${object} (${named(errno)})${reason === null ? '' : `: ${reason}`}`;
    },
    // The verifier says EACCES and EINVAL.
    remedy: ({ errno }) =>
      named(errno).endsWith('EPERM')
        ? 'see what a security module has refused: dmesg | grep -i denied; before Linux 5.11 also: ulimit -l unlimited'
        : askDoctor,
  },
  'kernel-lacks': {
    exitCode: exitCodes.kernelCannot,
    message: ({ feature, detail }) =>
      `this kernel has no ${feature}${detail === '' ? '' : ` (${detail})`}`,
    remedy: ({ remedy }) => remedy ?? askDoctor,
  },
  'bpf-forbidden': {
    exitCode: exitCodes.noPrivilege,
    message: ({ call, errno, isFiltered }) =>
      `the kernel refuses the system call ${call} (${named(errno)}) although this process has the capabilities: ${isFiltered ? 'it is under a seccomp filter (Seccomp: 2 in /proc/self/status)' : 'a security module or a lockdown forbids it, or before Linux 5.11 the limit of locked memory'}`,
    remedy: ({ call, isFiltered }) =>
      isFiltered
        ? `run it on the host, outside the container or sandbox; or with a seccomp profile that allows ${call}: docker run --security-opt seccomp=unconfined …`
        : 'run it on the host, outside any container; what was denied there says: dmesg | grep -i -e denied -e lockdown; before Linux 5.11 also: ulimit -l unlimited',
  },
  'locked-down': {
    exitCode: exitCodes.kernelCannot,
    message: ({ mode }) =>
      `the kernel is locked down (${mode}) and lets no BPF program read kernel memory`,
    remedy: () => 'boot with lockdown=integrity or lockdown=none',
  },
  'kernel-memory-refused': {
    exitCode: exitCodes.kernelCannot,
    message: ({ map, errno }) =>
      `the kernel refused the memory for the table '${map}' (${named(errno)})`,
    remedy: () =>
      'ask for less with --max-blocks and --stack-storage-size (cache: --max-rows), or on kernels before 5.11 raise: ulimit -l unlimited',
  },
  'command-missing': {
    exitCode: exitCodes.noTarget,
    message: ({ command }) => `there is no command '${command}'`,
    remedy: ({ command }) =>
      command.includes('/')
        ? 'check the path: it is taken relative to the current directory'
        : `give its whole path, or add its directory to PATH (sudo has a PATH of its own): memtrace leak -- ./${command}`,
  },
  'command-not-executable': {
    exitCode: exitCodes.noTarget,
    message: ({ command, errno }) => `'${command}' cannot be executed (${named(errno)})`,
    remedy: ({ command }) =>
      `make it executable: chmod +x ${command}; or give its interpreter: memtrace leak -- sh ${command}`,
  },
  'not-built': {
    exitCode: exitCodes.kernelCannot,
    message: ({ file }) => `${file} is missing: memtrace is not built completely`,
    remedy: () => 'build it: npm run build',
  },
  'library-missing': {
    exitCode: exitCodes.kernelCannot,
    message: ({ addon, said }) => `the addon '${addon}' could not be loaded (${said})`,
    remedy: () => 'install the libraries that memtrace is built with: scripts/setup',
  },
  'lossy-report': {
    exitCode: exitCodes.limitExceeded,
    message: ({ losses }) =>
      `the report is not complete, and --strict asks for a complete one: ${losses.join('; ')}`,
    remedy: () => 'raise --max-blocks or --stack-storage-size, or trace less with --min-size',
  },
  'self-test-wrong': {
    exitCode: exitCodes.kernelCannot,
    message: ({ mode, expected, measured }) =>
      `mode ${mode} measured ${measured}, and it was ${expected}`,
    remedy: () =>
      'try it again while nobody drops caches; if it stays so, choose another --mode and report it as a bug',
  },
  ...fileSentences,
  'output-unwritable': {
    exitCode: exitCodes.kernelCannot,
    message: ({ errno }) => `the report could not be written (${named(errno)})`,
    remedy: () =>
      'make room where standard output goes, or send it elsewhere: memtrace leak … > FILE',
  },
};

/** Sentence, remedy and exit code of a failure; the only place that makes them. */
export const explain = <Code extends FailureCode>(failure: Failure<Code>): Explanation => {
  const entry: Entry<Code> = catalog[failure.code];
  return {
    exitCode: entry.exitCode,
    message: entry.message(failure.facts),
    remedy: entry.remedy(failure.facts),
  };
};

/** What goes to stderr. */
export const renderFailure = (failure: Failure): string => {
  const { message, remedy } = explain(failure);
  return `memtrace: ${message}\n  remedy: ${remedy}\n`;
};
