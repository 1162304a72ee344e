/** The workflow bundle's entry: one workflow type per failure type, and the lock they share. */
export { modelServingFailure } from './model-serving-failure.ts';
export * from './not-yet-healed.ts';
export { outOfMemory } from './out-of-memory.ts';
export { podCrash } from './pod-crash.ts';
export { targetLock } from './target-lock.ts';
