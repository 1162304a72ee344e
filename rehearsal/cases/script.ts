import type { Act } from '../../activities/healing.ts';
import type { RemedyName } from '../../incident/remedy.ts';
import type { Target } from '../../incident/target.ts';
import type { Scene, Script } from '../scripted-cluster.ts';
import type { Cue } from '../worlds.ts';
import { HEALTHY, sceneOf } from './states/scene-of.ts';
import type { State } from './states/schema.ts';

/** A target that goes from state to state by what is done to it. */
export interface CaseScript extends Script {
  readonly cue: Cue;
  readonly isAlertOver: () => boolean;
}

/** Begins in the first of the states. */
export function openScript(target: Target, states: Readonly<Record<string, State>>): CaseScript {
  const [first = 'healthy'] = Object.keys(states);
  const nowMs = Date.now();
  const scenes = new Map<string, Scene>();
  /** The state before each act, by its key. */
  const before = new Map<string, string>();
  let at = first;
  let remedy: RemedyName | null = null;
  const state = (): State => states[at] ?? HEALTHY;
  return {
    now() {
      const scene = scenes.get(at) ?? sceneOf(target, state(), nowMs);
      scenes.set(at, scene);
      return scene;
    },
    onward(_change, key) {
      const undone = /^(.*)\/undo$/.exec(key)?.[1];
      if (undone !== undefined) at = before.get(undone) ?? at;
      else {
        before.set(key, at);
        at = afterOf(state(), remedy) ?? at;
      }
    },
    cue(activity, args, next) {
      if (activity === 'applyPlan') remedy = (args[0] as Act).plan.remedy;
      return next();
    },
    isAlertOver: () => state().alertOver,
  };
}

function afterOf({ after }: State, remedy: RemedyName | null): string | undefined {
  return Object.entries(after).find(([name]) => name === remedy)?.[1];
}
