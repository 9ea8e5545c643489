import { env } from "@/lib/env";
import { errorName, log } from "@/lib/log";
import { listDue } from "@/lib/transfers/queries";
import { hasWallets } from "@/lib/wallets/queries";
import { checkTransfer } from "./check";
import { scanChain } from "./scan";
import { chainSettings, enabledChains } from "./settings";

const CHECKED_MAX = 20;

/** Checks the transfers in progress that are due, so that each ends without anyone's page open. */
export async function checkDueTransfers(now = Date.now()): Promise<void> {
  const due = await listDue({ now: new Date(now), limit: CHECKED_MAX });
  await Promise.all(due.map((transfer) => checkTransfer(transfer, { now })));
}

/** Searches each chain for transfers that no page reported; one whose node fails does not keep the other from it. */
export async function scanChains(): Promise<void> {
  const settings = chainSettings();
  if (settings === null) return;
  // A question starts the sandbox's chain, and before the first wallet there is nothing on it.
  if (env().mode === "sandbox" && !(await hasWallets())) return;
  for (const chain of enabledChains(settings)) {
    await scanChain(chain, settings).catch((error: unknown) =>
      log.error("chain.unreachable", { chain, error: errorName(error) }),
    );
  }
}
