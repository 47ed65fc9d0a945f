import { z } from "zod";

/** A line of a difference: the same in both, gone, or new. */
export const diffLineSchema = z.strictObject({ sign: z.enum([" ", "-", "+"]), text: z.string() });
export type DiffLine = z.infer<typeof diffLineSchema>;
