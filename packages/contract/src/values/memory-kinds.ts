/** What was lived and told; what assistants and agents wrote; facts; how things are done; what the owner likes. */
export const memoryKinds = ["episodic", "artifact", "semantic", "procedural", "preference"] as const;
export type MemoryKind = (typeof memoryKinds)[number];
