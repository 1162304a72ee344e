import type { AuditEntry } from '../../../incident/audit-entry.ts';
import { timesToDecide, timesToDetect, timesToMitigate } from '../../../reporting/durations.ts';
import { grouped } from '../../../reporting/grouped.ts';
import { actCount, commandCount, countOf, entryCount, figure, spread } from '../../../reporting/page/figures.ts';
import type { Piece } from '../../../reporting/page/page.ts';
import { causeOf, outcomeOf, ROLLBACKS, saidOf, thoseWith } from '../../../reporting/said.ts';
import type { Facts } from './facts.ts';

/** One id of the NIST AI RMF 1.0 (NIST AI 100-1), and what the trail holds that supports the work on it. */
interface Support {
  readonly id: string;
  /** What it is about, in a few words of ours. */
  readonly gist: string;
  /** What Paramedic does that supports it. */
  readonly by: string;
  /** What the period holds of that. */
  readonly figures: (facts: Facts) => readonly (readonly Piece[])[];
}

const STOPS: readonly string[] = ['pauseSchedule', 'freezePromotions', 'leaveNode'];
const isStep =
  (...steps: readonly AuditEntry['step'][]) =>
  ({ step }: AuditEntry) =>
    steps.includes(step);
const byPerson = ({ who }: AuditEntry) => who !== undefined;
const REJECTED = isStep('Rejected');

export const FRAMEWORK: readonly Support[] = [
  {
    id: 'GOVERN 1.4',
    gist: 'The process and its outcomes follow transparent policies.',
    by: 'Each act names the runbook that allowed it, with the version of its very content, and its permit.',
    figures: ({ acts }) => [
      [
        'acts that name runbook, version and permit: ',
        actCount(acts.filter(({ hasRunbookVersion, permit }) => hasRunbookVersion && permit !== null)),
      ],
      ['acts in all: ', actCount(acts)],
    ],
  },
  {
    id: 'GOVERN 1.5',
    gist: 'Ongoing monitoring and periodic review.',
    by: 'Whoever reviews a period finds here what happened in it.',
    figures: ({ opened, closed }) => [
      ['incidents opened: ', countOf(opened)],
      ['incidents ended: ', countOf(closed)],
    ],
  },
  {
    id: 'GOVERN 1.6',
    gist: 'An inventory of AI systems.',
    by: 'Each incident names its target. The trail knows what failed, and not what else there is.',
    figures: ({ stories }) => {
      const targeted = stories.filter((story) => saidOf(story, 'target') !== undefined);
      return [['different targets: ', figure(String(grouped(targeted, targetName).length), targeted)]];
    },
  },
  {
    id: 'GOVERN 1.7',
    gist: 'Systems are taken out of use safely.',
    by: 'A schedule is paused, promotions are frozen or a node is left, by a runbook or a person, and each is verified.',
    figures: ({ acts }) => [['such acts made: ', actCount(acts.filter(({ remedy, made }) => STOPS.includes(remedy) && made === 'made'))]],
  },
  {
    id: 'GOVERN 2.1',
    gist: 'Roles and lines of communication are documented.',
    by: 'What needs a person is handed over to people; who decided is written down with the way they came.',
    figures: ({ stories }) => [
      ['incidents handed over: ', countOf(thoseWith(stories, isStep('Escalated')))],
      [
        'decisions with who made them: ',
        entryCount(stories, (entry) => byPerson(entry) && isStep('Approved', 'Rejected', 'Decided', 'HandedOn')(entry)),
      ],
    ],
  },
  {
    id: 'GOVERN 3.2',
    gist: 'Human-AI configurations and oversight are defined.',
    by: 'Each runbook says whether it only observes, asks a person, or acts by itself.',
    figures: ({ opened }) =>
      grouped(opened, (story) => saidOf(story, 'mode') ?? 'mode not said').map(([mode, some]) => [`opened in ${mode}: `, countOf(some)]),
  },
  {
    id: 'GOVERN 4.3',
    gist: 'Testing, identifying incidents, sharing information.',
    by: 'Incidents are identified and told to people. Drills are not told apart in the trail.',
    figures: ({ opened, stories }) => [
      ['identified by an alert: ', countOf(thoseWith(opened, ({ step, alert }) => step === 'Opened' && alert !== undefined))],
      ['handed over: ', countOf(thoseWith(stories, isStep('Escalated')))],
    ],
  },
  {
    id: 'GOVERN 6.2',
    gist: 'Contingency for failures of third parties.',
    by: 'Where something cannot be read, nothing is changed; where one channel to people fails, the next is tried.',
    figures: ({ stories }) => [
      ['held back, since something could not be read: ', entryCount(stories, ({ step, guard }) => step === 'Refused' && guard === 'sight')],
      ['messages that a channel did not take: ', entryCount(stories, isStep('NotTold'))],
    ],
  },
  {
    id: 'MAP 3.5',
    gist: 'Human oversight is defined and assessed.',
    by: 'People are asked, may refuse, and can stop everything; how long they took is known.',
    figures: ({ stories, commands }) => [
      ['asked: ', entryCount(stories, isStep('Asked'))],
      ['time to decide: ', spread(timesToDecide(stories))],
      ['refused by a person: ', entryCount(stories, (entry) => REJECTED(entry) && byPerson(entry))],
      ['commands of people: ', commandCount(commands)],
    ],
  },
  {
    id: 'MEASURE 2.4',
    gist: 'Behaviour is monitored in production.',
    by: 'Incidents begin with alerts about what runs.',
    figures: ({ opened }) => [
      ['opened by an alert: ', countOf(thoseWith(opened, ({ step, alert }) => step === 'Opened' && alert !== undefined))],
    ],
  },
  {
    id: 'MEASURE 2.6',
    gist: 'The system can fail safely; times of response are known.',
    by: 'Guards hold acts back, what did not help is taken back, and times are measured.',
    figures: ({ stories, acts }) => [
      ['time to detect: ', spread(timesToDetect(stories))],
      ['time to mitigate: ', spread(timesToMitigate(stories))],
      ['held back by guards: ', entryCount(stories, isStep('Refused'))],
      ['acts taken back: ', actCount(acts.filter(({ takenBack }) => takenBack === 'yes'))],
    ],
  },
  {
    id: 'MEASURE 2.7',
    gist: 'Security and resilience are examined.',
    by: 'Decisions of whoever may not make them are refused and written down; the trail shows changes of itself.',
    figures: ({ stories, verified }) => [
      ['decisions refused: ', entryCount(stories, isStep('DecisionRefused'))],
      [`lines of the trail that are broken: ${verified.faults.length} of ${verified.lines}`],
    ],
  },
  {
    id: 'MEASURE 2.8',
    gist: 'Accountability is examined.',
    by: 'Who or what did each thing, why, and what became of it, in a chain of hashes.',
    figures: ({ stories, commands }) => [
      ['entries that name a person: ', entryCount(stories, byPerson)],
      ['commands that name one: ', commandCount(commands.filter(({ entry }) => byPerson(entry)))],
    ],
  },
  {
    id: 'MEASURE 3.1',
    gist: 'Existing, unanticipated and emergent risks are tracked.',
    by: 'What fails again, and what no rule explains, is seen.',
    figures: ({ opened, stories }) => [
      [
        'opened on a target that had another one: ',
        countOf(
          grouped(
            opened.filter((story) => saidOf(story, 'target')),
            targetName,
          ).flatMap(([, some]) => (some.length > 1 ? some : [])),
        ),
      ],
      ['cause not known: ', countOf(stories.filter((story) => causeOf(story) === 'unknown'))],
    ],
  },
  {
    id: 'MEASURE 3.3',
    gist: 'Reports and appeals of people feed back.',
    by: 'A person can say that an incident is none.',
    figures: ({ closed }) => [['dismissed by a person: ', countOf(closed.filter((story) => outcomeOf(story) === 'dismissed'))]],
  },
  {
    id: 'MANAGE 1.2',
    gist: 'Treatment is prioritised.',
    by: 'Each kind of failure has runbooks of its own. How severe one was is not in the trail.',
    figures: ({ opened }) =>
      grouped(opened, (story) => saidOf(story, 'failureType') ?? 'not said').map(([type, some]) => [`${type}: `, countOf(some)]),
  },
  {
    id: 'MANAGE 1.3',
    gist: 'Responses are planned: mitigate, transfer, avoid, accept.',
    by: 'An incident ends mitigated, handed over to a person, or accepted by one.',
    figures: ({ closed }) => ended(closed, ['recovered', 'contained', 'escalated', 'dismissed']),
  },
  {
    id: 'MANAGE 1.4',
    gist: 'Residual risk is documented.',
    by: 'What was not healed, and what could not be taken back, is written down.',
    figures: ({ closed, acts }) => [
      ...ended(closed, ['escalated', 'contained', 'observed']),
      ['acts that could not be taken back: ', actCount(acts.filter(({ takenBack }) => takenBack === 'failed'))],
      [
        'acts of which it is not known what became of them: ',
        actCount(acts.filter(({ made, verdict }) => made === 'unknown' && verdict === null)),
      ],
    ],
  },
  {
    id: 'MANAGE 2.3',
    gist: 'Respond to and recover from a risk that was unknown.',
    by: 'What no rule explains is not acted on, and handed over.',
    figures: ({ stories }) => [
      [
        'handed over with an unknown cause: ',
        countOf(thoseWith(stories, isStep('Escalated')).filter((story) => causeOf(story) === 'unknown')),
      ],
    ],
  },
  {
    id: 'MANAGE 2.4',
    gist: 'Superseding, disengaging or deactivating what does not do what it is for.',
    by: 'Versions and releases are rolled back, schedules paused, promotions frozen; one command of a person stops all acts.',
    figures: ({ acts, commands }) => [
      ['rolled back: ', actCount(acts.filter(({ remedy, made }) => ROLLBACKS.includes(remedy) && made === 'made'))],
      ['paused, frozen or left: ', actCount(acts.filter(({ remedy, made }) => STOPS.includes(remedy) && made === 'made'))],
      ['freezes that people called: ', commandCount(commands.filter(({ entry }) => entry.command === 'freeze'))],
    ],
  },
  {
    id: 'MANAGE 3.1',
    gist: 'Risks of third-party resources are monitored.',
    by: 'Failures of what is outside are told as the cause they are.',
    figures: ({ stories }) => [
      ['a dependency was away: ', countOf(stories.filter((story) => causeOf(story)?.startsWith('dependency') === true))],
    ],
  },
  {
    id: 'MANAGE 3.2',
    gist: 'Pre-trained models in use are monitored.',
    by: 'Which version of a model was gone back from, and to which, is written down.',
    figures: ({ acts }) => [
      ['models rolled back: ', actCount(acts.filter(({ remedy, made }) => remedy === 'rollBackModel' && made === 'made'))],
    ],
  },
  {
    id: 'MANAGE 4.1',
    gist: 'Monitoring after deployment, with appeal and override, response, recovery and change management.',
    by: 'People can refuse, override and end what Paramedic does; each incident is told from its alert to its end.',
    figures: ({ stories, closed, commands }) => [
      ['refused by a person: ', entryCount(stories, (entry) => REJECTED(entry) && byPerson(entry))],
      ['cancelled by a person: ', countOf(closed.filter((story) => outcomeOf(story) === 'cancelled'))],
      ['commands of people: ', commandCount(commands)],
    ],
  },
  {
    id: 'MANAGE 4.2',
    gist: 'Continual improvement that can be measured.',
    by: 'Incidents name the version of their runbook, so that what came before and after a change can be compared.',
    figures: ({ opened }) =>
      grouped(opened, (story) => versionName(saidOf(story, 'runbook'))).map(([version, some]) => [`${version}: `, countOf(some)]),
  },
  {
    id: 'MANAGE 4.3',
    gist: 'Incidents are communicated; tracking, response and recovery are documented.',
    by: 'Each incident is told step by step; what is missing is told as missing.',
    figures: ({ stories, opened }) => [
      ['told from beginning to end: ', countOf(thoseWith(opened, isStep('Closed')))],
      ['entries that tell of a gap: ', entryCount(stories, isStep('NotReported'))],
      ['messages that a channel did not take: ', entryCount(stories, isStep('NotTold'))],
    ],
  },
];

function ended(closed: Facts['closed'], outcomes: readonly string[]): readonly (readonly Piece[])[] {
  return outcomes.map((outcome) => [`${outcome}: `, countOf(closed.filter((story) => outcomeOf(story) === outcome))]);
}

function targetName(story: Facts['stories'][number]): string {
  const target = saidOf(story, 'target');
  return target ? `${target.cluster}/${target.namespace}/${target.kind}/${target.name}` : '';
}

/** A runbook with the version of its content, as people read it. */
export function versionName(runbook: AuditEntry['runbook']): string {
  return runbook === undefined ? 'not said' : `${runbook.name} ${runbook.version ?? '(version not said)'}`;
}
