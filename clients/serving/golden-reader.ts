import { servedModel } from '../../incident/evidence.ts';
import { redact } from '../../incident/redact.ts';
import { targetText } from '../../incident/target.ts';
import type { Cluster } from '../cluster.ts';
import type { GoldenAsker } from './ask-pods.ts';

const REASON_CHARACTERS_MAX = 300;

/** Asks by the request that is written on a server, or else by the one given. It never fails: what cannot be asked is told as such. */
export function goldenReader(ask: GoldenAsker): Cluster['askGolden'] {
  return async (target, evidence, given) => {
    const written = servedModel(evidence)?.golden ?? { kind: 'read', value: null };
    if (written.kind === 'unreadable') return written;
    const golden = written.value ?? given;
    if (golden === null) return { kind: 'read', value: null };
    try {
      return { kind: 'read', value: await ask(target, evidence, golden) };
    } catch (error) {
      const reason = redact((error as Error).message, REASON_CHARACTERS_MAX);
      return { kind: 'unreadable', what: `the answer of ${targetText(target)} to its golden request`, reason };
    }
  };
}
