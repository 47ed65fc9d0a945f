/** Folders whose memories are one Markdown file each. */
export const documentFolders = ["memory/tasks", "memory/procedural", "memory/preferences"] as const;

/** Where memories lie as lines. */
export const lineFolders = ["memory/episodic", "memory/semantic"] as const;
