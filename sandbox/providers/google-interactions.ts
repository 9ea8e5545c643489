import {
  callIn,
  event,
  events,
  id,
  inputTokens,
  json,
  write,
  type MockRequest,
  type MockResponse,
} from "./mock-response";

/** An interaction in one piece or as the events of its steps; the last event states the usage. */
export function interactions(request: MockRequest): MockResponse {
  const { body, directive } = request;
  const config = (body.generation_config ?? {}) as Record<string, unknown>;
  const { pieces, thought, isCut } = write(request, {
    limit: config.max_output_tokens,
    reasoning: 20,
  });
  const input = inputTokens(body.input, body.system_instruction, body.tools);
  const call = callIn(request);
  const output = call ? 1 : pieces.length;
  const usage = directive.usage ?? {
    total_input_tokens: input,
    total_cached_tokens: 0,
    total_output_tokens: output,
    total_thought_tokens: thought,
    total_tool_use_tokens: 0,
    total_tokens: input + output + thought,
    input_tokens_by_modality: [{ modality: "text", tokens: input }],
  };
  const step = call
    ? { type: "function_call", id: id("call_"), name: call.name, arguments: call.args }
    : { type: "model_output", content: [{ type: "text", text: pieces.join("") }] };
  const head = { id: id("v1_"), object: "interaction", model: body.model };
  const status = call ? "requires_action" : isCut ? "incomplete" : "completed";
  const usageFields = directive.noUsage ? {} : { usage };
  if (body.stream !== true) return json({ ...head, status, steps: [step], ...usageFields });
  const stepEvent = (name: string, fields: Record<string, unknown>) =>
    event({ event_type: name, index: 0, ...fields }, name);
  return events([
    event(
      { event_type: "interaction.created", interaction: { ...head, status: "in_progress" } },
      "interaction.created",
    ),
    stepEvent("step.start", { step: call ? step : { type: "model_output" } }),
    ...(call
      ? []
      : pieces.map((text) => stepEvent("step.delta", { delta: { type: "text", text } }))),
    stepEvent("step.stop", {}),
    event(
      { event_type: "interaction.completed", interaction: { ...head, status, ...usageFields } },
      "interaction.completed",
    ),
    event("[DONE]"),
  ]);
}
