import { targetText } from '../incident/target.ts';
import type { Breakage } from './breakage.ts';
import type { Followed } from './follow.ts';

/** One incident of the demo, as `--json` prints it. */
export interface DemoIncident {
  readonly failureType: string;
  /** `namespace/Kind/name` */
  readonly target: string;
  readonly cause: string | null;
  readonly actions: readonly {
    readonly remedy: string;
    readonly before: string;
    readonly after: string;
    readonly verdict: string | null;
  }[];
  readonly outcome: string;
  /** From the breakage to the incident's start. */
  readonly detectedAfterMs: number;
  /** From the breakage to the verdict that the target has recovered; null when it has not. */
  readonly healedAfterMs: number | null;
  /** Its page in Temporal's Web UI. */
  readonly url: string;
  /** It recovered by the one remedy that cures it, applied once and kept. */
  readonly asExpected: boolean;
}

export function demoIncident(
  { failureType, remedy, target }: Breakage,
  brokenAt: Date,
  { workflowId, runId, startedAt, outcome }: Followed,
  uiUrl: string,
): DemoIncident {
  const cure = outcome.actions.find(({ verdict }) => verdict?.kind === 'recovered');
  const onlyThat = outcome.actions.length > 0 && outcome.actions.every((action) => action.remedy === remedy && !action.undone);
  return {
    failureType,
    target: targetText(target),
    cause: outcome.diagnosis?.cause ?? null,
    actions: outcome.actions.map((action) => ({
      remedy: action.remedy,
      before: action.before,
      after: action.after,
      verdict: action.verdict?.kind ?? null,
    })),
    outcome: outcome.kind,
    detectedAfterMs: startedAt.getTime() - brokenAt.getTime(),
    healedAfterMs: cure?.verifiedAt ? Date.parse(cure.verifiedAt) - brokenAt.getTime() : null,
    url: `${uiUrl}/namespaces/default/workflows/${encodeURIComponent(workflowId)}/${runId}/history`,
    asExpected: outcome.kind === 'recovered' && onlyThat,
  };
}

/** The summary people read. */
export function summaryText(incidents: readonly DemoIncident[]): string {
  return incidents
    .map(({ target, cause, actions, outcome, detectedAfterMs, healedAfterMs, url, asExpected }) =>
      [
        `${asExpected ? '✓' : '✗'} ${target}: ${outcome}`,
        `    cause     ${cause ?? 'not known'}`,
        ...actions.map(
          ({ remedy, before, after, verdict }) => `    remedy    ${remedy}: ${before} → ${after} (${verdict ?? 'not verified'})`,
        ),
        `    noticed   ${seconds(detectedAfterMs)} after the breakage, healed ${healedAfterMs === null ? 'not at all' : `${seconds(healedAfterMs)} after it`}`,
        `    history   ${url}`,
      ].join('\n'),
    )
    .join('\n');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
