// Preloaded into every measured process (`node --import`): answers the benchmark's questions over the IPC channel.
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";

const delay = monitorEventLoopDelay({ resolution: 1 });
let session = null;

const ANSWERS = {
  /** CPU of the process, its worker threads too, in microseconds. */
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  memory: async () => {
    // Twice, with a pause between: what finalizers let go of is collected by the second.
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc();
    return process.memoryUsage();
  },
  /** As it is, with nothing collected first. */
  resident: () => process.memoryUsage(),
  "delay start": () => {
    delay.reset();
    delay.enable();
  },
  /** The longest that a timer waited beyond its time, in milliseconds. */
  "delay stop": () => {
    delay.disable();
    return Math.max(0, delay.max / 1e6 - 1);
  },
  "profile start": async () => {
    session = new Session();
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: 500 });
    await session.post("Profiler.start");
  },
  "profile stop": async ({ file }) => {
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    writeFileSync(file, JSON.stringify(profile));
  },
};

if (process.channel) {
  process.on("message", async (question) => {
    const answer = ANSWERS[question?.probe];
    if (answer) process.send({ id: question.id, answer: await answer(question) });
  });
  process.channel.unref();
}
