import type { Answer, ReasoningBlock, ToolCall } from "./conversation";
import type { StreamEvent } from "./read-stream";

/** An answer with what one event of its stream says. */
export function addEvent(answer: Answer, event: StreamEvent): Answer {
  switch (event.type) {
    case "text":
      return { ...answer, text: answer.text + event.text };
    case "reasoning":
      return { ...answer, reasoning: answer.reasoning + event.text };
    case "thought":
      return {
        ...answer,
        reasoning: answer.reasoning + (event.text ?? ""),
        thoughts: addThought(answer.thoughts ?? [], event),
      };
    case "problem":
      return { ...answer, problem: { status: 0, message: event.message } };
    case "call":
      return { ...answer, calls: addCall(answer.calls, event) };
  }
}

function addCall(calls: ToolCall[], event: Extract<StreamEvent, { type: "call" }>): ToolCall[] {
  const call = calls.find(({ index }) => index === event.index);
  if (!call) {
    const { index, id = `call_${event.index}`, name = "", args = "", extra } = event;
    return [...calls, { index, id, name, args, extra }];
  }
  const { args = "", name, extra } = event;
  const next = {
    ...call,
    name: call.name || (name ?? ""),
    args: call.args + args,
    extra: extra ?? call.extra,
  };
  return calls.map((candidate) => (candidate === call ? next : candidate));
}

function addThought(
  thoughts: ReasoningBlock[],
  { index, text = "", signature = "", data }: Extract<StreamEvent, { type: "thought" }>,
): ReasoningBlock[] {
  const block = thoughts.find((candidate) => candidate.index === index);
  if (!block)
    return [...thoughts, { index, text, signature, ...(data === undefined ? {} : { data }) }];
  const next = {
    ...block,
    text: block.text + text,
    signature: block.signature + signature,
  };
  return thoughts.map((candidate) => (candidate === block ? next : candidate));
}
