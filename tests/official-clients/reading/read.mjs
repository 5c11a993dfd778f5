// Reads events from a server with the official client and prints the time taken in seconds.
//   node read.mjs URL EVENTS
import { Mistral } from '@mistralai/mistralai';

const [serverURL, wanted] = process.argv.slice(2);
const client = new Mistral({ serverURL, apiKey: 'none' });

async function read(events) {
  const start = process.hrtime.bigint();
  const stream = await client.workflows.events.getStreamEvents({});
  let count = 0;
  let last = 0;
  for await (const { data } of stream) {
    if (data.brokerSequence <= last) {
      throw new Error(`${data.brokerSequence} came after ${last}`);
    }
    last = data.brokerSequence;
    if (++count === events) {
      break;
    }
  }
  return Number(process.hrtime.bigint() - start) / 1e9;
}

await read(Math.ceil(Number(wanted) / 4)); // warms up
console.log(await read(Number(wanted)));
process.exit(0);
