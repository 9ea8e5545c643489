import type { ReactNode } from "react";
import { Code, Line, Str, Word } from "./code-block";

/** Lines of code with strings, keywords and the comment at the end of a line in color. */
export function ColoredCode({ text }: { text: string }) {
  return (
    <Code>
      {text.split("\n").map((line, index) => (
        <Line key={index}>{colorLine(line)}</Line>
      ))}
    </Code>
  );
}

function colorLine(line: string): ReactNode[] {
  const parts = line.split(/("[^"]*"|\b(?:export|unset|import|from|const|new|await)\b|# .*$)/);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    if (part.startsWith('"')) return <Str key={index}>{part}</Str>;
    if (part.startsWith("#")) {
      return (
        <span key={index} className="text-muted">
          {part}
        </span>
      );
    }
    return <Word key={index}>{part}</Word>;
  });
}
