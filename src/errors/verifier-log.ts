/** What libbpf and the verifier say after the reason. */
const closing = /^(libbpf: |-- |processed \d+ insns|verification time |stack depth )/;

/** Why the verifier refused a program, of the log that libbpf passes on; null where it says nothing. */
export const verifierReason = (log: string): string | null =>
  log
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '' && !closing.test(line)) ?? null;

/** What libbpf says where the verifier was not asked. Its last words only name the file. */
export const libbpfReason = (log: string): string | null =>
  /^libbpf: (?!failed to load object)(.+)$/m.exec(log)?.[1]?.trim() ?? null;
