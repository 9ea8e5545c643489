// The least that a proxy can do in Node: the body gathered, `pool.stream` straight into the answer, four headers.
import { createServer } from "node:http";
import { Pool } from "undici";

const [port, origin] = process.argv.slice(2);
const pool = new Pool(origin, { connections: 512 });

const server = createServer((req, res) => {
  const chunks = [];
  req.on("data", (chunk) => chunks.push(chunk));
  req.on("end", () => {
    const { authorization, "content-type": type } = req.headers;
    pool.stream(
      {
        path: req.url,
        method: req.method,
        headers: { authorization, "content-type": type },
        body: Buffer.concat(chunks),
      },
      ({ statusCode, headers }) => {
        const { "content-type": contentType, "content-length": length } = headers;
        return res.writeHead(statusCode, {
          "content-type": contentType,
          ...(length === undefined ? {} : { "content-length": length }),
        });
      },
      (error) => {
        if (error) res.destroy();
      },
    );
  });
});
server.listen(Number(port), "127.0.0.1", () => process.send?.({ ready: true }));
process.on("disconnect", () => process.exit(0));
