import { getAddress, isHex, verifyMessage, type Hex } from "viem";
import { createSiweMessage, parseSiweMessage, type SiweMessage } from "viem/siwe";
import { z } from "zod";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { linkWallet } from "@/lib/wallets/link";
import { consumeNonce, createNonce } from "@/lib/wallets/nonce";
import { WalletAddress, ChainName, type Wallet } from "@/lib/wallets/schema";
import { claimUnmatched } from "./attention";
import { chainSettings, clientOf, enabledChains, type ChainSettings } from "./settings";
import { CHAINS } from "./tokens";

/** Who signs what: the account is named in the message, so that a signature is of no use to another. */
type WalletOwner = { accountId: string; email: string };

export const LinkRequest = z.object({ address: WalletAddress, chain: ChainName });
export type LinkRequest = z.infer<typeof LinkRequest>;
export const SignedLink = z.object({
  message: z.string().max(2_000),
  signature: z.custom<Hex>(
    (value) => isHex(value) && value.length <= 20_000,
    "must be a signature in hexadecimal",
  ),
});
export type SignedLink = z.infer<typeof SignedLink>;

/** The message (EIP-4361, "Sign-In with Ethereum") whose signature links a wallet; good for ten minutes and once. */
export async function prepareLink({
  owner,
  address,
  chain,
}: LinkRequest & { owner: WalletOwner }): Promise<string> {
  requireChain(chain);
  const nonce = await createNonce(owner.accountId);
  return createSiweMessage({
    ...ours(owner.email),
    address: getAddress(address),
    chainId: CHAINS[chain].id,
    nonce: nonce._id,
    version: "1",
    issuedAt: new Date(),
    expirationTime: nonce.expires,
  });
}

/**
 * Links the wallet that signed the message to the account. The message must be for this site and this account, of a
 * chain that is served, within its time, with a nonce of this account's that was not used before; a contract wallet is
 * asked on its chain whether it stands by the signature (ERC-1271), and linked only for that chain.
 */
export async function linkSigned(
  { owner, message, signature }: SignedLink & { owner: WalletOwner },
  { now = Date.now() }: { now?: number } = {},
): Promise<Wallet> {
  const { fields, chain } = readMessage({ owner, message, now });
  if (!(await consumeNonce({ accountId: owner.accountId, nonce: fields.nonce, now })))
    throw refused("It was used before, or its time is over.");
  const address = WalletAddress.parse(fields.address);
  const settings = requireChain(chain);
  const byKey = await verifyMessage({ address: fields.address, message, signature }).catch(
    () => false,
  );
  if (
    !byKey &&
    !(await contractAgrees({ settings, chain, address: fields.address, message, signature }))
  )
    throw refused("The signature is not this wallet's.");
  const newLink = { accountId: owner.accountId, address, chain: byKey ? null : chain };
  const wallet = await linkWallet(newLink);
  await claimUnmatched(newLink);
  return wallet;
}

/** What every message of ours says. */
function ours(email: string) {
  const { host, origin } = new URL(env().nextauthUrl);
  return {
    domain: host,
    uri: origin,
    statement: `Link this wallet to the OneKey account ${email}. This costs nothing and moves nothing.`,
  };
}

type ParsedMessage = { owner: WalletOwner; message: string; now: number };

/** Everything about the message that can be checked without its signature. */
function readMessage({ owner, message, now }: ParsedMessage): {
  fields: SiweMessage;
  chain: ChainName;
} {
  const fields = parseSiweMessage(message) as SiweMessage;
  const { domain, uri, statement } = ours(owner.email);
  if (fields.domain !== domain || fields.uri !== uri) throw refused("It is for another site.");
  if (fields.statement !== statement) throw refused("It is for another account.");
  const { issuedAt, expirationTime, notBefore } = fields;
  if (
    !issuedAt ||
    !expirationTime ||
    !(expirationTime.getTime() > now) ||
    !(issuedAt.getTime() <= now + 60_000)
  )
    throw refused("Its time is over.");
  if (notBefore && !(notBefore.getTime() <= now)) throw refused("Its time has not come.");
  const chain = ChainName.options.find((name) => CHAINS[name].id === fields.chainId);
  if (chain === undefined) throw refused("It is for a chain that is not served.");
  requireChain(chain);
  // Built again from what was read: nothing else can stand in it.
  if (!isSame(fields, message)) throw refused("It is not of the form of EIP-4361.");
  return { fields, chain };
}

function isSame(fields: SiweMessage, message: string): boolean {
  try {
    return createSiweMessage(fields) === message;
  } catch {
    return false;
  }
}

function requireChain(chain: ChainName): ChainSettings {
  const settings = chainSettings();
  if (settings === null || !enabledChains(settings).includes(chain))
    throw new AppError(
      "unavailable",
      `Payments over ${CHAINS[chain].name} are off on this server.`,
    );
  return settings;
}

type NonceRequest = SignedLink & { settings: ChainSettings; chain: ChainName; address: Hex };

async function contractAgrees({
  settings,
  chain,
  address,
  message,
  signature,
}: NonceRequest): Promise<boolean> {
  const url = settings.rpcUrls[chain];
  if (url === null) return false;
  const client = clientOf({ chain, url });
  try {
    if ((await client.getChainId()) !== CHAINS[chain].id)
      throw new Error("The node is another chain's.");
    return await client.verifyMessage({ address, message, signature });
  } catch (error) {
    throw new AppError(
      "unavailable",
      `The ${CHAINS[chain].name} node does not answer, so a contract wallet cannot be checked now. Try again in a minute.`,
      { cause: error },
    );
  }
}

function refused(why: string): AppError {
  return new AppError(
    "bad_request",
    `The signed message was not accepted. ${why} Ask for a new one and sign it.`,
  );
}
