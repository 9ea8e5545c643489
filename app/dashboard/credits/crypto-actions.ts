"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import type { FormState } from "@/components/ui/form-state";
import { isTeam } from "@/lib/accounts/schema";
import type { AccountMember } from "@/lib/auth/member";
import { genesisHash } from "@/lib/payments/chain/genesis";
import { LinkRequest, linkSigned, prepareLink, SignedLink } from "@/lib/payments/chain/link";
import { TransferSubmission, submitTransfer } from "@/lib/payments/chain/submit";
import { ChainName } from "@/lib/wallets/schema";
import { formAction, runAction } from "../form-action";
import { may } from "../may";

const PAGE = "/dashboard/credits";
const authorize = may("credits:manage", PAGE);
const ownerOf = ({ account }: AccountMember) => ({
  accountId: account._id,
  // A team has no address: its id is as unique, and stays when the team is renamed.
  email: isTeam(account) ? account._id : account.email,
});

/** Returns the message that links a wallet when its owner signs it. */
export async function prepareLinkAction(input: LinkRequest): Promise<FormState<string>> {
  return runAction(
    {
      schema: LinkRequest,
      authorize,
      run: (member, request) => prepareLink({ owner: ownerOf(member), ...request }),
    },
    input,
  );
}

export async function linkWalletAction(input: SignedLink): Promise<FormState<{ linked: true }>> {
  return runAction(
    {
      schema: SignedLink,
      authorize,
      run: async (member, signedLink) => {
        await linkSigned({ owner: ownerOf(member), ...signedLink });
        revalidatePath(PAGE);
        return { linked: true };
      },
    },
    input,
  );
}

async function watchTransfer(
  { account }: AccountMember,
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
