// The least proxy with one small update in the database before each request goes on: what no gateway that holds credit can be
// faster than. The update goes past the driver, as OneKey's do, and is a message that was made before.
import { createServer } from "node:http";
import { connect } from "node:net";
import { BSON, MongoClient } from "mongodb";
import { Pool } from "undici";

const [port, origin, database] = process.argv.slice(2);
const pool = new Pool(origin, { connections: 512 });
const client = await new MongoClient(database).connect();
await client
  .db("bench")
  .collection("write")
  .updateOne({ _id: "a" }, { $set: { n: 0 } }, { upsert: true });
await client.close();

const command = {
  update: "write",
  updates: [{ q: { _id: "a" }, u: { $inc: { n: 1 } } }],
  $db: "bench",
};
const message = Buffer.concat([Buffer.alloc(21), BSON.serialize(command)]);
message.writeInt32LE(message.length, 0);
message.writeInt32LE(2013, 12);
const socket = connect(decodeURIComponent(new URL(database).host));
let [waiting, remainder] = [[], Buffer.alloc(0)];
socket.on("data", (piece) => {
  remainder = remainder.length > 0 ? Buffer.concat([remainder, piece]) : piece;
  // Answers come in the order of the commands.
  for (
    ;
    remainder.length >= 4 && remainder.length >= remainder.readInt32LE(0);
    remainder = remainder.subarray(remainder.readInt32LE(0))
  )
    waiting.shift()();
});
const update = (respond) => {
  waiting.push(respond);
  // A separate buffer: the socket may keep it until it can write.
  socket.write(Buffer.from(message));
};

const server = createServer((req, res) => {
  const chunks = [];
  req.on("data", (chunk) => chunks.push(chunk));
  req.on("end", () => {
    update(() => {
      const { authorization, "content-type": type } = req.headers;
      const headers = { authorization, "content-type": type };
      const answerHead = ({
        statusCode,
        headers: { "content-type": contentType, "content-length": length },
      }) =>
        res.writeHead(statusCode, {
          "content-type": contentType,
          ...(length === undefined ? {} : { "content-length": length }),
        });
      const request = { path: req.url, method: req.method, headers, body: Buffer.concat(chunks) };
      pool.stream(request, answerHead, (error) => {
        if (error) res.destroy();
      });
    });
  });
});
server.listen(Number(port), "127.0.0.1", () => process.send?.({ ready: true }));
process.on("disconnect", () => process.exit(0));
