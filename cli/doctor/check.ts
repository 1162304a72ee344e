import { within } from '../processes/within.ts';

const CHECK_WITHIN_MS = 15_000;

/** What a check found. `warn`: it works, but something a person may expect does not. */
export interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'warn' | 'fail';
  readonly what: string;
  /** What to do about it; null when all is well. */
  readonly fix: string | null;
}

export type Found = Omit<Finding, 'check'>;

/** A named look at one thing. It may find several. */
export interface Check {
  readonly name: string;
  readonly look: () => Promise<Found | readonly Found[]>;
}

export const ok = (what: string): Found => ({ result: 'ok', what, fix: null });
export const warn = (what: string, fix: string): Found => ({ result: 'warn', what, fix });
export const fail = (what: string, fix: string): Found => ({ result: 'fail', what, fix });

/** Runs every check, whatever the others find, each within its time. */
export async function runChecks(checks: readonly Check[]): Promise<Finding[]> {
  const found = await Promise.all(checks.map(runOne));
  return found.flat();
}

async function runOne({ name, look }: Check): Promise<Finding[]> {
  try {
    const found = await within(CHECK_WITHIN_MS, look());
    return [found].flat().map((one) => ({ check: name, ...one }));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return [{ check: name, ...fail(said, 'Mend what is said, then run "paramedic doctor" again.') }];
  }
}
