import { allHandlersFinished, condition, makeContinueAsNewFunc } from '@temporalio/workflow';
import type { FailureType } from '../incident/failure-type.ts';
import { modeFor } from '../incident/mode.ts';
import { byTelling, isSideOfOutage, tellsMore } from '../incident/one-failure.ts';
import type { Alerts } from './alerts.ts';
import type { Policy } from './carried.ts';
import type { Chart } from './chart.ts';
import type { IncidentInput } from './messages.ts';
import type { Permits } from './permits.ts';

/** How an incident goes on as another failure type, by what the alerts that joined it tell. Nothing may have been done yet. */
export interface Succession {
  /** Goes on as the most telling of what its alerts were matched to, where one tells more than what it is taken for. */
  toMoreTelling(): Promise<void>;
  /** Goes on as another of what its alerts were matched to, where there is one that was not looked into in vain. */
  toAnother(why: string): Promise<void>;
}

export function openSuccession(input: IncidentInput, chart: Chart, alerts: Alerts, permits: Permits): Succession {
  const { failureType } = input.runbook;
  const lookedInto = input.carried?.lookedInto ?? [];

  /** The most telling first. */
  function others(): { readonly alert: string; readonly policy: Policy }[] {
    return alerts
      .firing()
      .flatMap(({ alert, policy }) => (policy && isOther(policy) ? [{ alert: alert.name, policy }] : []))
      .sort((a, b) => byTelling(a.policy.runbook.failureType, b.policy.runbook.failureType));
  }

  function isOther({ runbook }: Policy): boolean {
    return isSideOfOutage(runbook.failureType) && ![failureType, ...lookedInto].includes(runbook.failureType);
  }

  async function goOn(policy: Policy, why: string, done: readonly FailureType[]): Promise<never> {
    const { runbook } = policy;
    const text = `${why} It goes on as ${runbook.failureType}, by the runbook ${runbook.name} (${modeFor(runbook, input.target.namespace, null)}).`;
    chart.tell(text);
    await chart.record('Reclassified', text);
    await permits.leave(true);
    await chart.handedOn();
    await condition(allHandlersFinished);
    const next: IncidentInput = {
      target: input.target,
      ...policy,
      carried: { ...chart.carried(), alerts: alerts.carried(), lookedInto: done },
    };
    return makeContinueAsNewFunc<(next: IncidentInput) => Promise<unknown>>({ workflowType: runbook.failureType })(next);
  }

  return {
    async toMoreTelling() {
      const [most] = others();
      if (most && tellsMore(most.policy.runbook.failureType, failureType))
        await goOn(most.policy, `The alert ${most.alert} tells more of the same failure.`, lookedInto);
    },
    async toAnother(why) {
      const [next] = others();
      if (next) await goOn(next.policy, `${why} The alert ${next.alert} goes on.`, [...lookedInto, failureType]);
    },
  };
}
