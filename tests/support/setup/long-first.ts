import { BaseSequencer, type TestSpecification } from "vitest/node";
// By its path: vitest loads its configuration before it knows how our packages are found.
import { randomFrom } from "../../../packages/testing/src/random.ts";

/**
 * The files of a folder `long` first, so that no lane ends with one worker on a long file and the others idle; all others
 * in an order that the seed alone decides.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const random = randomFrom(this.ctx.config.sequence.seed);
    const byName = [...files].sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
    const ranked = byName.map((file) => ({ file, rank: (isLong(file) ? 0 : 1) + random() }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ file }) => file);
  }
}

const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.includes("/long/");
