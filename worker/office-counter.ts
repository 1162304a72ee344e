import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Permit } from '../guards/permit.ts';
import { type Saying, said } from '../workflows/messages.ts';
import { untilHeard } from './until-heard.ts';

/** So much is said at once: it is worked off within one workflow task, and each thing may look through the whole record. */
const TOGETHER_MAX = 50;
const HEARD_WITHIN_MS = 30_000;
const TRIES_MAX = 3;

/** Says one thing, and returns what the office says to it. */
export type Counter = (saying: object, isLastTry: boolean) => Promise<Permit | null>;

interface Waiting {
  readonly saying: Saying;
  readonly isLastTry: boolean;
  resolve(answer: Permit | null): void;
  reject(error: unknown): void;
}

/**
 * Where a process says things to one permit office: what comes while it waits for the answer is said together, next. So much is on its way at
 * most, and a storm of thousands is heard as fast as the office hears.
 * @param open opens the office where there is none
 */
export function openCounter(
  { workflow }: Pick<Client, 'workflow'>,
  workflowId: string,
  open: (isLastTry: boolean) => Promise<void>,
): Counter {
  const queue: Waiting[] = [];
  let isServing = false;

  async function serve(): Promise<void> {
    if (isServing) return;
    isServing = true;
    while (queue.length > 0) {
      const some = queue.splice(0, TOGETHER_MAX);
      try {
        const answers = await sayTogether(some);
        for (const [index, one] of some.entries()) one.resolve(answers[index] ?? null);
      } catch (error) {
        for (const one of some) one.reject(error);
      }
    }
    isServing = false;
  }

  /** An update that meets the end of a run is tried again on the next; the same request under its id is the same permit. */
  async function sayTogether(some: readonly Waiting[]): Promise<readonly (Permit | null)[]> {
    for (let tries = 1; ; tries++) {
      try {
        const say = () => workflow.getHandle(workflowId).executeUpdate(said, { args: [some.map(({ saying }) => saying)] });
        return await workflow.withDeadline(Date.now() + HEARD_WITHIN_MS, () => untilHeard(say));
      } catch (error) {
        if (tries === TRIES_MAX || error instanceof WorkflowUpdateFailedError) throw error;
        if (error instanceof WorkflowNotFoundError) await open(some.some(({ isLastTry }) => isLastTry));
      }
    }
  }

  return (saying, isLastTry) =>
    new Promise((resolve, reject) => {
      queue.push({ saying: saying as Saying, isLastTry, resolve, reject });
      void serve();
    });
}
