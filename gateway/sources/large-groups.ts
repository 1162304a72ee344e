import { Worker } from 'node:worker_threads';
import type { Alert } from '../../incident/alert.ts';
import { readAlertGroup } from './alert-group.ts';
import type { GroupAnswer, GroupQuestion } from './group-thread.ts';
import type { Reading } from './source.ts';

/** What is smaller is read before another thread would have been asked. */
const SMALL_BYTES = 64 * 2 ** 10;
/** Enough for twice the largest group that is known of. A body that needs more is refused, and nothing else suffers from it. */
const MEMORY_MIB_MAX = 128;

/** Reads a group of alerts, however large, without holding up what else the process does. */
export type ReadGroup = (body: Buffer, what: string) => Promise<Reading>;

/**
 * A reader of groups: the large ones are read by a thread of its own, one after the other, and come over in portions, since what comes
 * over is copied at once. The thread begins with the first large body, and does not keep the process from ending.
 */
export function openGroupReader(memoryMibMax: number = MEMORY_MIB_MAX): ReadGroup {
  let thread: Worker | null = null;
  let before: Promise<unknown> = Promise.resolve();
  return async (body, what) => {
    if (body.length < SMALL_BYTES) return readAlertGroup(body, what);
    const reading = before.then(() => readOffThread(body, what));
    before = reading;
    return reading;
  };

  async function readOffThread(body: Buffer, what: string): Promise<Reading> {
    thread ??= openThread();
    try {
      const head = await ask(thread, { kind: 'read', body, what });
      if (head.kind !== 'head') return head.kind === 'reading' ? head.reading : unreadable(memoryMibMax);
      const alerts: Alert[] = [];
      while (alerts.length < head.count) {
        const portion = await ask(thread, { kind: 'next' });
        if (portion.kind !== 'portion' || portion.alerts.length === 0) return unreadable(memoryMibMax);
        alerts.push(...portion.alerts);
      }
      return { ...head.group, alerts };
    } catch {
      return unreadable(memoryMibMax);
    }
  }

  function openThread(): Worker {
    const opened = new Worker(new URL('./group-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMibMax },
      // The flags of whoever runs the process, such as those of a test runner, are not for this thread.
      execArgv: [],
    });
    opened.unref();
    opened.once('exit', () => {
      if (thread === opened) thread = null;
    });
    return opened;
  }
}

function unreadable(memoryMib: number): Reading {
  return { kind: 'fault', fault: `The body cannot be read within ${memoryMib} MiB of memory.` };
}

function ask(thread: Worker, question: GroupQuestion): Promise<GroupAnswer> {
  return new Promise((resolve, reject) => {
    const done = () => {
      thread.off('message', answered);
      thread.off('error', failed);
      thread.off('exit', ended);
      thread.unref();
    };
    const answered = (answer: GroupAnswer) => {
      done();
      resolve(answer);
    };
    const failed = (error: unknown) => {
      done();
      reject(error);
    };
    const ended = () => failed(new Error('The thread that reads large bodies ended.'));
    thread.on('message', answered).on('error', failed).on('exit', ended);
    thread.ref();
    thread.postMessage(question);
  });
}
