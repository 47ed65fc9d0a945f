import { randomFrom } from "@mh/testing";

/** The vector of a memory by its number, always the same. */
export function vectorOf(n: number, dimension = 384): Float32Array {
  const random = randomFrom(n + 1);
  return Float32Array.from({ length: dimension }, () => random() - 0.5);
}
