import type { Exchange } from "../exchange";
import { authenticate, type Caller } from "./authenticate";
import { createBodyBudget, type BodyBudget } from "./body-budget";
import { countWithoutHold, enterAccount } from "./requests-in-flight";

/** A request whose key is known to this instance and whose account is within its limits. */
export type Admission = { caller: Caller; budget: BodyBudget; end(): void };

/**
 * Admits a request before its body is read: its key, its account's requests in flight and, where no hold will count it, per
 * minute. Throws invalid_key, forbidden or rate_limited. `end` must be called once the request is over.
 */
export async function admit({
  exchange,
  placesHold,
}: {
  exchange: Exchange;
  placesHold: boolean;
}): Promise<Admission> {
  const caller = await authenticate(exchange);
  const { accountId } = caller;
  if (!placesHold) await underLimits(caller, (limits) => countWithoutHold({ accountId, limits }));
  const entry = underLimits(caller, (limits) => enterAccount({ accountId, limits }));
  const leave = entry instanceof Promise ? await entry : entry;
  const budget = createBodyBudget(accountId);
  const end = () => {
    budget.close();
    leave();
  };
  return { caller, budget, end };
}

/** Applies the account's limits as last read. Before rejecting a request it reads them again: a purchase raises them immediately. */
function underLimits<T>(caller: Caller, use: (limits: Caller["limits"]) => T): T | Promise<T> {
  try {
    return use(caller.limits);
  } catch {
    return caller.confirm().then(({ limits }) => use(limits));
  }
}
