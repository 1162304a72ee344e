/** The workflow bundle's entry: one workflow type per failure type. */
export * from './hand-over.ts';
export { outOfMemory } from './out-of-memory.ts';
export { podCrash } from './pod-crash.ts';
