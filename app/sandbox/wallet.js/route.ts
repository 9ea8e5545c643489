import { sandboxWalletScript } from "../sandbox-wallet";

export const GET = sandboxWalletScript;
