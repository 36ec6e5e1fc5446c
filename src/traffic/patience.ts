/**
 * Waits so long for packets. When the time is over, what the kernel has already reported is read first: in a process that was
 * busy or not let run, the timer would otherwise be quicker than news that were there long before.
 * @returns stops waiting
 */
export function whenTimeIsOver(milliseconds: number, action: () => void): () => void {
  let immediate: NodeJS.Immediate | null = null;
  const timer = setTimeout(() => {
    // Node polls for what arrived between its timers and its immediates.
    immediate = setImmediate(action);
  }, milliseconds);
  return () => {
    clearTimeout(timer);
    if (immediate !== null) clearImmediate(immediate);
  };
}
