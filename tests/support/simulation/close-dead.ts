import type { TestHost } from "@mh/testing";

/** What a process that is gone does no more, and complains of to nobody. */
export async function closeDead(home: TestHost): Promise<void> {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    await home.close().catch(() => undefined);
  } finally {
    process.emitWarning = emitWarning;
  }
}
