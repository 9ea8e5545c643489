import { AppError } from "@/lib/errors";
import { users } from "./collection";
import { PersonName, type User } from "./schema";

/** Throws bad_request for a name that is not one, and not_found. */
export async function renameUser({
  userId,
  name,
}: {
  userId: string;
  name: string;
}): Promise<User> {
  const parseResult = PersonName.safeParse(name);
  if (!parseResult.success)
    throw new AppError(
      "bad_request",
      parseResult.error.issues[0]?.message ?? "That is not a name.",
      { param: "name" },
    );
  const user = await users.findOneAndUpdate(
    { _id: userId },
    { $set: { name: parseResult.data } },
    { returnDocument: "after" },
  );
  if (!user) throw new AppError("not_found", "There is no such user.");
  return user;
}
