// A proxy as Node's and undici's guides would have one write it: headers and streams handed on. The least proxy is in bare-proxy.mjs.
import { createServer } from "node:http";
import { pipeline } from "node:stream";
import { Pool } from "undici";

const [port, origin] = process.argv.slice(2);
const pool = new Pool(origin, { connections: 512 });

const server = createServer(async (req, res) => {
  const { host: _host, connection: _connection, ...headers } = req.headers;
  try {
    const answer = await pool.request({ path: req.url, method: req.method, headers, body: req });
    res.writeHead(answer.statusCode, answer.headers);
    pipeline(answer.body, res, () => {});
  } catch {
    res.destroy();
  }
});
server.listen(Number(port), "127.0.0.1", () => process.send?.({ ready: true }));
process.on("disconnect", () => process.exit(0));
