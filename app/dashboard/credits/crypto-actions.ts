"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import { requireAccount } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { genesisHash } from "@/lib/payments/chain/genesis";
import { LinkRequest, linkSigned, prepareLink, SignedLink } from "@/lib/payments/chain/link";
import { TransferSubmission, submitTransfer } from "@/lib/payments/chain/submit";
import { ChainName } from "@/lib/wallets/schema";

const PAGE = "/dashboard/credits";

export type ActionOutcome<T = null> = { ok: true; value: T } | { ok: false; error: string };

/** The message that links a wallet once it is signed. */
export async function prepareLinkAction(input: LinkRequest): Promise<ActionOutcome<string>> {
  return answer(LinkRequest, input, (account, request) =>
    prepareLink({ owner: ownerOf(account), ...request }),
  );
}

export async function linkWalletAction(input: SignedLink): Promise<ActionOutcome> {
  return answer(SignedLink, input, async (account, signed) => {
    await linkSigned({ owner: ownerOf(account), ...signed });
    revalidatePath(PAGE);
    return null;
  });
}

/** Puts a transaction that was sent under watch. */
export async function submitTransferAction(
  input: z.input<typeof TransferSubmission>,
): Promise<ActionOutcome> {
  return answer(TransferSubmission, input, async (account, submission) => {
    await submitTransfer({ accountId: account._id, ...submission });
    revalidatePath(PAGE);
    return null;
  });
}

/** The form that asks about a transaction by its hash. */
export async function checkTransactionAction(
  _before: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return submitTransferAction({
    chain: form.get("chain") as ChainName,
    hash: String(form.get("hash") ?? ""),
  });
}

export async function genesisAction(chain: ChainName): Promise<ActionOutcome<string>> {
  return answer(ChainName, chain, (_account, name) => genesisHash(name));
}

type Account = Awaited<ReturnType<typeof requireAccount>>;

const ownerOf = ({ _id, email }: Account) => ({ accountId: _id, email });

/** Who, what, and the outcome: an error of ours in its own words, any other as it is. */
async function answer<T, R>(
  schema: z.ZodType<T>,
  input: unknown,
  act: (account: Account, input: T) => Promise<R>,
): Promise<ActionOutcome<R>> {
  const account = await requireAccount(PAGE);
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = { hash: "The transaction hash", chain: "The chain", address: "The address" }[
      String(issue?.path[0])
    ];
    return {
      ok: false,
      error: name === undefined ? "That was not understood." : `${name} ${issue?.message ?? ""}.`,
    };
  }
  try {
    return { ok: true, value: await act(account, parsed.data) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, error: error.message };
  }
}
