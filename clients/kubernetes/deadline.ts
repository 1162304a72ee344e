import { type ConfigurationOptions, Observable, type ObservableMiddleware } from '@kubernetes/client-node';

/** The end of all patience with several calls that began together. */
export interface Deadline {
  readonly signal: AbortSignal;
  /**
   * What the call gives, if it does in time.
   * @throws once it is late, also where the call itself cannot be ended
   */
  orLate<T>(call: Promise<T>): Promise<T>;
  /** Ends every call that is still under way. */
  end(): void;
}

export function openDeadline(answerMsMax: number): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new Error(`there was no answer within ${answerMsMax / 1000} s`)), answerMsMax);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // It may come when nobody waits for it any more.
  late.catch(() => {});
  return {
    signal,
    orLate: (call) => Promise.race([call, late]),
    end() {
      clearTimeout(timer);
      controller.abort(new Error('it is no longer needed'));
    },
  };
}

/** Options of a call to the API server that ends it with the deadline. */
export function abortedBy({ signal }: Pick<Deadline, 'signal'>): ConfigurationOptions<ObservableMiddleware> {
  const now = <T>(value: T) => new Observable(Promise.resolve(value));
  const middleware: ObservableMiddleware = {
    pre(request) {
      request.setSignal(signal);
      return now(request);
    },
    post: now,
  };
  return { middleware: [middleware], middlewareMergeStrategy: 'append' };
}
