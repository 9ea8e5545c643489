import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { toFile } from "openai";
import { describe, expect, test } from "vitest";
import { createCustomer, ADAPTERS } from "../support/shared-deployment";

const sharedCustomer = createCustomer({ credits: "50" });
const weather = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const question = "What is the weather in Paris?";
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe.each(ADAPTERS)("through %s, in their default settings,", (_, origin) => {
  const openai = async () =>
    new OpenAI({ baseURL: `${origin}/v1`, apiKey: (await sharedCustomer).key });
  const anthropic = async () =>
    new Anthropic({ baseURL: origin, apiKey: (await sharedCustomer).key });

  test("the OpenAI client chats, streams, calls a tool and sees an image", async () => {
    const client = await openai();
    const plain = await client.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: "Hello" }],
    });
    expect(plain.choices[0]?.message.content).toBeTruthy();
    let text = "";
    for await (const chunk of await client.chat.completions.create({
      model: "gpt-4o-mini",
      stream: true,
      messages: [{ role: "user", content: "Hello" }],
    }))
      text += chunk.choices[0]?.delta.content ?? "";
    expect(text.length).toBeGreaterThan(0);
    const completion = await client.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: question }],
      tools: [{ type: "function", function: { name: "weather", parameters: weather } }],
    });
    const call = completion.choices[0]?.message.tool_calls?.[0];
    expect(call?.type).toBe("function");
    const image = await client.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${pixel}` } },
          ],
        },
      ],
    });
    expect(image.choices.length).toBe(1);
  });

  test("the OpenAI client uses xAI, Anthropic and Google models by name only", async () => {
    const client = await openai();
    for (const model of ["grok-4.3", "claude-sonnet-4-6", "gemini-3.5-flash-lite"]) {
      const response = await client.chat.completions.create({
        model,
        messages: [{ role: "user", content: "Hello" }],
      });
      expect(response.choices[0]?.message.content).toBeTruthy();
    }
  });

  test("the OpenAI client's responses: several turns by previous_response_id, streamed, read again and deleted", async () => {
    const client = await openai();
    const first = await client.responses.create({ model: "gpt-4o-mini", input: "Hello" });
    expect(first.output_text).toBeTruthy();
    const events: string[] = [];
    for await (const event of await client.responses.create({
      model: "gpt-4o-mini",
      input: "And now?",
      previous_response_id: first.id,
      stream: true,
    }))
      events.push(event.type);
    expect(events.at(-1)).toBe("response.completed");
    expect((await client.responses.retrieve(first.id)).id).toBeTruthy();
    await client.responses.delete(first.id);
    const otherClient = new OpenAI({
      baseURL: `${origin}/v1`,
      apiKey: (await createCustomer()).key,
    });
    await expect(otherClient.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
  });

  test("the OpenAI client embeds, draws, speaks, transcribes, moderates and lists", async () => {
    const client = await openai();
    expect(
      (await client.embeddings.create({ model: "text-embedding-3-small", input: "Hello" })).data
        .length,
    ).toBe(1);
    expect(
      (await client.images.generate({ model: "gpt-image-2.5-flare", prompt: "A key" })).data
        ?.length,
    ).toBeGreaterThan(0);
    const speech = await client.audio.speech.create({
      model: "gpt-4o-mini-tts",
      voice: "alloy",
      input: "Hello",
    });
    expect((await speech.arrayBuffer()).byteLength).toBeGreaterThan(0);
    const file = await toFile(Buffer.alloc(32_000), "speech.wav", { type: "audio/wav" });
    expect(
      (await client.audio.transcriptions.create({ model: "whisper-1", file })).text,
    ).toBeTruthy();
    let transcript = "";
    const stream = await client.audio.transcriptions.create({
      model: "gpt-4o-transcribe",
      file,
      stream: true,
    });
    for await (const event of stream)
      if (event.type === "transcript.text.delta") transcript += event.delta;
    expect(transcript).toContain("Hello");
    expect(
      (await client.moderations.create({ model: "omni-moderation-latest", input: "Hello" })).results
        .length,
    ).toBe(1);
    expect((await client.models.list()).data.length).toBeGreaterThanOrEqual(60);
    await expect(
      client.chat.completions.create({ model: "gpt-4o-minni", messages: [] }),
    ).rejects.toMatchObject({
      status: 404,
    });
  });

  test("the Anthropic client writes, streams, calls a tool over two turns, and counts", async () => {
    const client = await anthropic();
    const model = "claude-sonnet-4-6";
    const plain = await client.messages.create({
      model,
      max_tokens: 100,
      messages: [{ role: "user", content: "Hello" }],
    });
    expect(plain.content[0]?.type).toBe("text");
    const final = await client.messages
      .stream({ model, max_tokens: 100, messages: [{ role: "user", content: "Hello" }] })
      .finalMessage();
    expect(final.usage.output_tokens).toBeGreaterThan(0);
    const tools = [{ name: "weather", input_schema: weather as Anthropic.Tool.InputSchema }];
    const completion = await client.messages.create({
      model,
      max_tokens: 100,
      tools,
      messages: [{ role: "user", content: question }],
    });
    const use = completion.content.find((block) => block.type === "tool_use");
    expect(use?.name).toBe("weather");
    const turn = await client.messages.create({
      model,
      max_tokens: 100,
      tools,
      messages: [
        { role: "user", content: question },
        { role: "assistant", content: completion.content },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: use?.id ?? "", content: "20 °C" }],
        },
      ],
    });
    expect(turn.content.some((block) => block.type === "text")).toBe(true);
    const image = { type: "base64" as const, media_type: "image/png" as const, data: pixel };
    const reply = await client.messages.create({
      model,
      max_tokens: 100,
      messages: [{ role: "user", content: [{ type: "image", source: image }] }],
    });
    expect(reply.stop_reason).toBe("end_turn");
    expect(
      (await client.messages.countTokens({ model, messages: [{ role: "user", content: "Hello" }] }))
        .input_tokens,
    ).toBeGreaterThan(0);
    await expect(
      new Anthropic({ baseURL: origin, apiKey: "sk-onekey-wrong" }).messages.create({
        model,
        max_tokens: 5,
        messages: [],
      }),
    ).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  });
});
