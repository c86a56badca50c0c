/** One option of a command: the row that the parser, the help, the completion and the error messages are made from. */
export interface OptionRow {
  /** Long name without dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What its value is called in the help; absent for a flag. */
  readonly value?: string;
  /** A value that works, shown where one that does not was given. */
  readonly example?: string;
  readonly choices?: readonly string[];
  /** May be given several times; otherwise the last one counts. */
  readonly repeatable?: boolean;
  readonly group: string;
  readonly help: string;
}

/** What was typed, split but not yet understood. */
export interface Arguments {
  /** Values by option name; a flag has the value 'true'. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
  /** What followed `--`, or null where there was none. */
  readonly rest: readonly string[] | null;
}
