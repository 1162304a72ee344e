import type { PartName } from './parts/part.ts';
import type { RunningPart } from './running-part.ts';

type Parts = ReadonlyMap<PartName, RunningPart>;

/**
 * Starts each part as soon as those it comes after are ready.
 * @throws the first failure, at once; others may still be starting then. None is started once it was told to stop.
 */
export async function startAll(parts: Parts, progress: (line: string) => void, stop: AbortSignal): Promise<void> {
  const began = Date.now();
  await eachOnce(parts, before, async (running) => {
    stop.throwIfAborted();
    await running.start();
    progress(`${running.part.name}: ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  });
}

/** Ends each part as soon as those that come after it are gone. */
export async function endAll(parts: Parts): Promise<void> {
  await eachOnce(parts, following, (running) => running.end('SIGTERM'));
}

/** Does something to every part, to each one when it is done to those it waits for. */
async function eachOnce(parts: Parts, waitsFor: typeof before, act: (running: RunningPart) => Promise<void>): Promise<void> {
  const acts = new Map<PartName, Promise<void>>();
  const actOn = (name: PartName): Promise<void> => {
    const known = acts.get(name);
    if (known) return known;
    const acting = Promise.all(waitsFor(parts, name).map(actOn)).then(() => act(parts.get(name)!));
    acts.set(name, acting);
    return acting;
  };
  await Promise.all([...parts.keys()].map(actOn));
}

function before(parts: Parts, name: PartName): PartName[] {
  return parts.get(name)!.part.after.filter((other) => parts.has(other));
}

function following(parts: Parts, name: PartName): PartName[] {
  return [...parts.keys()].filter((other) => parts.get(other)!.part.after.includes(name));
}
