import { ACTION_KINDS, type ActionKind } from '../history/billable.ts';
import type { Report } from '../measures/report.ts';
import { paragraph, type Section } from '../page/page.ts';
import { table, valued } from './pieces.ts';

const IN_WORDS: Readonly<Record<ActionKind, string>> = {
  starts: 'workflows started',
  activities: 'activities, and each retry of them',
  timers: 'timers',
  signals: 'signals',
  updates: 'updates',
  searchAttributes: 'changes of what incidents are listed by',
  markers: 'markers',
  childWorkflows: 'child workflows begun',
  options: 'changes of options',
};

/** What it took of Temporal. */
export function costSection({ cost, incidents }: Report): Section {
  const section = { anchor: 'cost', title: 'Actions of Temporal' };
  if (cost === null) return { ...section, blocks: [paragraph('What Temporal counts an audit trail does not tell; histories do.')] };
  const { actions, total, perIncident, beside, dearest } = cost;
  const all = incidents.map(({ number }) => number);
  const besideTotal = beside.reduce((sum, one) => sum + one.total, 0);
  return {
    ...section,
    blocks: [
      paragraph(
        'Incidents took ',
        valued(String(total), all),
        ` Actions in this period${perIncident === null ? '' : `, ${perIncident.toFixed(0)} each on average`}; what runs beside them ${besideTotal}. It is estimated from their histories, in which queries, heartbeats, refused updates, schedules and exports do not stand.`,
      ),
      table(
        'Actions of incidents, by what they are',
        ['what', 'Actions'],
        ACTION_KINDS.filter((kind) => actions[kind] > 0).map((kind) => [[IN_WORDS[kind]], [valued(String(actions[kind]), all)]]),
      ),
      table(
        'Incidents that took most',
        ['incident', 'Actions'],
        dearest.map((one) => [
          [incidents.find(({ number }) => number === one.number)?.id ?? ''],
          [valued(String(one.total), [one.number])],
        ]),
      ),
      table(
        'What runs beside incidents',
        ['workflow', 'runs', 'Actions'],
        beside.map((one) => [[one.type], [String(one.runs)], [String(one.total)]]),
      ),
    ],
  };
}
