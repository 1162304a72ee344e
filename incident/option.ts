import type { Plan } from './plan.ts';

/** What a person can decide where data or predictions are complained about. */
export const OPTIONS = ['rollBack', 'freeze', 'retrain', 'ignore'] as const;

export type OptionName = (typeof OPTIONS)[number];

/** One answer to a question, and exactly what it would do. */
export interface Option {
  readonly name: OptionName;
  /** As the end of a sentence that begins with its name. */
  readonly does: string;
}

/** An option that is possible now. */
export interface Offer extends Option {
  /** Null where nothing is changed. */
  readonly plan: Plan | null;
}

/** Options as people read them in one line. */
export function optionsText(options: readonly Option[]): string {
  return options.map(({ name, does }) => `${name}: ${does}`).join(' ');
}
