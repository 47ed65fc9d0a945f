import type { AnyContract } from "@mh/contract/contract.ts";
import * as all from "@mh/contract/index.ts";

const isContract = (value: unknown): value is AnyContract =>
  typeof value === "object" && value !== null && "effects" in value && "examples" in value && "kind" in value;

/** Every contract that comes with mh, by name. */
export const shippedContracts: readonly AnyContract[] = Object.values<unknown>(all)
  .filter(isContract)
  .sort((a, b) => (a.name < b.name ? -1 : 1));
