import type { CauseKind } from '../../incident/cause.ts';
import type { PipelineEvidence } from '../../incident/pipeline.ts';
import type { TransientSigns } from '../../incident/transient-signs.ts';
import { failedRun, quoted } from '../failed-run.ts';
import type { Rule } from '../rule.ts';
import { isPassingExit, speaksOfPassing } from '../transient.ts';

type JobRule = Rule<PipelineEvidence>;

const CREDENTIAL =
  /\b(http|status|code|error|response)\b[^\n\d]{0,20}\b(401|403)\b|\bunauthori[sz]ed\b|\bforbidden\b|access ?denied|permission denied|not authori[sz]ed|(token|credential|certificate|password|key|session|login)s?\b[^\n]{0,40}\b(expired|revoked|invalid)|\b(expired|revoked|invalid)\b[^\n]{0,40}\b(token|credential|certificate|password|api key|session)|authentication (failed|required)/i;

const INPUT =
  /\bschema\b[^\n]{0,60}\b(mismatch|error|invalid|changed|violat\w+|validat\w+|differs?|expected)|SchemaError|ValidationError|validation (error|failed)|failed validation|FileNotFoundError|no such file or directory|NoSuchKey|\b(file|object|key|path|table|column|partition)\b[^\n]{0,60}\b(not found|does not exist|is missing)|missing (column|file|field|partition)|ParserError|malformed (input|row|record|json|csv)/i;

/** How a program that has a fault of its own ends. */
const TRACEBACK =
  /Traceback \(most recent call last\)|^\s*at [\w$.<>]+\s?\(.+:\d+(:\d+)?\)|^panic: |\b[A-Z]\w*(Error|Exception)\b\s*(:|$)|segmentation fault/im;

/** The cluster says so itself, so it comes before whatever the program may have said while it was killed. */
export const jobOutOfMemory: JobRule = (evidence) => {
  const killed = failedRun(evidence)?.exits.find(({ reason }) => reason === 'OOMKilled')?.container;
  if (!killed) return null;
  const { name, memoryLimitMi } = killed;
  if (memoryLimitMi === null)
    return {
      cause: 'node-memory-short',
      confidence: 'certain',
      reason: `${name} was OOM-killed without a limit of its own: its node is short of memory.`,
    };
  return { cause: 'memory-limit-too-low', confidence: 'certain', reason: `${name} was OOM-killed at its limit of ${memoryLimitMi} Mi.` };
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
      return { cause: 'transient', confidence: 'likely', reason: `Job ${run.name} failed by something that passes.${quoted(words)}` };
    const [last] = exits;
    if (!last || !isPassingExit(last.code, signs)) return null;
    return {
      cause: 'transient',
      confidence: 'likely',
      reason: `${last.container.name} of Job ${run.name} ended with exit ${last.code}, which asks to try again.${quoted(words)}`,
    };
  };

/** It ends the same way at every attempt, and with a fault of its own on its lips. */
export const codeError: JobRule = (evidence) => {
  const failed = failedRun(evidence);
  const codes = new Set(failed?.exits.map(({ code }) => code));
  if (!failed || codes.size !== 1 || !TRACEBACK.test(failed.words)) return null;
  return {
    cause: 'code-error',
    confidence: 'likely',
    reason: `Every attempt of Job ${failed.run.name} that is still there ended with exit ${[...codes][0]}.${quoted(failed.words)}`,
  };
};

function said(evidence: PipelineEvidence, words: RegExp, cause: CauseKind, what: string): ReturnType<JobRule> {
  const failed = failedRun(evidence);
  if (!failed || !words.test(failed.words)) return null;
  return { cause, confidence: 'likely', reason: `Job ${failed.run.name} ${what}.${quoted(failed.words)}` };
}
