import { z } from "zod";
import type { Limits } from "@/lib/accounts/schema";
import { KeyName } from "@/lib/keys/schema";
import { addressList, limitFields, modelList } from "./limits-form";

const DAY_MS = 86_400_000;
const PERIODS: Record<string, number> = { "30": 30, "90": 90, "365": 365 };

/** When a key ends: never, in so many days, or at the end of a UTC day. */
const expiry = {
  expires: z.enum(["never", "30", "90", "365", "date", "keep"]).default("never"),
  day: z.string().max(10).optional(),
};

/** The fields of a key as its form submits them. `expiresAt`: null for never, undefined for what it is. */
export const KeyForm = z
  .object({
    name: KeyName,
    ...expiry,
    models: modelList,
    addresses: addressList,
    ...limitFields,
  })
  .transform(({ expires, day, name, models, addresses, ...all }, context) => {
    const set = Object.entries(all).filter(([, limit]) => limit !== undefined);
    const fields = { name, models, addresses, limits: Object.fromEntries(set) as Limits };
    if (expires !== "date") {
      const days = PERIODS[expires];
      const end = days === undefined ? null : endOfDay(new Date(Date.now() + days * DAY_MS));
      return { ...fields, expiresAt: expires === "keep" ? undefined : end };
    }
    const date = /^\d{4}-\d{2}-\d{2}$/.test(day ?? "") ? new Date(`${day}T00:00:00Z`) : null;
    if (date === null || Number.isNaN(date.getTime())) {
      context.addIssue({
        code: "custom",
        path: ["day"],
        message: "Enter a day such as 2027-02-22.",
      });
      return z.NEVER;
    }
    return { ...fields, expiresAt: endOfDay(date) };
  });

/** The last minute of a UTC day. */
const endOfDay = (at: Date): Date =>
  new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS + DAY_MS - 60_000);
