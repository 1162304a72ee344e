const LEVELS: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** One JSON log line as a person reads it. Values keep JSON's escapes: what comes from outside cannot write to the terminal. */
export function readableLine(json: string): string {
  const { level, time, msg, name: _name, pid: _pid, hostname: _hostname, ...fields } = JSON.parse(json);
  const clock = new Date(time).toTimeString().slice(0, 8);
  const rest = Object.entries(fields).map(([key, value]) => `  ${key}=${JSON.stringify(value)}`);
  return `${clock} ${(LEVELS[level] ?? String(level)).padEnd(5)} ${JSON.stringify(msg ?? '').slice(1, -1)}${rest.join('')}\n`;
}
