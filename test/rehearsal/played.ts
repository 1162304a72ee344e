import { openStage, type Stage as Played } from '../../rehearsal/stage.ts';
import { type Stage, setTheStage } from '../workflows/incident-run.ts';

/** A stage on which incidents run, and one on the same Temporal on which they are played. */
export interface PlayStage {
  readonly stage: Stage;
  readonly played: Played;
  leave(): Promise<void>;
}

export async function openPlayStage(): Promise<PlayStage> {
  const stage = await setTheStage();
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = stage.settings;
  const played = await openStage(TEMPORAL_ADDRESS, stage.workflowBundle, TEMPORAL_NAMESPACE);
  return {
    stage,
    played,
    async leave() {
      await played.leave();
      await stage.leave();
    },
  };
}
