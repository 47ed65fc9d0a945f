import { modelFault } from "@mh/core/models/model-fault.ts";

/** What a request to a model's server gives; whatever it throws is a fault. */
export async function asFault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw modelFault(error, "answered what cannot be read");
  }
}
