/** Of a command line that makes no sense, as against 1 for what went wrong. */
export const USAGE_EXIT_CODE = 2;

/** Of a process that Ctrl-C ended. */
export const INTERRUPTED_EXIT_CODE = 130;
