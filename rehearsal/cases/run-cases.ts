import { inParallel } from '../../clients/in-parallel.ts';
import type { LoadedRunbooks } from '../../runbooks/load.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import type { Stage } from '../stage.ts';
import type { Timeline } from '../timeline.ts';
import { type Waits, waitsOf } from '../without-waits.ts';
import { judge, type Miss } from './judge.ts';
import { playCase } from './play-case.ts';
import type { Case, CasesFile } from './schema.ts';

const AT_ONCE = 4;

/** A case that can be played. */
export interface ReadyCase {
  readonly file: string;
  readonly runbook: Runbook;
  readonly settings: Pick<CasesFile, 'mode'>;
  readonly one: Case;
}

/** What became of a case. */
export interface CaseResult {
  readonly file: string;
  readonly name: string;
  /** That took the alert; null: none did. */
  readonly runbook: string | null;
  readonly passed: boolean;
  readonly misses: readonly Miss[];
  readonly timeline: Timeline;
  /** What would have been waited for, in seconds; null where no runbook took the alert. */
  readonly waits: Waits | null;
}

/** Plays cases, several at once, and judges what comes of each. */
export function runCases(
  stage: Stage,
  cases: readonly ReadyCase[],
  loaded: Pick<LoadedRunbooks, 'runbooks' | 'limits'>,
  advance: () => void = () => undefined,
): Promise<CaseResult[]> {
  return inParallel(cases, AT_ONCE, async ({ file, runbook: beside, settings, one }) => {
    const played = await playCase(stage, one, settings, beside, loaded);
    const misses = judge(one.expect, played);
    advance();
    const { runbook, timeline } = played;
    return {
      file,
      name: one.name,
      runbook: runbook?.name ?? null,
      passed: misses.length === 0,
      misses,
      timeline,
      waits: runbook && waitsOf(runbook),
    };
  });
}
