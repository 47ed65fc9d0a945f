/**
 * Makes a value at its first use, and keeps it. Schemas and shapes of a module are made so: a schema costs as much to make as
 * to read with, every process loads the modules of hundreds, and most commands use few of them.
 */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
