const STRUCK_OUT = '[redacted]';

/** Shapes of secrets as programs print them. Rather a word too many than one too few. */
const SECRETS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, STRUCK_OUT],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${STRUCK_OUT}`],
  [/(:\/\/[^/\s:@]*:)[^/\s@]+@/g, `$1${STRUCK_OUT}@`],
  [
    /((?:password|passwd|secret|token|api[_-]?key|access[_-]?key|credential)[\w-]*["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}]+)/gi,
    `$1${STRUCK_OUT}`,
  ],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, STRUCK_OUT],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, STRUCK_OUT],
  [/\b(gh[pousr]_|xox[a-z]-|xapp-|sk-)[A-Za-z0-9-]{10,}/g, STRUCK_OUT],
];

/** The text with what looks like a secret struck out, cut to a length in characters. */
export function redact(text: string, charactersMax: number): string {
  const clean = SECRETS.reduce((rest, [shape, replacement]) => rest.replace(shape, replacement), text).trim();
  return clean.length > charactersMax ? `${clean.slice(0, charactersMax)}…` : clean;
}
