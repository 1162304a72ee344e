import { describe, expect, it } from '@jest/globals';
import { generationOf } from '../../clients/kubernetes/generation.ts';

const KIND = { group: 'argoproj.io', version: 'v1alpha1', plural: 'things' };
const object = (generation: number, spec: object, status: Record<string, unknown> = {}) => ({
  metadata: { uid: 'u1', generation },
  spec: { ...spec },
  status,
});

describe('the generation of an object', () => {
  it('is what the API server counts', () => {
    expect(generationOf(KIND, object(7, {}))).toBe(7);
  });

  it('is read off the spec of a kind whose status the API server counts, too', () => {
    const kind = { ...KIND, countsStatus: true } as const;
    const one = generationOf(kind, object(7, { suspend: false }));
    expect(generationOf(kind, object(8, { suspend: false }, { active: [] }))).toBe(one);
    expect(generationOf(kind, object(8, { suspend: true }))).not.toBe(one);
    expect(Number.isSafeInteger(one)).toBe(true);
  });
});
