import { z } from 'zod';
import { FAILURE_TYPES } from '../incident/failure-type.ts';
import { GoldenRequest } from '../incident/golden-request.ts';
import { CONTAINMENTS, REMEDIES } from '../incident/remedy.ts';
import { Approval } from './approval.ts';
import { EscalationChain } from './escalation.ts';
import { LimitsGiven } from './limits.ts';
import { Match } from './matching/schema.ts';
import { ModeExceptionGiven, ModeGiven } from './modes.ts';

const alias = z.string().regex(/^[A-Za-z0-9_-]+$/, 'must be letters, digits, hyphens and underscores');
const seconds = z.number().min(0).max(86_400);

const Attempts = z
  .strictObject({
    max: z.number().int().min(1).max(10).default(3).describe('Remedies applied at most; then a person is asked.'),
    backoffFirstSeconds: seconds.default(30).describe('Pause after the first attempt.'),
    backoffFactor: z.number().min(1).max(10).default(2).describe('Each pause is so many times the one before.'),
    backoffMaxSeconds: seconds.default(600).describe('No pause is longer.'),
  })
  .describe('How often, and at what distance.');

const Verify = z
  .strictObject({
    stableSeconds: seconds.default(60).describe('How long the target must stay healthy without a break.'),
    timeoutSeconds: seconds.default(300).describe('When to stop waiting for health to come.'),
  })
  .describe('When a target counts as recovered.');

const Flapping = z
  .strictObject({
    quietSeconds: seconds
      .default(300)
      .describe('An incident that healed by itself stays open for so long; an alert that comes back joins it.'),
    max: z.number().int().min(0).max(100).default(3).describe('So often it may come back and heal by itself; then a person is asked.'),
  })
  .describe('What is done about alerts that come and go.');

const Memory = z
  .strictObject({
    factor: z.number().gt(1).max(4).default(2).describe('A limit that was too low is raised to so many times itself.'),
    ceilingMi: z.number().int().min(1).default(4096).describe('In MiB; never raised past this, however many cycles.'),
  })
  .describe('For the remedies raiseMemory and retryRunWithMoreMemory.');

const Model = z
  .strictObject({
    lastKnownGoodAlias: alias.default('last-known-good').describe('Registry alias of the version to go back to.'),
    servingAlias: alias
      .default('production')
      .describe('Registry alias that is moved to the good version once it is seen serving, if it is at the bad one.'),
    soakSeconds: seconds
      .default(3_600)
      .describe('A version that Paramedic saw healthy in serving for so long without a break is known to be good.'),
    golden: GoldenRequest.nullable()
      .default(null)
      .describe('For servers that have no annotation paramedic.dev/golden-request, which holds one as JSON.'),
  })
  .describe('For the remedy rollBackModel, and when a model server counts as recovered.');

const Transient = z
  .strictObject({
    exitCodes: z.array(z.number().int().min(1).max(255)).default([]).describe('Exit codes of programs that ask to be tried again.'),
    messages: z.array(z.string().min(4)).default([]).describe('Texts in the last words of a program, in any case of letters.'),
  })
  .describe('What speaks of a failure of a run that passes by itself, beside what is known to everywhere.');

const Node = z
  .strictObject({
    evictEmptyDir: z.boolean().default(false).describe('Evict pods that have emptyDir volumes on disk, too; what is in those is lost.'),
  })
  .describe('For the remedy leaveNode.');

const Scale = z
  .strictObject({
    factor: z.number().gt(1).max(4).default(1.5).describe('The upper bound of what scales a target is raised to so many times itself.'),
    ceiling: z.number().int().min(1).max(1_000).default(20).describe('In pods; never raised past this, however many cycles.'),
  })
  .describe('For the remedy scale, which also keeps within what the quotas of the namespace and the nodes have room for.');

const Network = z
  .strictObject({
    lookBackSeconds: z
      .number()
      .min(60)
      .max(604_800)
      .default(21_600)
      .describe('A NetworkPolicy made longer ago than this is a decision that stands, and is left to a person.'),
  })
  .describe('For the remedy undoPolicy.');
const Retrain = z
  .strictObject({
    cronJob: z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9.]{0,51})$/, 'must be the name of a CronJob')
      .describe("The CronJob, in the target's namespace, of whose template a Job is made."),
  })
  .describe('For the answer retrain: what trains the model anew. Where it is not given, the answer is not offered.');

const Learning = z
  .strictObject({
    reorder: z
      .boolean()
      .default(true)
      .describe(
        'A remedy may be tried before a milder one that surely cured less often: always one of this ladder, for a cause that allows it.',
      ),
    skip: z
      .boolean()
      .default(true)
      .describe(
        'A remedy that surely cures hardly any such case is left out, and whoever is told hears of it, until what was seen is old.',
      ),
    windows: z
      .boolean()
      .default(true)
      .describe(
        'Health is waited for less long where cures always came much sooner, must last longer where cures did not last, and what fails again is longer a relapse where it often did.',
      ),
    triesMin: z.number().int().min(3).max(1_000).default(5).describe('So many tries, as they are worth by their age, say something.'),
    timeoutSecondsMin: seconds.default(60).describe('Health is waited for at least for so long, whatever was learned.'),
    relapseSecondsMax: seconds
      .default(5_400)
      .describe(
        'What fails again later than this after a cure is no relapse, whatever was learned; the limit relapseSeconds is never shortened.',
      ),
    stableSecondsMax: seconds.default(300).describe('Health must last for no longer than this, whatever was learned.'),
  })
  .describe('What earlier incidents may change, within this runbook. No guard, limit, mode or approval is among it.');

/** Policy for one failure type: which alerts, which remedies in which order, limits, and who is told. */
export const Runbook = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case words joined by hyphens')
      .describe('Unique among the runbooks.'),
    failureType: z.enum(FAILURE_TYPES).describe('The workflow that heals it.'),
    match: Match,
    mode: ModeGiven.default('observe').describe(
      'off begins no incident; observe does everything but the act; approve asks a person before each act; auto acts.',
    ),
    modes: z.array(ModeExceptionGiven).max(50).default([]).describe('Other modes for some namespaces or remedies.'),
    approval: Approval.prefault({}),
    slackChannel: z
      .string()
      .regex(/^[CG][A-Z0-9]{2,}$/, 'must be the id of a Slack channel, such as C012AB3CD')
      .nullable()
      .default(null)
      .describe('Where each incident has one message in Slack, with what is asked, buttons, and its story as a thread below.'),
    escalation: EscalationChain.nullable()
      .default(null)
      .describe('That of channels.yaml, where it is left out; without one there either, PARAMEDIC_ESCALATION_WEBHOOK is told.'),
    settleSeconds: seconds.default(30).describe('How long a failure may heal by itself before anything is done.'),
    alertEndsSeconds: seconds
      .default(1_800)
      .describe('How long a healed incident stays open for its alerts to end, so that one that lags behind begins no other.'),
    flapping: Flapping.prefault({}),
    remedies: z.array(z.enum(REMEDIES)).describe('The ladder, mildest first; a rung is used only when the cause allows it.'),
    attempts: Attempts.prefault({}),
    verify: Verify.prefault({}),
    patienceSeconds: seconds.default(1_800).describe('How long an incident waits for guards to let it act; then a person is asked.'),
    gitOps: z
      .enum(['propose', 'change'])
      .default('propose')
      .describe('What Argo CD, Flux or Helm keeps: propose the change to a person, or change it all the same.'),
    limits: LimitsGiven.prefault({}).describe('Tighter limits than those of limits.yaml, for this runbook.'),
    memory: Memory.prefault({}),
    model: Model.prefault({}),
    transient: Transient.prefault({}),
    node: Node.prefault({}),
    scale: Scale.prefault({}),
    network: Network.prefault({}),
    retrain: Retrain.nullable().default(null),
    learning: Learning.prefault({}),
    contain: z
      .array(z.enum(CONTAINMENTS))
      .default([])
      .describe('What may be done without a person in the mode auto, so that the failure spreads no further. Nothing else is.'),
  })
  .superRefine(({ modes, remedies, contain }, { addIssue }) => {
    const own: readonly string[] = [...remedies, ...contain];
    for (const [index, { remedies: named = [] }] of modes.entries())
      for (const remedy of named.filter((name) => !own.includes(name)))
        addIssue({
          code: 'custom',
          path: ['modes', index, 'remedies'],
          message: `${remedy} is no remedy of this runbook: it has ${own.join(', ') || 'none'}`,
        });
  })
  .describe('Policy for one failure type: which alerts, which remedies in which order, and limits.');

export type Runbook = z.infer<typeof Runbook>;
