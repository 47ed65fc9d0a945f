import { type Mark, originOf, worstFirst } from "@mh/contract/values/origin.ts";

/** The one that says most about how far words may be trusted. */
export const worstOrigin = (origins: readonly string[]): { mark: Mark; from: string } | undefined =>
  origins.map(originOf).sort((a, b) => worstFirst.indexOf(a.mark) - worstFirst.indexOf(b.mark))[0];

/** Who acts, as people call them. */
export const nameOf = (principal: string, you: string): string =>
  principal === "owner" ? you : principal.replace(/^(agent|skill|client|mcp):/, "").replace(/^owner\//, `${you}, `);
