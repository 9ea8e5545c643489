import { expect, test } from "vitest";
import { compilePipeline, runStages } from "./pipeline";
import type { BsonDocument } from "../values/values";

const rows: BsonDocument[] = [
  { _id: 1, m: "a", v: 1, at: new Date("2024-01-01T01:00:00Z"), tags: ["x", "y"] },
  { _id: 2, m: "a", v: 3, at: new Date("2024-01-01T23:30:00Z"), tags: ["x"], o: { p: 1 } },
  { _id: 3, m: "b", v: 10, at: new Date("2024-02-29T00:10:00Z"), tags: [] },
  { _id: 4, m: "b", v: null, at: null },
];
const run = async (pipeline: BsonDocument[], docs = rows) =>
  runStages(compilePipeline(pipeline), docs);
const value = async (expression: unknown, doc: BsonDocument = {}) =>
  (await run([{ $project: { _id: 0, v: expression } }], [{ _id: 1, ...doc }]))[0]?.v as unknown;

test("accumulators of a group ignore null and missing values", async () => {
  const group = {
    _id: "$m",
    sum: { $sum: "$v" },
    avg: { $avg: "$v" },
    min: { $min: "$v" },
    max: { $max: "$v" },
    n: { $count: {} },
  };
  expect(
    await run([
      {
        $group: {
          ...group,
          first: { $first: "$v" },
          last: { $last: "$v" },
          all: { $push: "$v" },
          odd: { $push: "$o.p" },
        },
      },
    ]),
  ).toEqual([
    { _id: "a", sum: 4, avg: 2, min: 1, max: 3, n: 2, first: 1, last: 3, all: [1, 3], odd: [1] },
    {
      _id: "b",
      sum: 10,
      avg: 10,
      min: 10,
      max: 10,
      n: 2,
      first: 10,
      last: null,
      all: [10, null],
      odd: [],
    },
  ]);
  expect(await run([{ $group: { _id: "$none", n: { $sum: 1 } } }])).toEqual([{ _id: null, n: 4 }]);
});

test("dates are truncated in UTC", async () => {
  const day = { $dateToString: { date: "$at", format: "%Y-%m-%d" } };
  expect(await run([{ $group: { _id: day, n: { $sum: 1 } } }, { $sort: { _id: 1 } }])).toEqual([
    { _id: null, n: 1 },
    { _id: "2024-01-01", n: 2 },
    { _id: "2024-02-29", n: 1 },
  ]);
  const at = new Date("2024-02-29T13:14:15.016Z");
  expect(await value({ $dateTrunc: { date: "$at", unit: "month" } }, { at })).toEqual(
    new Date("2024-02-01T00:00:00Z"),
  );
  expect(
    await value({ $dateTrunc: { date: "$at", unit: "week", startOfWeek: "monday" } }, { at }),
  ).toEqual(new Date("2024-02-26T00:00:00Z"));
  expect(await value({ $dateTrunc: { date: "$at", unit: "minute", binSize: 5 } }, { at })).toEqual(
    new Date("2024-02-29T13:10:00Z"),
  );
  expect(await value({ $dateToString: { date: "$at" } }, { at })).toBe("2024-02-29T13:14:15.016Z");
  expect(
    await value({ $dateToString: { date: "$at", format: "%H:%M:%S.%L day %j %%" } }, { at }),
  ).toBe("13:14:15.016 day 060 %");
});

test("expressions give MongoDB's answers, null for null", async () => {
  const doc = {
    a: 7,
    b: 2,
    s: "x",
    list: [1, 2],
    docs: [{ n: 1 }, { m: 1 }, { n: 3 }],
    at: new Date(1_000),
  };
  const examples: [unknown, unknown][] = [
    [{ $add: ["$a", "$b", 1] }, 10],
    [{ $add: ["$at", 500] }, new Date(1_500)],
    [{ $subtract: ["$at", new Date(400)] }, 600],
    [{ $multiply: ["$a", "$none"] }, null],
    [{ $divide: ["$a", "$b"] }, 3.5],
    [{ $cond: [{ $gt: ["$a", "$b"] }, "yes", "no"] }, "yes"],
    [{ $ifNull: ["$none", null, "d"] }, "d"],
    [{ $eq: ["$none", null] }, false],
    [{ $lt: [1, "a"] }, true],
    [{ $and: [1, "", "$list"] }, true],
    [{ $or: [0, null] }, false],
    [{ $not: ["$none"] }, true],
    [{ $concat: ["$s", "-", "$s"] }, "x-x"],
    [{ $concat: ["$s", null] }, null],
    ["$docs.n", [1, 3]],
    [{ $max: "$list" }, 2],
    [{ $min: ["$a", "$none", "$b"] }, 2],
    [{ $literal: "$a" }, "$a"],
    [{ x: "$a", none: "$none" }, { x: 7 }],
    [
      ["$a", "$none"],
      [7, null],
    ],
  ];
  for (const [expression, result] of examples)
    expect(await value(expression, doc), JSON.stringify(expression)).toEqual(result);
});

test("projections include, exclude and compute, inside arrays too", async () => {
  const doc = { _id: 1, a: 1, b: { c: 2, d: 3 }, l: [{ c: 1, d: 2 }, 5, { d: 3 }] };
  expect(await run([{ $project: { "b.c": 1, "l.c": 1 } }], [doc])).toEqual([
    { _id: 1, b: { c: 2 }, l: [{ c: 1 }, {}] },
  ]);
  expect(await run([{ $project: { b: { c: 0 }, "l.c": 0 } }], [doc])).toEqual([
    { _id: 1, a: 1, b: { d: 3 }, l: [{ d: 2 }, 5, { d: 3 }] },
  ]);
  expect(await run([{ $project: { _id: 0, n: { $add: ["$a", 1] } } }], [doc])).toEqual([{ n: 2 }]);
});

test("unsupported stages, operators and values are rejected", async () => {
  const codes = async (pipeline: BsonDocument[], docs?: BsonDocument[]) => {
    try {
      return await run(pipeline, docs);
    } catch (error) {
      return (error as { code: number }).code;
    }
  };
  expect(await codes([{ $lookup: {} }])).toBe(238);
  expect(await codes([{ $noSuchStage: {} }])).toBe(40324);
  expect(await codes([{ $match: {}, $limit: 1 }])).toBe(40323);
  expect(await codes([{ $project: { v: { $round: ["$v", 1] } } }])).toBe(238);
  expect(await codes([{ $group: { _id: null, v: { $stdDevPop: "$v" } } }])).toBe(238);
  expect(
    await codes([{ $group: { _id: null, v: { $sum: "$v" } } }], [{ v: 2 ** 53 - 1 }, { v: 2 }]),
  ).toBe(238);
  expect(
    await codes([
      { $project: { v: { $dateTrunc: { date: "$at", unit: "day", timezone: "Europe/Paris" } } } },
    ]),
  ).toBe(238);
  expect(await codes([{ $project: { a: 1, b: 0 } }])).toBe(31254);
});
