import { answerQuestion } from "./answer-question";

export const dynamic = "force-dynamic";
export const POST = answerQuestion;
