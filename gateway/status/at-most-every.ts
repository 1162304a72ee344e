/**
 * Reads at most once in so long, however many ask: whoever asks in between gets what was read last, a failure as well, and whoever asks
 * during a reading waits for it.
 */
export function atMostEvery<T>(everyMs: number, read: () => Promise<T>): () => Promise<T> {
  let last: { readonly reading: Promise<T>; endedMs: number | null } | null = null;
  return () => {
    if (last !== null && (last.endedMs === null || Date.now() - last.endedMs < everyMs)) return last.reading;
    const now: typeof last = { reading: read(), endedMs: null };
    const ended = () => {
      now.endedMs = Date.now();
    };
    now.reading.then(ended, ended);
    last = now;
    return now.reading;
  };
}
