/**
 * Waits for all, also when one fails: whoever takes a failed change back has to know what became of each.
 * @throws what the first of those that failed threw
 */
export async function settleAll(tasks: readonly Promise<unknown>[]): Promise<void> {
  const done = await Promise.allSettled(tasks);
  const failed = done.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
