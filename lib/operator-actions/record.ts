import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { operatorActions } from "./collection";
import type { OperatorAction } from "./schema";

type ActionDetails = Omit<OperatorAction, "_id" | "at" | "done"> & { id?: string };

/**
 * Does something to an account and keeps it in the audit log. The action is written before the work, so that none is missing when
 * the process dies in between. Work that is refused, or returns false because nothing changed, leaves no trace. An action of
 * the same `id` is kept once.
 */
export async function recorded<T>(
  { id = newId("act"), ...details }: ActionDetails,
  work: () => Promise<T>,
): Promise<T> {
  const entry: Omit<OperatorAction, "_id"> = { ...details, at: new Date(), done: false };
  const { upsertedCount } = await operatorActions.updateOne(
    { _id: id },
    { $setOnInsert: entry },
    { upsert: true },
  );
  const withdraw = async () => {
    if (upsertedCount === 1) await operatorActions.deleteOne({ _id: id, done: false });
  };
  try {
    const result = await work();
    if (result === false) await withdraw();
    else await operatorActions.updateOne({ _id: id }, { $set: { done: true } });
    return result;
  } catch (error) {
    // Of any other failure it is not known what it left.
    if (error instanceof AppError) await withdraw();
    throw error;
  }
}
