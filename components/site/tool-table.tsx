import { Sub, Table, Td, Th } from "@/components/ui/table";

/** Where each tool takes its base URL. */
export function ToolTable({ address }: { address: string }) {
  const v1 = `${address}/v1`;
  const tools = [
    { tool: "OpenAI SDKs", set: "OPENAI_BASE_URL", to: v1 },
    { tool: "Anthropic SDKs, Claude Code", set: "ANTHROPIC_BASE_URL", to: address },
    { tool: "Gemini CLI, google-genai", set: "GOOGLE_GEMINI_BASE_URL", to: address },
    { tool: "Codex CLI", set: "model_providers.onekey.base_url", to: v1 },
    { tool: "Aider", set: "OPENAI_API_BASE", to: v1 },
    { tool: "Cursor, Cline, Zed", set: null, to: v1 },
  ];
  return (
    <Table size="page" edge="flush" caption="Tools and the setting that points them at OneKey">
      <thead>
        <tr>
          <Th>Tool</Th>
          <Th>Set</Th>
          <Th wide>To</Th>
        </tr>
      </thead>
      <tbody>
        {tools.map(({ tool, set, to }) => (
          <tr key={tool}>
            <Td className="max-md:w-[34%]">{tool}</Td>
            <Td>
              {set === null ? (
                "Base URL in settings"
              ) : (
                <code className="font-mono wrap-anywhere">{set}</code>
              )}
              <Sub className="font-mono wrap-anywhere md:hidden">{to}</Sub>
            </Td>
            <Td wide muted>
              <code className="font-mono wrap-anywhere">{to}</code>
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
