import { z } from "zod";
import { isPrincipal } from "./principal.ts";

export const principalSchema = z
  .string()
  .refine(
    isPrincipal,
    "a principal is `owner`, `owner/<device>`, `file`, or `agent:`, `skill:`, `mcp:`, `client:`, `module:` or `peer:` and a name",
  );
