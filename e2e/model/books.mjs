// Longer than 300 lines: one model, read from its state to its checks.

/**
 * A model checker of the books: hold, settle, sweep, post, deletion, the roll-up of a day and the expiry of its rows as the
 * single reads and writes that they are, every interleaving of the actors of a scene, with a crash of any one after any step. Run: node e2e/model/books.mjs
 * Longer than 300 lines: one state machine, whose steps share the state and its guards.
 */

/** Guards that a scene may leave out, to show that the checker finds what they prevent. */
export const GUARDS = [
  "hold.balance",
  "settle.hold",
  "row.unique",
  "post.source",
  "post.sequence",
  "post.applySequence",
  "sweep.alive",
  "delete.holds",
  "freeze.holds",
  "freeze.order",
  "freeze.complete",
  "freeze.stands",
];

const clone = (value) => structuredClone(value);
const sum = (list) => list.reduce((total, value) => total + value, 0);

/** A request: hold, send, insert its row, settle by the row that stands, and settle once more as a retry would. */
const request = (id, amount, cost) => ({
  name: id,
  steps: [
    (db, me, on) => {
      if (db.closed || (on("hold.balance") && db.credits < amount)) return "end";
      db.credits -= amount;
      db.holds.push({ id, amount, by: id, day: db.age === 0 ? 0 : 1 });
      me.day = db.age === 0 ? 0 : 1;
    },
    (db) => void db.sent.push(id),
    (db, me, on) => insertRow(db, id, cost, me.day, on),
    (db, me, on) => settle(db, id, amount, on),
    (db, me, on) => settle(db, id, amount, on),
  ],
});

function insertRow(db, id, cost, day, on) {
  if (on("row.unique") && id in db.rows) return;
  db.rows[id] = { cost, day };
}

function settle(db, id, amount, on) {
  const at = db.holds.findIndex((hold) => hold.id === id);
  if (at < 0 && on("settle.hold")) return;
  if (at >= 0) db.holds.splice(at, 1);
  // A row that expired between the two was read before: what it said is what is charged.
  const cost = db.rows[id]?.cost ?? db.expired[id];
  db.credits += amount - cost;
  db.charged += cost;
}

/** A sweep: sees the holds once, then row and settle for each of a dead owner; with `late`, also of one whose heartbeat is late. */
const sweeper = (name, { late = false } = {}) => ({
  name,
  steps: [
    (db, me, on) => {
      me.seen = db.holds
        .filter((hold) => late || !on("sweep.alive") || db.dead.includes(hold.by))
        .map((hold) => ({ ...hold }));
      if (!late && me.seen.some((hold) => !db.dead.includes(hold.by))) db.takenAlive = true;
      if (me.seen.length === 0) return "end";
    },
    (db, me, on) => insertRow(db, me.seen[0].id, 0, me.seen[0].day, on),
    (db, me, on) => settle(db, me.seen[0].id, me.seen[0].amount, on),
    (db, me) => {
      me.seen.shift();
      return me.seen.length > 0 ? 1 : "end";
    },
  ],
});

/** A post of one source, as lib/ledger/post.ts does it: look, read the sequence, finish the earlier entry, insert, apply. */
const poster = (name, source, amount) => ({
  name,
  steps: [
    (db, me, on) => {
      me.entry = on("post.source") ? db.ledger.find((entry) => entry.source === source) : undefined;
      return me.entry ? 4 : undefined;
    },
    (db, me) => void (me.seq = db.seq + 1),
    (db, me) => {
      me.entry = db.ledger.find((entry) => entry.seq === me.seq);
      me.again = me.entry !== undefined;
      return me.again ? 4 : undefined;
    },
    (db, me, on) => {
      const clash =
        (on("post.source") && db.ledger.some((entry) => entry.source === source)) ||
        (on("post.sequence") && db.ledger.some((entry) => entry.seq === me.seq));
      if (clash) return 0;
      me.entry = { source, seq: me.seq, amount };
      db.ledger.push(me.entry);
    },
    (db, me, on) => {
      if (!on("post.applySequence") || db.seq === me.entry.seq - 1) {
        db.credits += me.entry.amount;
        db.posted += me.entry.amount;
        db.seq += 1;
      }
      const retry = me.again;
      me.again = false;
      return retry ? 0 : "end";
    },
  ],
});

/** Deletion: the keys stop immediately; the account is erased only when no hold is open. */
const deleter = () => ({
  name: "delete",
  steps: [
    (db) => void (db.closed = true),
    (db, me, on) => {
      if (on("delete.holds") && db.holds.length > 0) return "end";
      db.erased = true;
    },
  ],
});

/** Time over day 0, the day of the first requests: it is over for a week, then its rows have expired. */
const clock = ({ expires = true } = {}) => ({
  name: "clock",
  steps: [
    (db) => {
      db.age = 1;
      if (!expires) return "end";
    },
    (db) => void (db.age = 2),
    (db) => expire(db),
  ],
});

function expire(db) {
  for (const [id, { day, cost }] of Object.entries(db.rows)) {
    if (day !== 0) continue;
    db.expired[id] = cost;
    delete db.rows[id];
  }
}

/** A roll-up of day 0 as lib/usage/roll-up.ts does it: look at the holds, sum the rows, ask the clock, write, say how far. */
const roller = (name) => ({
  name,
  steps: [
    (db, me) => {
      if (db.frozen) return "end";
      me.due = db.age >= 1;
    },
    (db, me, on) => lookAtHolds(db, me, on("freeze.order")),
    (db, me) =>
      void (me.sum = sum(Object.values(db.rows).map(({ day, cost }) => (day === 0 ? cost : 0)))),
    (db, me, on) => lookAtHolds(db, me, !on("freeze.order")),
    (db, me, on) => {
      me.gap = on("freeze.complete") && db.age === 2;
      me.freeze = me.due && (!on("freeze.holds") || !me.held);
      if (me.gap) return 6;
    },
    (db, me, on) => {
      if (!me.freeze && on("freeze.stands") && db.day.frozen) return;
      db.day = { sum: me.sum, frozen: me.freeze };
    },
    (db, me) => {
      if (me.gap) db.gap = true;
      if (me.gap || me.freeze) db.frozen = true;
    },
  ],
});

function lookAtHolds(db, me, holds) {
  if (holds) me.held = db.holds.some((hold) => hold.day === 0);
}

const fresh = (credits) => ({
  credits,
  posted: credits,
  charged: 0,
  seq: 1,
  holds: [],
  rows: {},
  sent: [],
  dead: [],
  closed: false,
  erased: false,
  takenAlive: false,
  age: 0,
  day: { sum: 0, frozen: false },
  frozen: false,
  gap: false,
  expired: {},
  ledger: [{ source: "start", seq: 1, amount: credits }],
});

/** What must hold after every single step; returns what does not. */
function broken(db, excess) {
  const heldTotal = sum(db.holds.map((hold) => hold.amount));
  if (db.posted - db.charged !== db.credits + heldTotal)
    return "7: posted − charged is not credits + holds";
  if (db.credits < -excess) return "4: more was promised than the balance covers";
  const open = new Set(db.holds.map((hold) => hold.id));
  const rows = Object.entries(db.rows).filter(
    ([id, { day }]) => !open.has(id) && !(db.frozen && day === 0),
  );
  const usage =
    sum(rows.map(([, { cost }]) => cost)) + (db.frozen && db.day.frozen ? db.day.sum : 0);
  // Once rows may have expired unfrozen, nothing else can be checked.
  const incomplete = db.gap || (db.age === 2 && !db.frozen);
  if (incomplete ? usage > db.charged : usage !== db.charged)
    return "5: charged is not the sum of the closed rows and frozen days";
  const sources = db.ledger.map((entry) => entry.source);
  if (new Set(sources).size !== sources.length) return "8: a source is in the ledger twice";
  if (
    db.posted !== sum(db.ledger.filter((entry) => entry.seq <= db.seq).map((entry) => entry.amount))
  )
    return "8: posted is not the applied ledger";
  if (db.erased && db.holds.length > 0) return "an erased account has an open hold";
  if (db.takenAlive) return "5: a sweep took the hold of a live request";
  return null;
}

/**
 * Explores every interleaving of the actors with at most `crashes` crashes. At the end of each, a last sweep and the next
 * post must leave no hold of the dead and no entry unapplied. Returns the number of states and the first fault, if any.
 */
export function explore({ actors, credits, without = [], crashes = 1, excess = 0 }) {
  const on = (guard) => !without.includes(guard);
  const visitedStates = new Set();
  const stack = [
    { db: fresh(credits), at: actors.map(() => ({ step: 0, me: {} })), crashed: 0, path: [] },
  ];
  let states = 0;
  while (stack.length > 0) {
    const state = stack.pop();
    const key = JSON.stringify([state.db, state.at, state.crashed]);
    if (visitedStates.has(key)) continue;
    visitedStates.add(key);
    states++;
    const fault = broken(state.db, excess);
    if (fault) return { states, fault, path: state.path };
    let running = false;
    for (const [i, actor] of actors.entries()) {
      const where = state.at[i];
      if (where.step === "end") continue;
      running = true;
      const [db, at] = [clone(state.db), clone(state.at)];
      // The ledger entry that an actor holds is the database's own, so a copy of both must stay one thing.
      const next = actor.steps[where.step](db, at[i].me, on);
      at[i].step = next ?? (where.step + 1 < actor.steps.length ? where.step + 1 : "end");
      if (at[i].step === "end" && !db.dead.includes(actor.name)) db.dead.push(actor.name);
      stack.push({
        db,
        at,
        crashed: state.crashed,
        path: [...state.path, `${actor.name}.${where.step}`],
      });
      if (state.crashed < crashes) {
        const [afterDb, afterAt] = [clone(state.db), clone(state.at)];
        afterAt[i].step = "end";
        afterDb.dead.push(actor.name);
        stack.push({
          db: afterDb,
          at: afterAt,
          crashed: state.crashed + 1,
          path: [...state.path, `${actor.name} crashes`],
        });
      }
    }
    if (!running) {
      const db = clone(state.db);
      for (const hold of db.holds.slice()) {
        insertRow(db, hold.id, 0, hold.day, on);
        settle(db, hold.id, hold.amount, on);
      }
      for (const entry of db.ledger.filter((candidate) => candidate.seq === db.seq + 1)) {
        db.credits += entry.amount;
        db.posted += entry.amount;
        db.seq += 1;
      }
      const remaining =
        broken(db, excess) ??
        (db.posted !== sum(db.ledger.map((entry) => entry.amount))
          ? "8: an entry stays unapplied"
          : null);
      if (remaining) return { states, fault: remaining, path: [...state.path, "last sweep"] };
    }
  }
  return { states, fault: null, path: [] };
}

/** The scenes, each with the guards whose loss it must reveal. */
export const SCENES = [
  {
    name: "two requests and a balance for one",
    actors: [request("a", 10, 7), request("b", 10, 3)],
    credits: 15,
    reveals: ["hold.balance", "settle.hold"],
  },
  {
    name: "a request that crashes, and a concurrent sweep",
    actors: [request("a", 10, 7), sweeper("s")],
    credits: 20,
    reveals: ["settle.hold"],
  },
  {
    name: "a sweep of a request whose heartbeat is late",
    actors: [request("a", 10, 7), sweeper("s", { late: true })],
    credits: 20,
    reveals: ["settle.hold", "row.unique"],
  },
  {
    name: "two concurrent sweeps over a crashed request",
    actors: [request("a", 10, 7), sweeper("s"), sweeper("t")],
    credits: 20,
    reveals: ["settle.hold", "sweep.alive"],
    crashes: 2,
  },
  {
    name: "one payment reported twice",
    actors: [poster("p", "pi_1", 5), poster("q", "pi_1", 5)],
    credits: 20,
    reveals: ["post.source", "post.applySequence"],
  },
  {
    name: "two payments and a request",
    actors: [poster("p", "pi_1", 5), poster("q", "pi_2", 6), request("a", 10, 7)],
    credits: 20,
    reveals: ["post.sequence", "post.applySequence"],
  },
  {
    name: "a request that costs more than was held",
    actors: [request("a", 10, 14), request("b", 10, 3)],
    credits: 20,
    excess: 4,
    reveals: ["settle.hold"],
  },
  {
    name: "deletion while a request runs and a sweep passes",
    actors: [request("a", 10, 7), deleter(), sweeper("s")],
    credits: 20,
    reveals: ["delete.holds"],
  },
  {
    name: "two roll-ups of a day while a request of it settles late and its rows expire",
    actors: [request("a", 10, 7), roller("r"), roller("q"), clock()],
    credits: 20,
    crashes: 0,
    reveals: ["freeze.holds", "freeze.order", "freeze.complete", "freeze.stands"],
  },
  {
    name: "an interrupted roll-up and another one during a request",
    actors: [request("a", 10, 7), roller("r"), roller("q"), clock({ expires: false })],
    credits: 20,
    reveals: ["freeze.holds", "freeze.order", "freeze.stands"],
  },
  {
    name: "a roll-up with a crashed request, the sweep and expiry",
    actors: [request("a", 10, 7), sweeper("s"), roller("r"), clock()],
    credits: 20,
    reveals: ["freeze.holds", "freeze.complete"],
  },
];

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split("/").at(-1))) {
  let failureCount = 0;
  for (const { name, reveals, ...scene } of SCENES) {
    const result = explore(scene);
    console.log(
      `${result.fault ? "FAULT" : "holds"}  ${String(result.states).padStart(7)} states  ${name}${result.fault ? `: ${result.fault} after ${result.path.join(", ")}` : ""}`,
    );
    if (result.fault) failureCount++;
    for (const guard of reveals) {
      const { fault, path } = explore({ ...scene, without: [guard] });
      console.log(
        `  ${fault ? "found" : "MISSED"} without ${guard}${fault ? `: ${fault} (${path.length} steps)` : ""}`,
      );
      if (!fault) failureCount++;
    }
  }
  process.exitCode = failureCount === 0 ? 0 : 1;
}
