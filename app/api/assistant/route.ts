import { answer } from "./answer";

export const dynamic = "force-dynamic";
export const POST = answer;
