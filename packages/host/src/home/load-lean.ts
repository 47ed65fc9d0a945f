import * as v8 from "node:v8";

/**
 * Loads modules for a command that opens the home itself. Most end within a fifth of a second: what V8 compiles again to
 * run faster, and the threads it wakes to collect a few megabytes, cost more than they save. What runs longer, an import or
 * an agent, has all that from the first second on.
 */
export async function loadBriefly<T>(load: () => Promise<T>): Promise<T> {
  const spared = ["opt", "maglev", "sparkplug", "parallel-scavenge", "incremental-marking"];
  for (const each of spared) v8.setFlagsFromString(`--no-${each}`);
  setTimeout(() => {
    for (const each of spared) v8.setFlagsFromString(`--${each}`);
  }, briefMs).unref();
  return await loadLean(load);
}

const briefMs = 1_000;

/**
 * Loads modules so that little of the loading stays behind: an idle daemon takes 40 MB less, and a command that opens the
 * home itself a quarter less time.
 */
export async function loadLean<T>(load: () => Promise<T>): Promise<T> {
  // Reading the rules once makes much of Cedar look worth compiling again, better. It is not for one command, and the
  // memory that takes is never given back. What judges often enough still gets there.
  v8.setFlagsFromString("--wasm-tiering-budget=1000000000");
  // A function of Cedar's is checked when it is first called; of most of them none ever is.
  v8.setFlagsFromString("--wasm-lazy-validation");
  // Most of what loading makes is soon gone, but the room that is made for it would stay.
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  const loaded = await load();
  v8.setFlagsFromString("--semi-space-growth-factor=2");
  return loaded;
}
