import type { Registries } from './model-registry.ts';

const MODELS_MAX = 500;

/**
 * Registries that are asked about a model only now and then: whoever looks every few seconds need not know at once what changed there.
 * Also that one could not be read is remembered, so that one that is away is left alone for so long.
 */
export function remembered(registries: Registries, forMs: number, now: () => number = Date.now): Registries {
  return new Map(
    [...registries].map(([name, registry]) => {
      const answers = new Map<string, { readonly atMs: number; readonly answer: ReturnType<typeof registry.readModel> }>();
      return [
        name,
        {
          ...registry,
          readModel(model) {
            const last = answers.get(model);
            if (last && now() - last.atMs < forMs) return last.answer;
            if (answers.size >= MODELS_MAX) answers.clear();
            const answer = registry.readModel(model);
            answers.set(model, { atMs: now(), answer });
            return answer;
          },
        },
      ];
    }),
  );
}
