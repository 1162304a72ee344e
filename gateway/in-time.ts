/** Past this, Temporal or Kubernetes is taken to be away. */
const WITHIN_MS = 15_000;

/** @throws when the call has no answer by then */
export async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${WITHIN_MS / 1000} s.`)), WITHIN_MS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
