import type { TestHost } from "@mh/testing";

/** Closes a home whose disk fails or whose process is gone: nobody hears what it complains of. */
export async function closeQuietly(home: TestHost): Promise<void> {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    await home.close().catch(() => undefined);
  } finally {
    process.emitWarning = emitWarning;
  }
}
