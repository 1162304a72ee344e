import type { Person } from './person.ts';

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
  /** The expression of its rule, where the source tells it. It goes into no history. */
  readonly expression?: string | undefined;
  /** What its rule compares, where the source tells the rule. */
  readonly series?: AlertSeries | undefined;
  /** Who raised it by hand; absent where a rule did. */
  readonly raisedBy?: Person | undefined;
}

/** A rule of the form `query > threshold`, taken apart. */
export interface AlertSeries {
  readonly query: string;
  /** With its comparison, such as `> 0.3`. */
  readonly threshold: string;
}
