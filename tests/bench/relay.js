// The simplest relay that node-smpp makes: PDUs are decoded, sent on with a new sequence_number, and answered back.
const smpp = require(process.argv[2]);
const carrier = Number(process.argv[3]);
const server = smpp.createServer((client) => {
  const upstream = smpp.connect({ url: `smpp://127.0.0.1:${carrier}` });
  const pass = (to) => (pdu) => {
    if (pdu.isResponse()) return;
    const { command, sequence_number, command_length, command_id, command_status, ...fields } = pdu;
    to.send(new smpp.PDU(command, fields), (answer) => {
      const { command_length: a, command_id: b, sequence_number: c, command: d, ...rest } = answer;
      (to === upstream ? client : upstream).send(pdu.response(rest));
    });
  };
  client.on("pdu", pass(upstream));
  upstream.on("pdu", pass(client));
  const end = () => { client.destroy(); upstream.destroy(); };
  for (const side of [client, upstream]) { side.on("close", end); side.on("error", () => {}); }
});
server.listen(0, "127.0.0.1", function () { console.log(this.address().port); });
