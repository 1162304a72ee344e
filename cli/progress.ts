const SILENT_MS = 2_000;
const EVERY_MS = 1_000;

/** Tells on standard error how far something has come that takes longer than two seconds. */
export interface Progress {
  advance(by: number): void;
}

/** @param what is done, as the beginning of a sentence @param total of what it is advanced by */
export function openProgress(what: string, total: number): Progress {
  const sinceMs = Date.now();
  let done = 0;
  let toldMs = sinceMs + SILENT_MS - EVERY_MS;
  return {
    advance(by) {
      done += by;
      const nowMs = Date.now();
      if (nowMs - toldMs < EVERY_MS) return;
      toldMs = nowMs;
      const share = total > 0 ? `${Math.min(100, Math.floor((done / total) * 100))} %` : String(done);
      process.stderr.write(`${what}: ${share} after ${Math.round((nowMs - sinceMs) / 1000)} s\n`);
    },
  };
}
