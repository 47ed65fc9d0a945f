/** One line of the kernel, broken, and the test that must notice. */
export interface Sabotage {
  name: string;
  file: string;
  /** Stands in the file exactly once. */
  find: string;
  replace: string;
  test: { file: string; name: string };
}

export const core = (name: string): string => `packages/core/src/${name}`;
export const host = (name: string): string => `packages/host/src/${name}`;
export const contract = (name: string): string => `packages/contract/src/${name}`;
export const site = (name: string): string => `apps/site/src/${name}`;
export const system = (file: string, name: string) => ({ file: `tests/system/${file}.test.ts`, name });
export const policy = (file: string, name: string) => ({ file: core(`policy/${file}.test.ts`), name });

/** Two areas break what this test of tests/system/rule-offers.test.ts keeps. */
export const threeApprovals =
  "K16 after three equal approvals a rule is offered with the answer, once; it is narrow, and not adopted by itself";
