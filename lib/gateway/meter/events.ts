/** Cuts a server-sent event stream into the data of its events, in whatever chunks it comes, without keeping them. */
export type EventSplitter = {
  feed(bytes: Buffer): void;
  /** Ends the event that the stream stopped in. */
  end(): void;
  /** True between two events: nothing is half-read. */
  between(): boolean;
};

type EventHandlers = { onData(bytes: Buffer): void; onEvent(): void };

const [LF, CR, SPACE] = [0x0a, 0x0d, 0x20];
const DATA = Buffer.from("data:");
const NEWLINE = Buffer.from("\n");

export function createEventSplitter({ onData, onEvent }: EventHandlers): EventSplitter {
  /** How much of "data:" the line has shown; -1 on a line of another kind; 5 a space may follow; 6 within the data. */
  let matchLength = 0;
  let lineEmpty = true;
  let open = false;
  let afterCr = false;

  const endLine = () => {
    if (lineEmpty && open) {
      open = false;
      onEvent();
    }
    matchLength = 0;
    lineEmpty = true;
  };

  const feedLine = (line: Buffer) => {
    let at = 0;
    if (line.length === 0) return;
    lineEmpty = false;
    while (matchLength >= 0 && matchLength < 5 && at < line.length) {
      if (line[at] !== DATA[matchLength]) matchLength = -1;
      else {
        matchLength++;
        at++;
        if (matchLength === 5) {
          if (open) onData(NEWLINE);
          open = true;
        }
      }
    }
    if (matchLength === 5 && at < line.length) {
      if (line[at] === SPACE) at++;
      matchLength = 6;
    }
    if (matchLength === 6 && at < line.length) onData(at === 0 ? line : line.subarray(at));
  };

  return {
    feed(bytes) {
      let at = 0;
      if (afterCr && bytes[0] === LF) at = 1;
      if (bytes.length > 0) afterCr = false;
      let cr = bytes.indexOf(CR, at);
      let lf = bytes.indexOf(LF, at);
      while (at < bytes.length) {
        if (cr !== -1 && cr < at) cr = bytes.indexOf(CR, at);
        if (lf !== -1 && lf < at) lf = bytes.indexOf(LF, at);
        const stop = cr === -1 ? lf : lf === -1 ? cr : Math.min(cr, lf);
        if (stop === -1) return feedLine(bytes.subarray(at));
        feedLine(bytes.subarray(at, stop));
        endLine();
        at = stop + 1;
        if (stop === cr) {
          if (at === bytes.length) afterCr = true;
          else if (bytes[at] === LF) at++;
        }
      }
    },
    end() {
      if (open) {
        open = false;
        onEvent();
      }
    },
    between: () => !open && lineEmpty && !afterCr,
  };
}
