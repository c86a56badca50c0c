import { bpf, type KernelTypes } from '../../../src/native/bpf.ts';

/** The types of a kernel that is not running, and what was asked of them so far. */
export interface AskedTypes extends KernelTypes {
  /** What the kernel has of what was asked for: `tracepoint NAME(TYPES)`, `function NAME(TYPES)`, `struct NAME.MEMBER`. */
  answers(): string[];
}

/** Out of a BTF file, which is read again for each question: `known` keeps the answers. */
export function askedTypes(file: string, known: Map<string, unknown>): AskedTypes {
  const there = new Set<string>();
  const once = <Answer>(question: string, ask: () => Answer): Answer => {
    if (!known.has(question)) known.set(question, ask());
    return known.get(question) as Answer;
  };
  return {
    kernelMemberOffset: (struct, member) => {
      const name = `struct ${struct}.${member}`;
      const offset = once(name, () => bpf().kernelMemberOffset(struct, member, file));
      if (offset !== null) there.add(name);
      return offset;
    },
    kernelTracepointArguments: (name) => {
      const types = once(`tracepoint ${name}`, () => bpf().kernelTracepointArguments(name, file));
      if (types !== null) there.add(`tracepoint ${name}(${types.join(', ')})`);
      return types;
    },
    kernelFunctionParameters: (names) => {
      const found = once(`functions ${names.join()}`, () =>
        bpf().kernelFunctionParameters(names, file),
      );
      for (const [name, parameters] of Object.entries(found))
        there.add(`function ${name}(${parameters.join(', ')})`);
      return found;
    },
    answers: () => [...there].toSorted(),
  };
}
