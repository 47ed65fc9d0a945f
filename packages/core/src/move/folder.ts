import type { Tree } from "../extensions/package-tree.ts";

/** A folder of another program. Nothing in it is followed that leads elsewhere. */
export interface MovedFolder {
  /** Absolute. */
  path: string;
  /** Files that lie at a place of a layout, sorted, relative to the folder. */
  files(place: string): string[];
  /** Files and folders that lie there. */
  both(place: string): string[];
  /** What lies right in the folder. */
  entries(): string[];
  /** A text of it. Throws `import.unreadable`. */
  text(place: string): string;
  /** A package by its folder. Throws `skill.refused`. */
  package(place: string): Tree;
  /** Whether a folder lies there, and no link leads to it. */
  isFolder(place: string): boolean;
  /** What was met on the way to a place and not looked into, sorted, each with the reason. */
  passedOver(): { place: string; why: string }[];
}

/** Opens one, unless it is closed to all. Throws `import.unreadable`. */
export type OpenMovedFolder = (path: string, beside: { folder: string; file: string } | undefined) => MovedFolder;
