/** What speaks for a memory as the answer, each from 0 to 1. The names stand in the file of weights. */
export const featureNames = [
  ...["found", "foundFirst", "cover", "coverPassage", "rarest", "named", "value", "valueHere", "states", "inTime"],
  ...[
    "onlyTime",
    "latest",
    "earliest",
    "lastOf",
    "firstOf",
    "newest",
    "current",
    "onDays",
    "timely",
    "together",
    "extreme",
    "ahead",
    "contact",
    "event",
    "defines",
    "prefers",
    "lives",
    "toDo",
  ],
  ...["topic", "surroundings", "own", "brief", "noted", "related", "ofAssistant", "described", "said"],
] as const;
export type FeatureName = (typeof featureNames)[number];
export type Features = Record<FeatureName, number>;
