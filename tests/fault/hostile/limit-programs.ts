import { ended, nothing, python, type ScriptHostile, sh } from "./hostile-program.ts";

/** What goes over one of its limits: processes, memory, processor, time, room in the kernel, disk. */
export const limitPrograms: readonly ScriptHostile[] = [
  // Processes, memory, processor.
  {
    ...{ name: "S16 a fork bomb", by: python, ends: ended("processes"), complaint: nothing },
    text: ({ mark }) => `
import os, time
for n in range(400):
  try:
    if os.fork() == 0: os.execv("/bin/sleep", ["sleep", "${mark}"])
  except OSError: pass
time.sleep(60)
`,
  },
  {
    ...{ name: "S16 a fork bomb whose parents are gone", by: python, ends: ended("processes"), complaint: nothing },
    text: ({ mark }) => `
import os, time
for n in range(400):
  try:
    if os.fork() == 0:
      if os.fork(): os._exit(0)
      os.setsid(); os.execv("/bin/sleep", ["sleep", "${mark}"])
  except OSError: time.sleep(0.01)
time.sleep(60)
`,
  },
  {
    ...{ name: "S16 memory by allocation", by: python, ends: ended("memory"), complaint: nothing },
    text: () => `
import time
kept = []
for n in range(64): kept.append(bytearray(b"x") * (32 * 2**20))
time.sleep(60)
`,
  },
  {
    ...{ name: "S16 memory by many processes, none of which has much", by: python, complaint: nothing },
    ...{ ends: ended("memory"), limits: { processesMax: 32 } },
    text: () => `
import os, time
for n in range(12):
  if os.fork() == 0:
    kept = bytearray(b"x") * (64 * 2**20)
    time.sleep(60)
time.sleep(60)
`,
  },
  {
    ...{ name: "S16 the processor, in children that are gone", by: sh, ends: ended("cpu"), complaint: nothing },
    text: () => "while :; do (i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done); done",
  },
  {
    ...{ name: "S16 time without end", by: sh, ends: ended("time"), limits: { timeMs: 500 }, complaint: nothing },
    text: ({ mark }) => `setsid sleep ${mark} & exec sleep ${mark}`,
  },
];
