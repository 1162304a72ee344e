import { condition } from '@temporalio/workflow';
import type { Alerts } from './alerts.ts';
import type { Chart } from './chart.ts';
import type { IncidentInput } from './messages.ts';

/** Why a person is needed. */
export function flapsText(alerts: Alerts): string {
  const names = [...new Set(alerts.firing().map(({ alert }) => alert.name))].join(', ');
  return `${names || 'The alert'} flaps: it ended by itself and came back ${alerts.relapses()} times.`;
}

/**
 * Stays open for a while after the alerts ended by themselves, so that one that comes and goes is one incident. `over`: they stayed away.
 * `again`: one came back and was given time to heal by itself. `flaps`: one came back too often for that.
 */
export async function awaitQuiet({ runbook }: IncidentInput, chart: Chart, alerts: Alerts): Promise<'over' | 'again' | 'flaps'> {
  const { quietSeconds, max } = runbook.flapping;
  if (quietSeconds === 0) return 'over';
  chart.enter('watching');
  chart.tell(`The alert is over; should it come back within ${quietSeconds} s, it is the same incident.`);
  const summary = 'It healed by itself; stay open, should it come back';
  if (!(await condition(() => !alerts.areOver(), `${quietSeconds}s`, { summary }))) return 'over';
  const times = alerts.relapses();
  chart.tell(`The alert came back (${times} ${times === 1 ? 'time' : 'times'} now).`);
  if (times > max) return 'flaps';
  chart.enter('settling');
  await condition(alerts.areOver, `${runbook.settleSeconds}s`, { summary: 'Settle: it may heal by itself again' });
  return 'again';
}
