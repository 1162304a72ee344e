/** Raised when the world moved between the look and the act: the plan must be made again. */
export class TargetChanged extends Error {}

/** Raised when the target does not exist (any more). */
export class TargetGone extends Error {}

/** What the call gives, or null where what it is about does not exist. */
export async function unlessGone<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof TargetGone) return null;
    throw error;
  }
}

/** Raised when an outside system refuses for good: wrong credentials, no permission, an exceeded quota, a policy, what it does not know. */
export class Refused extends Error {}

/** Raised when an outside system asks to be left alone for a while; the same call may do later. */
export class TryLater extends Error {
  /** Milliseconds, as the system wants it; null where it did not say. */
  readonly afterMs: number | null;

  constructor(message: string, afterMs: number | null) {
    super(message);
    this.afterMs = afterMs;
  }
}
