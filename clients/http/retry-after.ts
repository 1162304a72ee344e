/** A system that asks to be left alone for longer is asked again all the same: an incident does not wait for it. */
const RETRY_AFTER_MS_MAX = 300_000;

/** How long a header asks to wait: by RFC 9110 seconds or a date; what other headers stand in for it give seconds. Null: it does not say. */
export function waitMs(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  const ms = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX) : null;
}
