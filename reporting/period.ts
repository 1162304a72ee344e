/** From a moment to another one, which is no part of it. Null: without an end on that side. */
export interface Period {
  /** Epoch milliseconds. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export function isWithin(at: string, { fromMs, toMs }: Period): boolean {
  const ms = Date.parse(at);
  return (fromMs === null || ms >= fromMs) && (toMs === null || ms < toMs);
}

/** The period as a title names it. */
export function periodText({ fromMs, toMs }: Period & { readonly toMs: number }): string {
  return `${fromMs === null ? '' : `from ${minuteText(fromMs)} `}to ${minuteText(toMs)}`;
}

export function minuteText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
