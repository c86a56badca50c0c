/** A language runtime with a heap of its own, which malloc probes see in part or not at all. */
export interface Runtime {
  readonly name: string;
  /** File name of a mapped object that tells it: the executable or a library. */
  readonly object?: RegExp;
  /** ELF sections of the executable that tell it. */
  readonly sections?: readonly string[];
  /** One sentence: what of its memory is seen, what is not, and where to look for that. */
  readonly explanation: string;
}
