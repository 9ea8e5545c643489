"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { Config, Connector } from "wagmi";
import { firstError, type FormState } from "@/components/ui/form-state";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { formatUsd } from "@/lib/format";
import { feeOn, parseCredits } from "@/lib/money";
import type { AcceptedToken, CryptoActions } from "./crypto-types";
import { firstBlock, moveToChain, sendTokens, walletProblem } from "./crypto-wagmi";

interface Props {
  config: Config;
  wallet: { address: `0x${string}`; connector: Connector };
  tokens: AcceptedToken;
  sandbox: boolean;
  actions: CryptoActions;
}

type SentPayment = Parameters<CryptoActions["submit"]>[0];

/** Chain, token and amount. The wallet sends the payment, and the server watches the transaction. */
export function CryptoPayForm({ config, wallet, tokens, sandbox, actions }: Props) {
  const { refresh } = useRouter();
  const [chainName, setChain] = useState(tokens.chains[0]?.name ?? "base");
  const [tokenName, setToken] = useState("USDC");
  const [text, setTyped] = useState("50.00");
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [pendingReport, setUnreported] = useState<SentPayment | null>(null);
  const chain = tokens.chains.find(({ name }) => name === chainName) ?? tokens.chains[0];
  const token = chain?.tokens.find(({ name }) => name === tokenName) ?? chain?.tokens[0];
  const amount = readAmount(text, tokens);
  const fee = typeof amount === "string" ? 0 : feeOn(amount, tokens.fee);
  const total = typeof amount === "string" ? null : amount + fee;
  if (chain === undefined || token === undefined) return null;

  const report = async (payment: SentPayment) => {
    setBusy("Reporting");
    const outcome = await actions
      .submit(payment)
      .catch((): FormState => ({ errors: { form: "The server did not respond." } }));
    const error = firstError(outcome);
    setUnreported(error === null ? null : payment);
    setProblem(
      error === null
        ? null
        : `${error} Payment sent. It will be detected automatically within a minute.`,
    );
    setBusy(null);
    refresh();
  };

  const pay = async () => {
    setProblem(null);
    if (total === null) return;
    setBusy("Confirm in your wallet");
    try {
      const { address: account, connector } = wallet;
      await moveToChain(config, { connector, chainId: chain.id });
      if (sandbox) {
        const local = await actions.genesis(chain.name);
        const wrongChain =
          local.result === (await firstBlock(connector))
            ? null
            : `This wallet is on the real ${chain.label}, where the sandbox must not take money. Use the sandbox wallet. Nothing was sent.`;
        const localProblem = firstError(local) ?? wrongChain;
        if (localProblem !== null) {
          setBusy(null);
          return setProblem(localProblem);
        }
      }
      const payment = {
        chainId: chain.id,
        token: token.address,
        to: tokens.treasury,
        amount: total,
      };
      const hash = await sendTokens(config, { connector, account, ...payment });
      await report({ chain: chain.name, hash, expected: { token: token.name, amount: total } });
    } catch (error) {
      setProblem(walletProblem(error));
      setBusy(null);
    }
  };

  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void pay();
      }}
    >
      <div className="flex flex-wrap gap-2">
        <Select
          label="Token"
          className="flex-1"
          value={token.name}
          options={chain.tokens.map(({ name }) => ({ value: name, label: name }))}
          onChange={setToken}
        />
        <Select
          label="Chain"
          className="flex-1"
          value={chain.name}
          options={tokens.chains.map(({ name, label }) => ({ value: name, label }))}
          onChange={(next) => setChain(next as typeof chainName)}
        />
      </div>
      <Field
        label="Amount"
        help={
          fee === 0 || total === null
            ? `From ${formatUsd(tokens.least)} to ${formatUsd(tokens.most)}`
            : `With the purchase fee of ${formatUsd(fee)}, ${formatUsd(total)} is sent.`
        }
        problem={typeof amount === "string" ? amount : null}
      >
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            autoComplete="off"
            value={text}
            after={token.name}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <Button
        type="submit"
        block
        busy={busy !== null}
        busyLabel={busy ?? undefined}
        disabled={total === null}
      >
        {total === null ? "Send" : `Send ${formatUsd(total).slice(1)} ${token.name}`}
      </Button>
      {problem === null ? null : (
        <Notice tone="danger" live>
          {problem}
        </Notice>
      )}
      {pendingReport === null ? null : (
        <Button
          busy={busy !== null}
          busyLabel="Reporting"
          onClick={() => void report(pendingReport)}
        >
          Report it again
        </Button>
      )}
    </form>
  );
}

/** The amount in nano-credits, or an error message. Tokens have six decimals. */
function readAmount(input: string, { least: min, most: max }: AcceptedToken): number | string {
  const text = input.trim().replace(/^\$/, "").replaceAll(",", "");
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text))
    return "Enter an amount such as 50.00, with at most six decimals.";
  const amount = parseCredits(text);
  return amount >= min && amount <= max
    ? amount
    : `Enter from ${formatUsd(min)} to ${formatUsd(max)}.`;
}
