import {
  ChildWorkflowCancellationType,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  sleep,
  startChild,
} from '@temporalio/workflow';
import type { Storm } from '../guards/ledger/ledger.ts';
import { commonCauseWorkflowId } from '../incident/incident.ts';
import { isSameSuspect, type Suspect, suspectText } from '../incident/suspect.ts';
import { commonCause } from './common-cause.ts';
import { type StormNow, stormNow } from './messages.ts';
import type { OfficeRecord } from './office-record.ts';

/** Who joins within so long is told of together. */
const TELL_EVERY = '5s';
/** So often the incident that leads hears that the office is still there, though nothing has changed. */
const SIGN_OF_LIFE_MS = 10 * 60_000;

/** A storm that has an incident of its own, and what that was told last. */
export interface Led {
  readonly suspect: Suspect;
  readonly targetCount: number;
  readonly toldMs: number;
}

/** The storms of a cluster, each with the one incident that leads. */
export interface Storms {
  /** Gives each storm its incident, and tells it how the storm stands. Never ends. */
  lead(): Promise<void>;
  led(): readonly Led[];
}

/** @param cluster null: what all clusters share has no storms */
export function openStorms(cluster: string | null, record: OfficeRecord, ledBefore: readonly Led[]): Storms {
  let led = ledBefore;

  const storms = () => record.ledger().storms;
  const newsFor = (storm: Storm) => {
    const before = led.find((one) => isSame(one, storm));
    return before?.targetCount !== storm.targetCount || Date.now() - before.toldMs >= SIGN_OF_LIFE_MS;
  };
  const over = () => led.filter((one) => !storms().some((storm) => isSame(one, storm)));

  async function leadOn(office: string): Promise<void> {
    for (const storm of storms().filter(newsFor)) {
      const { suspect, targets, targetCount } = storm;
      if (!led.some((one) => isSame(one, storm))) await begin(office, suspect);
      await tell(office, suspect, { targets, targetCount, isOver: false });
      led = [...led.filter((one) => !isSame(one, storm)), { suspect, targetCount, toldMs: Date.now() }];
    }
    for (const past of over()) {
      await tell(office, past.suspect, { targets: [], targetCount: 0, isOver: true });
      led = led.filter((one) => one !== past);
    }
  }

  return {
    led: () => led,
    async lead() {
      if (cluster === null) return;
      for (;;) {
        await condition(() => storms().some(newsFor) || over().length > 0);
        await leadOn(cluster);
        await sleep(TELL_EVERY, { summary: 'Gather what joins a storm' });
      }
    },
  };
}

function isSame(one: Pick<Storm, 'suspect'>, other: Pick<Storm, 'suspect'>): boolean {
  return isSameSuspect(one.suspect, other.suspect);
}

async function begin(cluster: string, suspect: Suspect): Promise<void> {
  try {
    await startChild(commonCause, {
      workflowId: commonCauseWorkflowId(cluster, suspect),
      args: [{ cluster, suspect }],
      parentClosePolicy: 'ABANDON',
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      staticSummary: `Many targets fail that share ${suspectText(suspect)}`,
    });
  } catch (error) {
    // One that leads already goes on.
    if (isCancellation(error)) throw error;
  }
}

async function tell(cluster: string, suspect: Suspect, now: StormNow): Promise<void> {
  try {
    await getExternalWorkflowHandle(commonCauseWorkflowId(cluster, suspect)).signal(stormNow, now);
  } catch (error) {
    // A person may have ended it by hand.
    if (isCancellation(error)) throw error;
  }
}
