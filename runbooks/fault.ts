/** One thing that is wrong in a runbook, with its place. */
export interface RunbookFault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Keys from the root, joined by dots, such as `attempts.max`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

/** The fault on one line, as editors and people read places. */
export function faultText({ file, line, column, path, message }: RunbookFault): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`;
}
