import { z } from "zod";

/** A sign-in method in addition to the link to the user's address, which needs no entry. */
export const LinkedMethod = z.object({
  provider: z.enum(["google", "github"]),
  /** The provider's own id of the person, which stays when they change their address there. */
  subject: z.string(),
  email: z.string(),
  linkedAt: z.date(),
});
export type LinkedMethod = z.infer<typeof LinkedMethod>;

/** How a person wants to be called; may be empty. */
export const PersonName = z
  .string()
  .trim()
  .max(100, "A name has at most 100 characters.")
  .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, "A name is one line of plain text.");

/** The mails about an account that each of its members can switch on or off for themselves. */
export const MailTopic = z.enum(["receipts", "low_balance", "key_expiry", "models", "members"]);
export type MailTopic = z.infer<typeof MailTopic>;

/** An address that the link of a mail, by its digest, gives to a user: the new one, or a former one again. */
const EmailLink = z.object({ digest: z.string(), email: z.string(), expires: z.date() });
export type EmailLink = z.infer<typeof EmailLink>;

/** A person who signs in. Their personal account has the same id. */
export const User = z.object({
  _id: z.string(),
  email: z.string(),
  name: z.string(),
  image: z.string().nullable(),
  /** Absent when there are none: an empty list would collide in the unique index. */
  methods: z.array(LinkedMethod).min(1).optional(),
  createdAt: z.date(),
  /** The address that is to replace theirs once its owner has confirmed it. */
  emailChange: EmailLink.optional(),
  /** Former addresses, whose owners can still take a change back. */
  emailUndos: z.array(EmailLink).optional(),
  /** Addresses that were theirs before, by which invitations and debts still know them. */
  formerEmails: z.array(z.string()).optional(),
  /** By account: the topics that the person switched on or off. The others are as `lib/email/mail-topics.ts` says. */
  emailChoices: z.record(z.string(), z.partialRecord(MailTopic, z.boolean())).optional(),
});
export type User = z.infer<typeof User>;

/** Whether an address is, or was, a person's. */
export const isAddressOf = (
  { email, formerEmails = [] }: Pick<User, "email" | "formerEmails">,
  address: string,
): boolean => email === address || formerEmails.includes(address);

/** How others see a person: the name, or the address of someone who has entered none. */
export const displayNameOf = ({ name, email }: Pick<User, "name" | "email">): string =>
  name === "" ? email : name;
