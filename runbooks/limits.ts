import { z } from 'zod';
import { type Limits, WEEKDAYS } from '../guards/limits.ts';
import { clock, timezone } from './wall-clock.ts';

const WEEK_SECONDS = 604_800;

const whole = (max: number) => z.number().int().min(1).max(max);
const window = whole(WEEK_SECONDS);
const percent = z.number().min(0).max(100);

const Rate = z.strictObject({ max: whole(1_000), perSeconds: window }).describe('At most max within any window of perSeconds.');
const Share = z
  .strictObject({ percent, atLeast: whole(1_000), withinSeconds: window })
  .describe('At most percent of all of them, or atLeast where that is more, within any window of withinSeconds.');
const Breaker = z
  .strictObject({ failures: whole(100), withinSeconds: window, openSeconds: whole(86_400) })
  .describe('Opens after so many failures within the window; after openSeconds one act may try. Each try that fails doubles the time.');

const Freeze = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('weekly'),
        reason: z.string().min(1),
        days: z.array(z.enum(WEEKDAYS)).min(1),
        from: clock,
        to: clock,
        timezone,
      })
      .describe('Every week on these days, by the clock on the wall there; where to is not later than from it is on the day after.'),
    z
      .strictObject({
        kind: z.literal('once'),
        reason: z.string().min(1),
        from: z.iso.datetime({ offset: true }),
        until: z.iso.datetime({ offset: true }),
      })
      .refine(({ from, until }) => Date.parse(from) < Date.parse(until), { path: ['until'], message: 'must be later than from' })
      .describe('Once, between two moments.'),
  ])
  .describe('A time in which nothing is changed.');

const rates = { remedy: Rate, namespace: Rate, cluster: Rate, allClusters: Rate };
const breakers = { target: Breaker, remedy: Breaker, runbook: Breaker };
const blast = { replicasPercent: percent, namespaceWorkloads: Share, nodes: Share, modelVersions: Rate };

/** Limits as a file may give them: each that is left out is limited by another layer. */
export const LimitsGiven = z
  .strictObject({
    rates: z.strictObject(rates).partial().describe('Acts let through: of one remedy, in a namespace, in the cluster, in all clusters.'),
    target: Rate.describe('Attempts on one target that did not help for good, by whichever incident.'),
    breakers: z.strictObject(breakers).partial().describe('Circuit breakers of a target, a remedy and a runbook.'),
    relapseSeconds: whole(WEEK_SECONDS).describe('A target that fails again so soon after a cure was not cured.'),
    cures: Rate.describe('Cures of one target; past that it flaps, and a person looks for the cause.'),
    storm: z
      .strictObject({ targets: whole(150).min(2), withinSeconds: whole(3_600) })
      .describe('So many targets failing within so long have a cause above them.'),
    blast: z.strictObject(blast).partial().describe('How much may be away, or be acted on, at once.'),
    rollbackDepth: z
      .number()
      .int()
      .min(0)
      .max(10)
      .describe('How often in a row a model or workload is taken back before a person has moved it forward.'),
    silenceSeconds: whole(86_400).min(60).describe('A source of alerts that proved to be alive and is silent for so long is blind.'),
    freezes: z.array(Freeze).describe('Times in which nothing is changed.'),
  })
  .partial()
  .describe('What remedies must keep within. A layer can only tighten what the others say.');

/** Every limit and every part of it, so that a new one without a default is no valid program. */
type Every<T> = { readonly [key in keyof T]-?: Every<NonNullable<T[key]>> };

/** What holds where nobody says otherwise. Nothing is without a limit. */
export const DEFAULT_LIMITS = {
  rates: {
    remedy: { max: 10, perSeconds: 3_600 },
    namespace: { max: 10, perSeconds: 3_600 },
    cluster: { max: 20, perSeconds: 3_600 },
    allClusters: { max: 40, perSeconds: 3_600 },
  },
  target: { max: 4, perSeconds: 21_600 },
  breakers: {
    target: { failures: 3, withinSeconds: 21_600, openSeconds: 1_800 },
    remedy: { failures: 5, withinSeconds: 3_600, openSeconds: 900 },
    runbook: { failures: 8, withinSeconds: 3_600, openSeconds: 900 },
  },
  relapseSeconds: 1_800,
  cures: { max: 3, perSeconds: 86_400 },
  storm: { targets: 5, withinSeconds: 300 },
  blast: {
    replicasPercent: 34,
    namespaceWorkloads: { percent: 34, atLeast: 3, withinSeconds: 600 },
    nodes: { percent: 10, atLeast: 1, withinSeconds: 3_600 },
    modelVersions: { max: 2, perSeconds: 86_400 },
  },
  rollbackDepth: 1,
  silenceSeconds: 900,
  freezes: [],
} as const satisfies Every<Limits>;

/** The file `limits.yaml` beside the runbooks. */
export const LimitsFile = z
  .strictObject({
    cluster: LimitsGiven.prefault({}).describe('For every namespace and runbook; what is left out is as shipped.'),
    namespaces: z
      .record(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be the name of a namespace'), LimitsGiven)
      .default({})
      .describe('Tighter limits for single namespaces, by name.'),
  })
  .describe('Limits of a cluster and of its namespaces.');

export type LimitsFile = z.infer<typeof LimitsFile>;
