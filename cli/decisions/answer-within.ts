/** Without a worker nobody takes what a person says. */
export const ANSWER_WITHIN_MS = 15_000;
