import { failedToParse } from "../command-error";
import { compileProjection } from "../query/compile-projection";
import { select } from "../query/select-documents";
import { encode } from "../values/encode";
import { removeDocument } from "../storage/document-store";
import { compileUpdate } from "../update/compile-update";
import type { BsonDocument, BsonValue } from "../values/values";
import type { CommandHandler } from "./command-handler";
import { checkHint, checkOptions, documentOption, namespaceOf } from "./options";
import { applyTo, upsert } from "./write";

const OPTIONS =
  "query sort remove update new fields upsert arrayFilters bypassDocumentValidation hint".split(
    " ",
  );

export const findAndModify: CommandHandler = (command, { store }) => {
  const name = "findAndModify" in command ? "findAndModify" : "findandmodify";
  checkOptions(command, name, OPTIONS);
  const namespace = namespaceOf(command, name);
  const collection = store.collections.get(namespace);
  checkHint(command.hint, collection);
  const filter = documentOption(command.query, "findAndModify.query");
  const fields = documentOption(command.fields, "findAndModify.fields");
  const project = Object.keys(fields).length > 0 ? compileProjection(fields, "find") : null;
  const replyOf = (doc: BsonDocument, bytes: Uint8Array) =>
    project ? encode(project(doc)) : bytes;
  const update: BsonValue = command.update;
  if (
    command.remove === true &&
    (update !== undefined || command.upsert === true || command.new === true)
  )
    throw failedToParse("Cannot specify both an update, upsert or new and remove=true");
  if (command.remove !== true && update === undefined)
    throw failedToParse("Either an update or remove=true must be specified");
  const [match] = select(collection, filter, {
    limit: 1,
    sort: documentOption(command.sort, "findAndModify.sort"),
  });
  if (command.remove === true) {
    if (!match || !collection) return { value: null, fields: { lastErrorObject: { n: 0 } } };
    const value = replyOf(match.doc, match.bytes);
    removeDocument(store, collection, match);
    return { value, fields: { lastErrorObject: { n: 1 } } };
  }
  const arrayFilters: BsonValue = command.arrayFilters;
  const apply = compileUpdate({ update, arrayFilters, filter });
  if (match) {
    const before = command.new === true ? null : replyOf(match.doc, match.bytes);
    applyTo(store, collection, match, apply);
    return {
      value: before ?? replyOf(match.doc, match.bytes),
      fields: { lastErrorObject: { n: 1, updatedExisting: true } },
    };
  }
  if (command.upsert !== true)
    return { value: null, fields: { lastErrorObject: { n: 0, updatedExisting: false } } };
  const insertion = upsert({ store, namespace, filter, update, arrayFilters });
  return {
    value: command.new === true ? replyOf(insertion, encode(insertion)) : null,
    fields: {
      lastErrorObject: { n: 1, updatedExisting: false, upserted: insertion._id as BsonValue },
    },
  };
};
