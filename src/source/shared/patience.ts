/** A replica that waits for a repository says so within this time: who is silent for longer is away. */
const PATIENCE_MS = 1500;

/** What the promise gives, or undefined after a moment. */
export async function withinPatience<T>(promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
