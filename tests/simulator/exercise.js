// node-smpp does every operation that it knows with the simulator; prints what each answer was as JSON.
const smpp = require(process.argv[2]);
const session = smpp.connect({ url: `smpp://127.0.0.1:${process.argv[3]}` });
const said = {};
const mine = { source_addr: "15551230001", destination_addr: "15559870001" };

function ask(command, fields) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${command} was not answered`)), 20000);
    session.send(new smpp.PDU(command, fields), (answer) => {
      clearTimeout(timer);
      said[command] = answer.command_status;
      resolve(answer);
    });
  });
}

async function play() {
  const deliveries = [];
  session.on("deliver_sm", (pdu) => {
    deliveries.push(pdu.receipted_message_id || "");
    session.send(pdu.response());
  });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  const bound = await ask("bind_transceiver", { system_id: "node", password: "secret" });
  said.version = bound.sc_interface_version;
  await ask("enquire_link", {});
  const sent = await ask("submit_sm", { ...mine, short_message: "hello", registered_delivery: 1 });
  const waiting = await ask("submit_sm", { ...mine, short_message: "later", schedule_delivery_time: "000000010000000R" });
  await ask("data_sm", { ...mine, message_payload: "data" });
  await ask("submit_multi", {
    source_addr: "15551230001", short_message: "all",
    dest_address: [{ dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: "15559870002" }, { dl_name: "friends" }],
  });
  const state = await ask("query_sm", { message_id: waiting.message_id, source_addr: "15551230001" });
  said.state = state.message_state;
  await ask("replace_sm", { message_id: waiting.message_id, source_addr: "15551230001", short_message: "other" });
  await ask("cancel_sm", { message_id: waiting.message_id, source_addr: "15551230001" });
  while (!deliveries.length) await new Promise((resolve) => setTimeout(resolve, 20));
  said.receipt = deliveries[0] === sent.message_id;
  await ask("unbind", {});
  session.close();
  console.log(JSON.stringify(said));
}

session.on("connect", () => play().catch((error) => { console.error(error); process.exit(1); }));
session.on("error", (error) => { console.error(error); process.exit(1); });
