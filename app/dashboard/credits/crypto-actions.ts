"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import type { FormState } from "@/components/ui/form-state";
import type { Account } from "@/lib/accounts/schema";
import { requireAccount } from "@/lib/auth/session";
import { genesisHash } from "@/lib/payments/chain/genesis";
import { LinkRequest, linkSigned, prepareLink, SignedLink } from "@/lib/payments/chain/link";
import { TransferSubmission, submitTransfer } from "@/lib/payments/chain/submit";
import { ChainName } from "@/lib/wallets/schema";
import { formAction, runAction } from "../form-action";

const PAGE = "/dashboard/credits";
const authorize = () => requireAccount(PAGE);
const ownerOf = ({ _id, email }: Account) => ({ accountId: _id, email });

/** Returns the message that links a wallet when its owner signs it. */
export async function prepareLinkAction(input: LinkRequest): Promise<FormState<string>> {
  return runAction(
    {
      schema: LinkRequest,
      authorize,
      run: (account, request) => prepareLink({ owner: ownerOf(account), ...request }),
    },
    input,
  );
}

export async function linkWalletAction(input: SignedLink): Promise<FormState<{ linked: true }>> {
  return runAction(
    {
      schema: SignedLink,
      authorize,
      run: async (account, signedLink) => {
        await linkSigned({ owner: ownerOf(account), ...signedLink });
        revalidatePath(PAGE);
        return { linked: true };
      },
    },
    input,
  );
}

async function watchTransfer(
  account: Account,
  submission: z.output<typeof TransferSubmission>,
): Promise<{ watched: true }> {
  await submitTransfer({ accountId: account._id, ...submission });
  revalidatePath(PAGE);
  return { watched: true };
}

/** Starts to watch a transaction that the wallet sent. */
export async function submitTransferAction(
  input: z.input<typeof TransferSubmission>,
): Promise<FormState<{ watched: true }>> {
  return runAction({ schema: TransferSubmission, authorize, run: watchTransfer }, input);
}

/** Checks a transaction by its hash. */
export const checkTransactionAction = formAction({
  schema: TransferSubmission,
  authorize,
  run: watchTransfer,
});

export async function genesisAction(chain: ChainName): Promise<FormState<string>> {
  return runAction(
    { schema: ChainName, authorize, run: (_account, name) => genesisHash(name) },
    chain,
  );
}
