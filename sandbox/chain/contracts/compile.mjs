// Compiles tokens.sol into contracts.json: `node sandbox/chain/contracts/compile.mjs`. A test says when they differ.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import solc from "solc";

const localPath = (name) => fileURLToPath(new URL(name, import.meta.url));
const NAMES = ["UsdCoin", "BridgedTether", "Tether", "ContractWallet"];

/** By contract: `creation` deploys it, `runtime` is what stands at its address. */
export function compileContracts() {
  const input = {
    language: "Solidity",
    sources: { "tokens.sol": { content: readFileSync(localPath("tokens.sol"), "utf8") } },
    settings: {
      evmVersion: "paris",
      optimizer: { enabled: true, runs: 200 },
      metadata: { bytecodeHash: "none", appendCBOR: false },
      outputSelection: { "*": { "*": ["evm.bytecode.object", "evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const problems = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (problems.length > 0)
    throw new Error(problems.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return Object.fromEntries(
    NAMES.map((name) => {
      const { evm } = output.contracts["tokens.sol"][name];
      return [
        name,
        { creation: `0x${evm.bytecode.object}`, runtime: `0x${evm.deployedBytecode.object}` },
      ];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(localPath("contracts.json"), `${JSON.stringify(compileContracts(), null, 2)}\n`);
