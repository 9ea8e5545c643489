/**
 * A model checker of limits: holds of several keys, settlements, a limit that is set and the count that opens its cap, and a key
 * whose end comes earlier, as the single reads and writes that they are, in every interleaving, with a crash of any one after any step.
 * Run: node e2e/model/limits.mjs
 */

const CLOSED = -1_000;
const sum = (list) => list.reduce((total, value) => total + value, 0);
const applies = (cap, key) => cap === "account" || cap === key;

/** A request of a key: reads the rules, holds by them, inserts its row, settles. A hold that misses reads again, once. */
const request = (id, key, amount, cost) => ({
  name: id,
  steps: [
    (db, me) => {
      me.version = db.version;
      me.isOver = db.endedKeys.includes(key);
    },
    (db, me, on) => {
      if (me.isOver) return "end";
      const isStale = on("hold.version") && me.version !== db.version;
      const caps = Object.keys(db.caps).filter((cap) => applies(cap, key));
      // Without the version, a request goes by the limits that it read: those set since are not looked at.
      const checkedCaps = me.version === db.version ? caps : [];
      const fits = !on("hold.caps") || checkedCaps.every((cap) => db.caps[cap].left >= amount);
      if (isStale || !fits || db.credits < amount) {
        me.tries = (me.tries ?? 0) + 1;
        return me.tries < 2 ? 0 : "end";
      }
      db.credits -= amount;
      for (const cap of checkedCaps) db.caps[cap].left -= amount;
      db.holds.push({ id, key, amount, isLate: db.endedKeys.includes(key) });
    },
    (db) => void (db.rows[id] = { key, cost }),
    (db, me, on) => {
      const at = db.holds.findIndex((hold) => hold.id === id);
      if (at < 0) return;
      db.holds.splice(at, 1);
      db.credits += amount - cost;
      for (const cap of Object.keys(db.caps))
        if (on("settle.caps") ? applies(cap, key) : true) db.caps[cap].left += amount - cost;
    },
  ],
});

/** Lets a key end now, in the write that raises the version. */
const ender = (name, key) => ({
  name,
  steps: [
    (db) => {
      db.endedKeys.push(key);
      db.version += 1;
    },
  ],
});

/** Sets a limit, then counts what is used of it: a write closes the cap and reads the holds, rows are summed, a write opens it. */
const setter = (name, cap, limit) => ({
  name,
  steps: [
    (db) => {
      db.limits[cap] = limit;
      db.version += 1;
      db.caps[cap] = { left: CLOSED, opening: name };
    },
    ...counting(name, cap),
  ],
});

/** Another process that counts the same cap, as after a crash of the first. */
const counter = (name, cap) => ({
  name,
  steps: [
    (db) => {
      if (!db.caps[cap]?.opening) return "end";
      db.caps[cap] = { left: CLOSED, opening: name };
    },
    ...counting(name, cap),
  ],
});

function counting(name, cap) {
  return [
    (db, me, on) => {
      if (!db.caps[cap]) return "end";
      if (on("open.closes")) db.caps[cap] = { left: CLOSED, opening: name };
      else db.caps[cap] = { left: db.limits[cap], opening: name };
      me.open = db.holds.filter(({ key }) => applies(cap, key)).map((hold) => ({ ...hold }));
    },
    (db, me, on) => {
      const ids = me.open.map(({ id }) => id);
      const rows = Object.entries(db.rows).filter(
        ([id, { key }]) => applies(cap, key) && !(on("open.holds") && ids.includes(id)),
      );
      me.used = sum(rows.map(([, { cost }]) => cost)) + sum(me.open.map(({ amount }) => amount));
    },
    (db, me, on) => {
      if (on("open.token") && db.caps[cap].opening !== name) return "end";
      db.caps[cap].left += db.limits[cap] - me.used - (on("open.closes") ? CLOSED : db.limits[cap]);
      delete db.caps[cap].opening;
    },
  ];
}

/** What must hold after every single step; returns what does not. */
function broken(db) {
  if (db.holds.some(({ isLate }) => isLate)) return "a key holds credits after its end";
  const open = new Set(db.holds.map(({ id }) => id));
  for (const [cap, { left, opening }] of Object.entries(db.caps)) {
    const heldTotal = sum(
      db.holds.filter(({ key }) => applies(cap, key)).map(({ amount }) => amount),
    );
    const rows = Object.entries(db.rows).filter(
      ([id, { key }]) => applies(cap, key) && !open.has(id),
    );
    const usedTotal = heldTotal + sum(rows.map(([, { cost }]) => cost));
    if (usedTotal > db.limits[cap])
      return `the limit of ${cap} is exceeded by ${usedTotal - db.limits[cap]}`;
    if (!opening && left !== db.limits[cap] - usedTotal)
      return `the cap of ${cap} has ${left} left, rows and holds leave ${db.limits[cap] - usedTotal}`;
  }
  return db.credits < 0 ? "more was promised than the balance covers" : null;
}

function startOf({ credits, limits = {} }) {
  const caps = Object.fromEntries(Object.entries(limits).map(([cap, left]) => [cap, { left }]));
  const rules = { version: 1, limits: { ...limits }, endedKeys: [] };
  return { credits, ...rules, caps, holds: [], rows: {} };
}

/** Explores every interleaving with at most one crash. Returns the number of states and the first fault, if any. */
export function exploreLimits({ actors, without = [], crashes = 1, ...start }) {
  const on = (guard) => !without.includes(guard);
  const visitedStates = new Set();
  const at = actors.map(() => ({ step: 0, me: {} }));
  const stack = [{ db: startOf(start), at, crashed: 0, path: [] }];
  let states = 0;
  while (stack.length > 0) {
    const state = stack.pop();
    const key = JSON.stringify([state.db, state.at, state.crashed]);
    if (visitedStates.has(key)) continue;
    visitedStates.add(key);
    states++;
    const fault = broken(state.db);
    if (fault) return { states, fault, path: state.path };
    for (const [i, actor] of actors.entries()) {
      if (state.at[i].step === "end") continue;
      const [db, places] = [structuredClone(state.db), structuredClone(state.at)];
      const { step, me } = places[i];
      const next = actor.steps[step](db, me, on);
      places[i].step = next ?? (step + 1 < actor.steps.length ? step + 1 : "end");
      const path = [...state.path, `${actor.name}.${step}`];
      stack.push({ ...state, db, at: places, path });
      if (state.crashed >= crashes) continue;
      const after = structuredClone(state.at);
      after[i].step = "end";
      const crash = [...state.path, `${actor.name} crashes`];
      stack.push({ db: state.db, at: after, crashed: state.crashed + 1, path: crash });
    }
  }
  return { states, fault: null, path: [] };
}

/** The scenes, each with the guards whose loss it must reveal. */
export const LIMIT_SCENES = [
  {
    name: "three requests of two keys under limits of keys and account",
    actors: [request("a", "k1", 10, 7), request("b", "k1", 10, 3), request("c", "k2", 10, 10)],
    credits: 100,
    limits: { account: 20, k1: 15, k2: 10 },
    reveals: ["hold.caps", "settle.caps"],
  },
  {
    name: "a limit that is set while requests of its key start and end",
    actors: [request("a", "k1", 10, 7), request("b", "k1", 10, 3), setter("s", "k1", 20)],
    credits: 100,
    reveals: ["hold.version", "open.closes", "open.holds"],
  },
  {
    name: "two processes that count a limit while a request ends",
    actors: [request("a", "k1", 10, 7), setter("s", "account", 12), counter("t", "account")],
    credits: 100,
    reveals: ["open.token", "open.holds"],
  },
  {
    name: "a key that ends while requests of it and of another start",
    actors: [request("a", "k1", 10, 7), request("b", "k2", 10, 3), ender("e", "k1")],
    credits: 100,
    limits: { account: 20 },
    reveals: ["hold.version"],
  },
  {
    name: "limits of account and key that are set together",
    actors: [request("a", "k1", 10, 7), setter("s", "account", 12), setter("t", "k1", 11)],
    credits: 100,
    reveals: ["open.holds"],
  },
];

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split("/").at(-1))) {
  let failureCount = 0;
  for (const { name, reveals, ...scene } of LIMIT_SCENES) {
    const { fault, states, path } = exploreLimits(scene);
    console.log(`${fault ? "FAULT" : "holds"}  ${String(states).padStart(7)} states  ${name}`);
    if (fault) console.log(`  ${fault} after ${path.join(", ")}`);
    if (fault) failureCount++;
    for (const guard of reveals) {
      const loss = exploreLimits({ ...scene, without: [guard] });
      console.log(`  ${loss.fault ? "found" : "MISSED"} without ${guard}: ${loss.fault ?? ""}`);
      if (!loss.fault) failureCount++;
    }
  }
  process.exitCode = failureCount === 0 ? 0 : 1;
}
