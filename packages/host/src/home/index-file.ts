import * as path from "node:path";

export const indexFile = (root: string): string => path.join(root, "memory", "index", "index.db");
