import { activityInfo, heartbeat, sleep } from '@temporalio/activity';
import type { Cluster } from '../clients/cluster.ts';
import { Refused } from '../clients/failures.ts';
import { askRegistry } from '../clients/registries/choose-registry.ts';
import type { Registries } from '../clients/registries/model-registry.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { healthOf } from '../diagnosis/health.ts';
import { briefingOf } from '../diagnosis/quality/briefing.ts';
import { diagnoseQuality } from '../diagnosis/quality/diagnose-quality.ts';
import { readFindings } from '../diagnosis/quality/read-findings.ts';
import { suspectsOf } from '../diagnosis/suspects.ts';
import type { Alert } from '../incident/alert.ts';
import type { BesideChange } from '../incident/change.ts';
import { QUIET_CONTEXT } from '../incident/context.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import { type Evidence, type RegistryEvidence, readyPods, servedModel } from '../incident/evidence.ts';
import { versionAt } from '../incident/model.ts';
import type { Offer } from '../incident/option.ts';
import type { QualityEvidence, QualityFinding } from '../incident/quality.ts';
import type { Target } from '../incident/target.ts';
import type { Verdict } from '../incident/verdict.ts';
import { type OptionPlanned, qualityOptions } from '../remedies/quality-options.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { asActivityFailure, messageOf } from './failures.ts';
import type { Examination } from './healing.ts';

const LOOK_EVERY_MS = 1_000;

/** What is known of a complaint about data or predictions, and what could be decided. */
export interface QualityExamination {
  /** The server itself, as any target is looked at: it may be well. */
  readonly seen: Examination;
  readonly diagnosis: Diagnosis;
  /** What a person has to know to decide, a sentence each. */
  readonly briefing: readonly string[];
  /** Possible now; each was tried as a dry run. */
  readonly offers: readonly Offer[];
  /** Why the others are not possible, a sentence each. */
  readonly withheld: readonly string[];
}

/** A change beside the target that is to be seen in place. */
export interface BesideVerification {
  readonly target: Target;
  readonly change: BesideChange;
  readonly key: string;
  readonly limits: Runbook['verify'];
}

export function qualityActivities(cluster: Cluster, registries: Registries) {
  /** Of a server whose own evidence names no model, the alerts may. */
  async function modelOf(evidence: Evidence, findings: readonly QualityFinding[]): Promise<RegistryEvidence> {
    const served = servedModel(evidence);
    const named = served?.registry.kind === 'read' ? null : (findings.find(({ model }) => model !== null)?.model ?? null);
    if (served && (named === null || served.registry.kind === 'read')) return served.registry;
    return named === null
      ? { kind: 'absent', reason: 'No alert has a label "model" that names the registered model.' }
      : askRegistry(registries, null, named);
  }

  async function tryOut(target: Target, evidence: Evidence, option: OptionPlanned): Promise<Offer | string> {
    if (option.kind === 'impossible') return `${option.name} is not possible: ${option.reason}`;
    const { name, remedy, change, why, does } = option;
    const { uid, generation } = evidence;
    try {
      await cluster.apply(target, change, { uid, generation }, { key: 'dry-run', dryRun: true });
    } catch (error) {
      if (error instanceof Refused) return `${name} is not possible: ${messageOf(error)}`;
      throw error;
    }
    const displacedBefore = (await cluster.displacedPods()).map(({ pod }) => pod);
    return { name, does, plan: { remedy, change, uid, generation, readyBefore: readyPods(evidence), displacedBefore, why } };
  }

  return {
    /** Looks at what alerts complain about, at the server and what stands around it, and at what could be done. */
    weighQuality(target: Target, alerts: readonly Alert[], limits: Pick<Runbook, 'model' | 'retrain'>): Promise<QualityExamination> {
      return asActivityFailure(async () => {
        const { findings, unread } = readFindings(alerts);
        const query = alerts.find(({ series }) => series)?.series?.query ?? null;
        const [evidence, context] = await Promise.all([
          cluster.observe(target),
          cluster.readQuality(target, { cronJob: limits.retrain?.cronJob ?? null, query }),
        ]);
        const model = await modelOf(evidence, findings);
        const quality: QualityEvidence = { ...context, findings, unread, registry: model, serving: servingVersion(evidence) };
        const isWell = healthOf(evidence).kind === 'recovered';
        const around = isWell ? QUIET_CONTEXT : await cluster.readContext(target, evidence);
        const tried: (Offer | string)[] = [];
        for (const option of qualityOptions({ target, evidence, quality, isWell }, limits))
          tried.push(await tryOut(target, evidence, option));
        return {
          seen: { diagnosis: diagnose(evidence, around), evidence, context: around, suspects: suspectsOf(evidence) },
          diagnosis: diagnoseQuality(quality),
          briefing: briefingOf(quality),
          offers: tried.filter((one) => typeof one !== 'string'),
          withheld: tried.filter((one) => typeof one === 'string'),
        };
      });
    },

    /** Looks until a change beside the target is seen in place, or until patience ends. */
    async awaitBeside({ target, change, key, limits }: BesideVerification): Promise<Verdict> {
      const deadline = activityInfo().scheduledTimestampMs + limits.timeoutSeconds * 1000;
      for (;;) {
        const verdict = await cluster
          .seeBeside(target, change, key)
          .catch((error): Verdict => ({ kind: 'unknown', reason: messageOf(error) }));
        if (verdict.kind === 'recovered' || Date.now() >= deadline) return verdict;
        heartbeat();
        await sleep(LOOK_EVERY_MS);
      }
    },
  };
}

/** What serves is read from the server, never from an alias. */
function servingVersion(evidence: Evidence): string | null {
  const served = servedModel(evidence);
  if (served === null || served.registry.kind !== 'read') return null;
  const [address, ...others] = served.serving;
  return address === undefined || others.length > 0
    ? null
    : (versionAt(served.registry.model, address, served.addressing)?.version ?? null);
}
