import { expect, test } from "vitest";
import { shapesOf } from "./command-shapes";

test("a shape holds names and types of a statement, and none of its values", () => {
  const command = {
    update: "accounts",
    updates: [
      { q: { _id: "acc_1", "holds.id": { $nin: ["a", "b"] } }, u: { $inc: { credits: -5 } } },
      { q: { _id: "acc_2", "spent.2026-11": 3 }, u: { $push: { holds: { $each: [] } } } },
    ],
    lsid: { id: "session" },
    $db: "onekey",
  };
  expect(shapesOf(command)).toEqual([
    {
      update: "accounts",
      updates: {
        q: { _id: "string", "holds.id": { $nin: ["string"] } },
        u: { $inc: { credits: "number" } },
      },
    },
    {
      update: "accounts",
      updates: {
        q: { _id: "string", "spent.YYYY-MM": "number" },
        u: { $push: { holds: { $each: [] } } },
      },
    },
  ]);
});

test("a pipeline keeps its expressions, and no value of its filter", () => {
  const pipeline = [
    { $match: { accountId: "acc_1", at: { $gte: new Date() } } },
    {
      $group: {
        _id: { day: { $dateTrunc: { date: "$at", unit: "day" } }, of: "a text" },
        cost: { $sum: { $cond: ["$free", 0, "$cost"] } },
        large: { $sum: { $cond: [{ $gt: ["$cost", 5_000] }, 1, 0] } },
      },
    },
    { $sort: { cost: -1 } },
    { $limit: 50 },
  ];
  expect(shapesOf({ aggregate: "usage", pipeline, cursor: {} })).toEqual([
    {
      aggregate: "usage",
      pipeline: [
        { $match: { accountId: "string", at: { $gte: "date" } } },
        {
          $group: {
            _id: { day: { $dateTrunc: { date: "$at", unit: "day" } }, of: "string" },
            cost: { $sum: { $cond: ["$free", 0, "$cost"] } },
            large: { $sum: { $cond: [{ $gt: ["$cost", "number"] }, 1, 0] } },
          },
        },
        { $sort: { cost: -1 } },
        { $limit: "number" },
      ],
    },
  ]);
});

test("months, digests and places in names are values, too", () => {
  const filter = {
    "counts.CdmnjHi6VaQOc6UA-KUhW4": { $lt: 5 },
    "holds.7.id": "a",
    "spent.2026-11": 1,
    insufficientCreditsYet: 1,
  };
  expect(shapesOf({ find: "grant_days", filter })).toEqual([
    {
      find: "grant_days",
      filter: {
        "counts.DIGEST": { $lt: "number" },
        "holds.N.id": "string",
        "spent.YYYY-MM": "number",
        insufficientCreditsYet: "number",
      },
    },
  ]);
});

test("commands that read or write no documents have no shape", () => {
  expect(shapesOf({ hello: 1 })).toEqual([]);
});
