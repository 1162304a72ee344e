/** One alert as any source tells it, parsed at the door. */
export interface Alert {
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  /** Hexadecimal; the same for an alert's firing and its resolution. Empty where the source gives none. */
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** When the source saw the failure begin, ISO 8601. */
  readonly startsAt?: string | undefined;
}
