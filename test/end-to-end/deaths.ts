import type { Stage } from './stage.ts';

/** What dies, and is there again a moment later. */
export const DEATHS = {
  async Paramedic(stage: Stage) {
    await stage.killParamedic();
    await stage.startParamedic();
  },
  async Temporal({ sandbox }: Stage) {
    await sandbox.kill('temporal');
    await sandbox.start('temporal');
  },
  async 'the API server'({ sandbox }: Stage) {
    await sandbox.kill('kube-apiserver');
    await sandbox.start('kube-apiserver');
  },
} as const;

type Death = keyof typeof DEATHS;

/** Each of these deaths at each of the moments. */
export function deathsAt<M extends string>(deaths: readonly Death[], moments: Readonly<Record<M, unknown>>): [Death, M][] {
  return deaths.flatMap((death) => (Object.keys(moments) as M[]).map((moment): [Death, M] => [death, moment]));
}
