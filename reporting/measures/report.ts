import { z } from 'zod';
import { ACTION_KINDS } from '../history/billable.ts';
import { WAITS, type WaitKind } from '../history/waits.ts';

const count = z.number().int().min(0);
const ms = z.number().min(0);
const time = z.iso.datetime();
const numbers = z.array(z.number().int().min(1)).readonly().describe('The incidents it counts, by their numbers in `incidents`.');

export const Figure = z.strictObject({ count, incidents: numbers }).describe('How many there are, and in which incidents.');

/** How many there are, and in which incidents. */
export type Figure = z.infer<typeof Figure>;

export const Group = z
  .strictObject({ name: z.string(), count, incidents: numbers })
  .describe('Those of one name; the largest group first.');

/** Those of one name. */
export type Group = z.infer<typeof Group>;

export const Spread = z
  .strictObject({
    of: count.describe('How many lengths of time there are.'),
    medianMs: ms.nullable(),
    p90Ms: ms.nullable().describe('So long took nine in ten of them at most.'),
    longestMs: ms.nullable(),
    incidents: numbers,
  })
  .describe('How long something took; null where there is none.');

/** How long something took. */
export type Spread = z.infer<typeof Spread>;

const Time = z.strictObject({
  all: Spread,
  withoutWaits: Spread.nullable().describe('The same without what was waited for on purpose. Null: what was read does not tell of that.'),
});

const Share = z.number().min(0).max(1).nullable().describe('Null where there is nothing to divide by.');

const Incident = z.strictObject({
  number: z.number().int().min(1).describe('By which every figure names it.'),
  id: z.string().describe('Its workflow id.'),
  run: z.string().nullable().describe('Its last run.'),
  link: z.string().nullable().describe('Its page in the Web UI; null where it is not known where that is.'),
  failureType: z.string(),
  target: z.string().nullable(),
  cluster: z.string().nullable(),
  runbook: z.string().nullable(),
  mode: z.string().nullable(),
  cause: z.string().nullable().describe('As it was diagnosed last; null where nothing says so.'),
  outcome: z.string().nullable().describe('How it ended in the period; `broken`: its workflow failed; null: it was open at the end of it.'),
  began: time.nullable().describe('When its source saw the failure begin, where that was told.'),
  opened: time,
  acted: time.nullable().describe('When something was changed first.'),
  recovered: time.nullable().describe('When it was verified that its target is well.'),
  ended: time.nullable(),
  waitedMs: z
    .partialRecord(z.enum(Object.keys(WAITS) as WaitKind[]), ms)
    .nullable()
    .describe('What was waited for on purpose, in all.'),
  isSimulated: z.boolean().describe('Its times are no real ones, and none of them is counted.'),
});

/** One incident as the report lists it. */
export type Incident = z.infer<typeof Incident>;

const Source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('temporal'),
    cluster: z.string().nullable().describe('Null: all clusters.'),
    keptMs: ms.nullable().describe('For how long Temporal keeps what has ended; null where it does not say.'),
    cutAt: time.nullable().describe('What ended before it is not kept any more, so that it is not counted. Null: nothing is missing.'),
    gone: count.describe('Runs whose history was gone when it was to be read.'),
  }),
  z.strictObject({
    kind: z.literal('trail'),
    files: z.array(z.string()).readonly(),
    faults: count.describe('Places at which the trail is broken.'),
    notUnderstood: count.describe('Lines of another release.'),
  }),
]);

/** What a report was made from. */
export type Source = z.infer<typeof Source>;

const Actions = z.record(z.enum(ACTION_KINDS), count);

/** What `paramedic report --json` prints. */
export const Report = z.strictObject({
  version: z.literal(1),
  made: time,
  period: z.strictObject({ from: time, to: time }),
  source: Source,
  incidents: z.array(Incident).readonly(),
  summary: z.strictObject({
    opened: Figure,
    ended: Figure,
    open: Figure.describe('At the end of the period.'),
    outcomes: z.array(Group).readonly(),
    types: z
      .array(Group.extend({ outcomes: z.array(Group).readonly() }))
      .readonly()
      .describe('Of those that ended.'),
    causes: z
      .array(Group.extend({ outcomes: z.array(Group).readonly() }))
      .readonly()
      .describe('Of those that ended.'),
    days: z
      .array(z.strictObject({ from: time, to: time, outcomes: z.array(Group).readonly() }))
      .readonly()
      .describe('By when they ended, in UTC.'),
  }),
  healing: z.strictObject({
    toHeal: Figure.describe('Ended, and healed or a person was needed.'),
    withoutPerson: Figure.describe('Healed, and nobody was asked or needed for it.'),
    share: Share,
    needed: Figure.describe('Ended, and a person was asked or needed.'),
    judged: Figure.describe('Ended, whatever became of it, save what was only observed or was no failure.'),
    endedWithoutPerson: Figure.describe('Healed or gone by itself, and nobody was asked or needed.'),
    endedShare: Share,
    selfResolved: Figure,
    withRest: Figure.describe('Healed without a person, who was told of something that is left to do.'),
    withPerson: Figure.describe('Healed after a person gave leave or decided.'),
  }),
  pages: z.strictObject({
    avoided: Figure.describe('Ended, and nobody was told of it.'),
    told: Figure.describe('People were told that one of them is needed, or asked.'),
    messages: count.nullable().describe('Pages, questions and reminders that a channel took. Null: what was read does not tell.'),
  }),
  times: z.strictObject({
    detect: Spread.describe('From when its source saw it begin until it was opened.'),
    firstAction: Time.describe('From when it was opened until something was changed.'),
    recover: Time.describe('From when it was opened until its target was verified to be well.'),
    handedOver: Spread.describe('From when a person was told that one is needed until it was over.'),
    recoveries: z
      .array(z.strictObject({ upToMs: ms.nullable(), count, incidents: numbers }))
      .readonly()
      .describe('How many took so long to recover.'),
    waits: z
      .array(z.strictObject({ kind: z.enum(Object.keys(WAITS) as WaitKind[]), totalMs: ms, spread: Spread }))
      .readonly()
      .nullable()
      .describe('What was waited for on purpose, in the period. Null: what was read does not tell of that.'),
  }),
  changes: z.strictObject({
    made: Figure,
    byRemedy: z.array(Group.extend({ verdicts: z.array(Group).readonly() })).readonly(),
    worse: Figure.describe('It was worse than before.'),
    takenBack: Figure,
    notTakenBack: Figure.describe('It was to be taken back, and could not be.'),
    notHelped: Figure,
    unknown: Figure.describe('Whether it helped, or was made at all, is not known.'),
    judgedWrong: Figure.nullable().describe(
      'Incidents of which a person said last that what was done was wrong. Null: what was read does not tell.',
    ),
    dismissed: Figure.describe('Incidents that a person judged to be no failure.'),
    relapses: Figure.describe('Opened within a day after one of the same target was healed.'),
  }),
  guards: z.array(Group).readonly().describe('Refusals, by the guard that refused.'),
  approvals: z.strictObject({
    asked: Figure,
    approved: Figure,
    rejected: Figure,
    silent: Figure.describe('Nobody answered in time, which is no.'),
    handedOn: Figure,
    decided: Figure,
    voided: Figure,
    refused: Figure.describe('Decisions that were not taken.'),
    took: Spread.describe('From a question to what a person said.'),
  }),
  offenders: z
    .array(Group.extend({ handedOver: count, failingMs: ms }))
    .readonly()
    .describe('Targets by how many incidents were opened about them.'),
  cost: z
    .strictObject({
      actions: Actions.describe('Of incidents, by what Temporal counts.'),
      total: count,
      perIncident: z.number().min(0).nullable(),
      beside: z
        .array(z.strictObject({ type: z.string(), runs: count, total: count }))
        .readonly()
        .describe('Of what runs beside incidents.'),
      dearest: z.array(z.strictObject({ number: z.number().int(), total: count })).readonly(),
    })
    .nullable()
    .describe('Actions of Temporal in the period, as far as histories tell them. Null: no histories were read.'),
  success: z.strictObject({
    uptime: z.strictObject({
      targets: count.describe('Different targets that failed in the period.'),
      failingMs: ms.describe('How long they failed, all together.'),
      share: Share.describe('Of the period, all these targets together, in which they did not fail.'),
      worst: z.array(z.strictObject({ target: z.string(), failingMs: ms, share: z.number().min(0).max(1), incidents: numbers })).readonly(),
      incidents: numbers,
    }),
    models: z.strictObject({
      incidents: z.array(Group).readonly().describe('About what models say, what they are fed, and how they are served.'),
      rolledBack: Figure,
      contained: Figure,
      failingMs: ms,
    }),
    deployments: z.strictObject({
      bad: Figure.describe('Incidents whose cause is a release or a model version.'),
      undone: Figure.describe('Of these, healed by going back, without a person.'),
      restore: Spread.describe('From when such a failure began until its target was well.'),
    }),
    cost: z.strictObject({
      dearer: z.array(Group).readonly().describe('Changes that stand and use more of the cluster.'),
      runsAgain: Figure.describe('Runs that were done once more.'),
    }),
  }),
});

/** A report on how well it works, of a period. */
export type Report = z.infer<typeof Report>;
