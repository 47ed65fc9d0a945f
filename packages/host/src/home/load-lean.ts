import * as v8 from "node:v8";

/**
 * For a process that stays, before it loads anything: most of what loading, an import or a browsed list makes is soon gone, but
 * V8 keeps the room that it made for it, 16 MB of loading alone. So it makes none, for as long as the process lives.
 */
export function makeNoRoom(): void {
  v8.setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * Loads modules of a process that stays, as a daemon: it looks for what is gone when there is a fifth more, not twice
 * as much, and gives the system back what that leaves, which else is kept: 45 MB of a daemon under load. Code that is
 * translated as it stands, between interpreting and optimizing it, keeps what it was made from for ever: 30 MB, and not faster.
 */
export async function loadLean<T>(load: () => Promise<T>): Promise<T> {
  spareCedar();
  makeNoRoom();
  v8.setFlagsFromString("--heap-growing-percent=20");
  v8.setFlagsFromString("--memory-saver-mode");
  v8.setFlagsFromString("--no-sparkplug");
  return await load();
}

/**
 * Loads modules for a command of minutes, as an import: to collect what it makes while there is room for it takes a third of its
 * time. Once it holds much, it spares memory as a daemon does.
 */
export async function loadLong<T>(load: () => Promise<T>): Promise<T> {
  spareCedar();
  v8.setFlagsFromString("--memory-saver-mode");
  const look = () => {
    const isRoomy = process.memoryUsage.rss() < roomyBytes;
    v8.setFlagsFromString(`--heap-growing-percent=${isRoomy ? 100 : 20}`);
  };
  look();
  setInterval(look, 100).unref();
  return await load();
}

const roomyBytes = 200 * 2 ** 20;

/**
 * Loads modules for a command that opens the home itself, which most often ends within a fifth of a second. Until then,
 * what V8 compiles again to run faster, the threads that it wakes to collect a few megabytes, and to copy what lives in
 * small steps cost more than they save. What runs longer, as an agent, has all that from the first second on.
 */
export async function loadBriefly<T>(load: () => Promise<T>): Promise<T> {
  spareCedar();
  for (const each of spared) v8.setFlagsFromString(`--no-${each}`);
  v8.setFlagsFromString("--semi-space-growth-factor=16");
  setTimeout(() => {
    for (const each of spared) v8.setFlagsFromString(`--${each}`);
    v8.setFlagsFromString("--semi-space-growth-factor=2");
  }, briefMs).unref();
  return await load();
}

const spared = ["opt", "maglev", "sparkplug", "parallel-scavenge", "incremental-marking"];
const briefMs = 1_000;

function spareCedar(): void {
  // Reading the rules once makes much of Cedar look worth compiling again, better. It is not for one command, and the
  // memory that takes is never given back. What judges often enough still gets there.
  v8.setFlagsFromString("--wasm-tiering-budget=1000000000");
  // Of its functions few are ever called: each is checked when it is.
  v8.setFlagsFromString("--wasm-lazy-validation");
}
