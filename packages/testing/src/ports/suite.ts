/**
 * What a port promises: each promise in a sentence, with how it is tried on an adapter that nothing was done with yet. It
 * throws where the promise is not kept, so that any test runner can run it.
 */
export type Suite<Port> = Readonly<Record<string, (port: Port) => void | Promise<void>>>;
