import type { TestHost } from "@mh/testing";

/** Closes a home whose disk fails or whose process is gone: nobody hears what it complains of. */
export const closeQuietly = (home: TestHost): Promise<void> =>
  withoutWarnings(() => home.close().catch(() => undefined));

/** What the disk did is no news here; a mistake of ours is. */
export async function withoutWarnings(work: () => Promise<void>): Promise<void> {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error) => {
    if (/went wrong inside/.test(`${warning}`)) emitWarning.call(process, warning);
  };
  try {
    await work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
