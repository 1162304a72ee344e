import type { TransientSigns } from '../incident/transient-signs.ts';

/** Exit codes of programs that say themselves: try again (EX_TEMPFAIL), or that were ended from outside (SIGTERM). */
const EXIT_CODES: readonly number[] = [75, 143];

/** Last words that speak of the network, or of a service that was away or too busy. */
const MESSAGES: readonly RegExp[] = [
  /connection (was )?(reset|refused|aborted|closed)/i,
  /\b(ECONNRESET|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|EPIPE)\b/,
  /broken pipe|unexpected EOF|TLS handshake timeout|no route to host|network is unreachable/i,
  /\btimed out\b|\btime-?out (error|exceeded|expired|while|waiting|after)\b|\bi\/o timeout\b|Timeout(Error|Exception|Expired)\b/i,
  /temporary failure in name resolution|temporarily unavailable|service unavailable|bad gateway|gateway time-?out/i,
  /too many requests|rate limit(ed| exceeded)|\bslow ?down\b|throttl(ed|ing)/i,
  /\b(http|status|code|error|response)\b[^\n\d]{0,20}\b(429|502|503|504)\b/i,
];

/** Whether the words speak of a failure that passes by itself. */
export function speaksOfPassing(words: string, { messages }: TransientSigns): boolean {
  const said = words.toLowerCase();
  return MESSAGES.some((one) => one.test(words)) || messages.some((one) => said.includes(one.toLowerCase()));
}

/** Whether the exit code says that it passes by itself. */
export function isPassingExit(code: number, { exitCodes }: TransientSigns): boolean {
  return EXIT_CODES.includes(code) || exitCodes.includes(code);
}
