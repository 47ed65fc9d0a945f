import { Fault } from "@mh/contract/values/fault.ts";

/** What goes wrong with a model's server, as `model.failed`; what the port for HTTP says of it stays as it is. */
export async function asFault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const message = `The model's server answered what cannot be read: ${why.slice(0, 300)}.`;
    throw new Fault("model.failed", message, { cause: error });
  }
}
