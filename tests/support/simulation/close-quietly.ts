import type { TestHost } from "@mh/testing";

/** Closes a home whose disk fails or whose process is gone: nobody hears what it complains of. */
export async function closeQuietly(home: TestHost): Promise<void> {
  await withoutWarnings(() => home.close().catch(() => undefined));
}

/** What the disk did is no news here; a mistake of ours is. Gives what nobody heard. */
export async function withoutWarnings(work: () => Promise<void>): Promise<string[]> {
  const { emitWarning } = process;
  const unheard: string[] = [];
  process.emitWarning = (warning: string | Error) => {
    unheard.push(`${warning}`);
    if (/went wrong inside/.test(`${warning}`)) emitWarning.call(process, warning);
  };
  try {
    await work();
    return unheard;
  } finally {
    process.emitWarning = emitWarning;
  }
}
