import { condition } from '@temporalio/workflow';
import type { Refusal } from '../guards/permit.ts';
import type { Alerts } from './alerts.ts';
import type { Chart } from './chart.ts';
import type { IncidentInput } from './messages.ts';

/** A storm has been told to a person already; its followers wait longer before they only watch. */
const FOLLOW_MS = 2 * 3_600_000;

/** How an incident bears a refusal: it waits as long as that makes sense, and looks again. */
export interface Patience {
  /** Waits until asking again makes sense. Returns why it would not, as a sentence, or null once it has waited. */
  waitOut(refusal: Refusal): Promise<string | null>;
  /** What comes next is waited for anew. */
  renew(): void;
}

export function openPatience({ runbook: { patienceSeconds } }: IncidentInput, chart: Chart, alerts: Alerts): Patience {
  let sinceMs: number | null = null;
  let toldOf: string | null = null;
  let waits = 0;

  async function tell({ guard, reason }: Refusal): Promise<void> {
    if (toldOf === guard) return;
    toldOf = guard;
    chart.tell(`Not now: ${reason}`);
    await chart.record('Refused', `${guard}: ${reason}`, { guard });
  }

  return {
    async waitOut(refusal) {
      await tell(refusal);
      const { guard, reason, retryAtMs } = refusal;
      if (retryAtMs === null) return reason;
      sinceMs ??= Date.now();
      const untilMs = sinceMs + (guard === 'storm-brake' ? FOLLOW_MS : patienceSeconds * 1000);
      if (Date.now() >= untilMs) return `${reason} It was waited for since ${timeText(sinceMs)}.`;
      if (retryAtMs > untilMs) return `${reason} It may be tried again at ${timeText(retryAtMs)}, and nobody should wait that long.`;
      chart.enter('waiting');
      const wereOver = alerts.areOver();
      // Longer each time, so that a history has an end whatever the guards say.
      const pauseMs = Math.max(1, retryAtMs - Date.now(), waits++ * 1000);
      await condition(() => alerts.areOver() && !wereOver, Math.min(pauseMs, Math.max(1, untilMs - Date.now())), {
        summary: `Refused by the guard ${guard}; ask again`,
      });
      return null;
    },
    renew() {
      sinceMs = null;
      toldOf = null;
    },
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}
