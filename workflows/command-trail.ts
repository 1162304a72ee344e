import { log, workflowInfo } from '@temporalio/workflow';
import { demotionName } from '../guards/ledger/demotions.ts';
import type { Demotion } from '../guards/ledger/ledger.ts';
import type { AuditEntry } from '../incident/audit-entry.ts';
import type { Person } from '../incident/person.ts';
import { audit } from './calls.ts';
import { settled } from './settled.ts';

/** A command that a person gave, and what it came to, as a sentence. */
interface Command {
  /** Such as `freeze`. */
  readonly command: string;
  readonly text: string;
  /** Null where nobody said who they are. */
  readonly who: Person | null;
}

/** Where a workflow that never ends has people's commands written down, and what it draws from what it sees. */
export interface CommandTrail {
  /** A stop must not wait for a disk: it is in force at once, and written down as soon as that can be. */
  note(command: Command): void;
  /** What nobody commanded and people must know: what went wrong is not done without them any more. */
  demoted(demotion: Demotion): void;
  /** What is not written down yet, for the next run. */
  unwritten(): readonly AuditEntry[];
}

/** @param before what the run before could not have written down */
export function openCommandTrail(before: readonly AuditEntry[] = []): CommandTrail {
  const { workflowId: incident, runId: run } = workflowInfo();
  const waiting = new Set<AuditEntry>();

  async function write(entry: AuditEntry): Promise<void> {
    waiting.add(entry);
    const written = await settled(() => audit('Audit: Commanded', null, entry));
    waiting.delete(entry);
    if (written.kind === 'failed') log.error('A command of a person could not be written down.', { entry, error: written.message });
  }

  /** Where it cannot be waited for any more, the workflow is ending. */
  const begin = (entry: AuditEntry) => void write(entry).catch(() => undefined);
  for (const entry of before) begin(entry);

  return {
    note({ command, text, who }) {
      begin({ at: new Date().toISOString(), step: 'Commanded', incident, run, command, text, ...(who === null ? {} : { who }) });
    },
    demoted(demotion) {
      const text = `${demotionName(demotion)}: a person must allow it from now on, since ${demotion.why}.`;
      begin({
        at: new Date().toISOString(),
        step: 'Demoted',
        incident,
        run,
        text,
        ...(demotion.remedy === null ? {} : { remedy: demotion.remedy }),
      });
    },
    unwritten: () => [...waiting],
  };
}
