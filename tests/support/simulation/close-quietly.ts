import type { TestHost } from "@mh/testing";

/** Closes a home whose disk fails or whose process is gone: nobody hears what it complains of. */
export const closeQuietly = (home: TestHost): Promise<void> =>
  withoutWarnings(() => home.close().catch(() => undefined));

export async function withoutWarnings(work: () => Promise<void>): Promise<void> {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    await work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
