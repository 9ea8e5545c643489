// For tests of a data directory's content and of the plans its indexes give. No part of the server's interface.
export { planFor } from "./query/query-plan";
export { openStore, type DocumentStore } from "./storage/document-store";
export type { BsonDocument } from "./values/values";
