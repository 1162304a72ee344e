import type { CauseKind } from '../../incident/cause.ts';
import { onlyLimited, type PipelineEvidence, runName } from '../../incident/pipeline.ts';
import type { TransientSigns } from '../../incident/transient-signs.ts';
import { type FailedRun, failedRun, quoted } from '../failed-run.ts';
import type { Rule } from '../rule.ts';
import { isPassingExit, speaksOfPassing } from '../transient.ts';

type JobRule = Rule<PipelineEvidence>;

const CREDENTIAL =
  /\b(http|status|code|error|response)\b[^\n\d]{0,20}\b(401|403)\b|\bunauthori[sz]ed\b|\bforbidden\b|access ?denied|permission denied|not authori[sz]ed|(token|credential|certificate|password|key|session|login)s?\b[^\n]{0,40}\b(expired|revoked|invalid)|\b(expired|revoked|invalid)\b[^\n]{0,40}\b(token|credential|certificate|password|api key|session)|authentication (failed|required)/i;

const INPUT =
  /\bschema\b[^\n]{0,60}\b(mismatch|error|invalid|changed|violat\w+|validat\w+|differs?|expected)|SchemaError|ValidationError|validation (error|failed)|failed validation|FileNotFoundError|no such file or directory|NoSuchKey|\b(file|object|key|path|table|column|partition)\b[^\n]{0,60}\b(not found|does not exist|is missing)|missing (column|file|field|partition)|ParserError|malformed (input|row|record|json|csv)/i;

/** A Job has failed before that, by the number of retries that it has by default. */
const RESTARTS_MIN = 7;

/** How a program that has a fault of its own ends. */
const TRACEBACK =
  /Traceback \(most recent call last\)|^\s*at [\w$.<>]+\s?\(.+:\d+(:\d+)?\)|^panic: |\b[A-Z]\w*(Error|Exception)\b\s*(:|$)|segmentation fault/im;

/** The cluster says so itself, so it comes before whatever the program may have said while it was killed. */
export const jobOutOfMemory: JobRule = (evidence) => {
  const failed = failedRun(evidence);
  const killed = failed?.exits.find(({ reason }) => reason === 'OOMKilled')?.container;
  if (!killed) return failed?.run.outOfMemory ? saidOutOfMemory(evidence, failed) : null;
  const { name, memoryLimitMi } = killed;
  if (memoryLimitMi === null)
    return {
      cause: 'node-memory-short',
      confidence: 'certain',
      reason: `${name} was OOM-killed without a limit of its own: its node is short of memory.`,
    };
  return { cause: 'memory-limit-too-low', confidence: 'certain', reason: `${name} was OOM-killed at its limit of ${memoryLimitMi} Mi.` };
};

/** Its system says so, and no pod is left that would tell which container it was. */
function saidOutOfMemory({ kind }: PipelineEvidence, { run, words }: FailedRun): ReturnType<JobRule> {
  const limited = onlyLimited(run);
  const limit = limited
    ? `: its only limit is that of ${limited.name}, ${limited.memory.limit}.`
    : '. How much it may have is not told here, so that it must be given more where it is written.';
  return {
    cause: 'memory-limit-too-low',
    confidence: 'likely',
    reason: `${runName(kind, run)} was ended for want of memory, as its system says${limit}${quoted(words)}`,
  };
}

/** It never fails, since it is started again however often it is killed, and at the same size it never completes. */
export const outOfMemoryAgain: JobRule = ({ kind, runs: [newest], pods }) => {
  if (newest?.state !== 'running') return null;
  const killed = pods
    .flatMap(({ containers }) => containers)
    .find(({ restarts, lastExit }) => restarts >= RESTARTS_MIN && lastExit?.reason === 'OOMKilled');
  if (!killed) return null;
  return {
    cause: 'memory-limit-too-low',
    confidence: 'certain',
    reason: `${killed.name} of ${runName(kind, newest)} was OOM-killed and started again ${killed.restarts} times at the same size, and would be on and on.`,
  };
};

/** The newest pod was taken away, and the run has nothing to do with why. */
export const disrupted: JobRule = (evidence) => {
  const [pod] = failedRun(evidence)?.pods ?? [];
  if (!pod?.disruption) return null;
  return {
    cause: 'transient',
    confidence: 'certain',
    reason: `Its last pod ${pod.name} was ended by the cluster: ${pod.disruption}${pod.node === null ? '' : ` on ${pod.node}`}.`,
  };
};

export const credentialExpired: JobRule = (evidence) =>
  said(evidence, CREDENTIAL, 'credential-expired', 'was refused for its credential or its rights');

export const badInput: JobRule = (evidence) => said(evidence, INPUT, 'bad-input', 'stumbled over its input');

/** By what it said last, or by how it ended. */
export const transient =
  (signs: TransientSigns): JobRule =>
  (evidence) => {
    const failed = failedRun(evidence);
    if (!failed) return null;
    const { run, exits, words } = failed;
    if (speaksOfPassing(words, signs))
      return {
        cause: 'transient',
        confidence: 'likely',
        reason: `${runName(evidence.kind, run)} failed by something that passes.${quoted(words)}`,
      };
    const [last] = exits;
    if (!last || !isPassingExit(last.code, signs)) return null;
    return {
      cause: 'transient',
      confidence: 'likely',
      reason: `${last.container.name} of ${runName(evidence.kind, run)} ended with exit ${last.code}, which asks to try again.${quoted(words)}`,
    };
  };

/** It ends the same way at every attempt, and with a fault of its own on its lips. */
export const codeError: JobRule = (evidence) => {
  const failed = failedRun(evidence);
  const codes = new Set(failed?.exits.map(({ code }) => code));
  if (!failed || codes.size > 1 || !TRACEBACK.test(failed.words)) return null;
  const name = runName(evidence.kind, failed.run);
  const how =
    codes.size === 0
      ? `${name} failed by its own program.`
      : `Every attempt of ${name} that is still there ended with exit ${[...codes][0]}.`;
  return { cause: 'code-error', confidence: 'likely', reason: `${how}${quoted(failed.words)}` };
};

function said(evidence: PipelineEvidence, words: RegExp, cause: CauseKind, what: string): ReturnType<JobRule> {
  const failed = failedRun(evidence);
  if (!failed || !words.test(failed.words)) return null;
  return { cause, confidence: 'likely', reason: `${runName(evidence.kind, failed.run)} ${what}.${quoted(failed.words)}` };
}
