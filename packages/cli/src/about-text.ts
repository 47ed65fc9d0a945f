import { visible } from "@mh/contract/visible/visible.ts";

/** The beginning of what a command wrote, in one line that is safe to print. */
export const aboutText = (about: string): string => visible(about.replaceAll(/\s*\n\s*/g, " ⏎ ").slice(0, 120));
