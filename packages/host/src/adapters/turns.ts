/**
 * Gives one caller after the other a turn of the event loop of their own, in the order they asked: whatever came in from
 * outside is looked at in between.
 */
export function oneTurnEach(): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return last;
  };
}
