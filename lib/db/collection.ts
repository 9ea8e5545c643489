import type {
  AggregateOptions,
  AggregationCursor,
  Collection,
  Document,
  Filter,
  FindCursor,
  FindOptions,
  Sort,
  WithId,
} from "mongodb";
import { database } from "./client";

/** The driver's methods that return a promise; their types are the driver's, overloads included. */
const METHODS = [
  "bulkWrite",
  "countDocuments",
  "createIndex",
  "createIndexes",
  "deleteMany",
  "deleteOne",
  "distinct",
  "findOne",
  "findOneAndDelete",
  "findOneAndUpdate",
  "indexes",
  "insertMany",
  "insertOne",
  "replaceOne",
  "updateMany",
  "updateOne",
] as const;

/** A query that is sent by `toArray` or `for await`. */
export interface Query<T> extends AsyncIterable<T> {
  sort(order: Sort): Query<T>;
  limit(count: number): Query<T>;
  skip(count: number): Query<T>;
  toArray(): Promise<T[]>;
}

/** A typed collection that needs no connection to be named: its first operation waits for the process's connection. */
export interface CollectionHandle<T extends Document> extends Pick<
  Collection<T>,
  (typeof METHODS)[number]
> {
  find(filter?: Filter<T>, options?: FindOptions): Query<WithId<T>>;
  find<Row extends Document>(filter?: Filter<T>, options?: FindOptions): Query<Row>;
  aggregate<Row extends Document>(pipeline: Document[], options?: AggregateOptions): Query<Row>;
}

/** Only record folders call it. */
export function collection<T extends Document>(name: string): CollectionHandle<T> {
  const connect = async () => (await database()).collection<T>(name);
  const methods = METHODS.map((method) => [
    method,
    async (...values: unknown[]): Promise<unknown> => {
      const target = await connect();
      return Reflect.apply(target[method], target, values);
    },
  ]);
  return {
    ...(Object.fromEntries(methods) as Pick<Collection<T>, (typeof METHODS)[number]>),
    find: <Row extends Document>(filter: Filter<T> = {}, options?: FindOptions) =>
      query(async () => (await connect()).find<Row>(filter, options)),
    aggregate: <Row extends Document>(pipeline: Document[], options?: AggregateOptions) =>
      query(async () => (await connect()).aggregate<Row>(pipeline, options)),
  };
}

function query<T>(open: () => Promise<FindCursor<T> | AggregationCursor<T>>): Query<T> {
  return {
    sort: (order) => query(async () => (await open()).sort(order)),
    limit: (count) => query(async () => (await open()).limit(count)),
    skip: (count) => query(async () => (await open()).skip(count)),
    toArray: async () => (await open()).toArray(),
    async *[Symbol.asyncIterator]() {
      yield* await open();
    },
  };
}
