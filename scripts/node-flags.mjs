/**
 * V8's flags of a process that has a core to itself. One thread in addition to the main one, not four: what collects garbage in the
 * background takes the core from the request thread. And a heap that may grow to 96 MiB before all of it is looked at: a body of 5 MB
 * had each time been followed by that. What is new has 8 MiB to be looked at in, not 16: a thousand streams then leave so much less
 * to the process (bench/NOTES.md).
 */
export const CORE_FLAGS = [
  "--v8-pool-size=1",
  "--initial-old-space-size=96",
  "--max-semi-space-size=8",
];
